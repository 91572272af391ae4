"""Topic scripts: the prepared words of an answer, owned by business users as YAML in templates/letters/scripts.

A script is blocks of text with fields in square brackets, e.g. ``[сумма перерасчёта]``. A field that nobody filled
and a variant that nobody chose stay visible in brackets and stop the reply (standard 9.3.1, 12.5.8).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import pydantic
import yaml

from outbox.errors import PlaceholdersLeftError, ScriptError
from outbox.norms import Norm, uncited
from rules.wire import Fault, LetterContent, ReplyKind, Wire

KINDS_FILE = "kinds.yaml"
_Model = TypeVar("_Model", bound=Wire)
VARIANT = "вариант:"
_VARIANT = re.compile(r"\s*\[вариант:(?P<when>[^\[\]\n]*)\]")
_PLACEHOLDER = re.compile(r"\[([^\[\]\n]*[А-Яа-яЁё][^\[\]\n]*)\]")
_KEPT: Final = 0.6
"""Share of a block's words by which it is known again: letters of the topics keep 0.8 of one; of other topics' scripts
96 in 100 stay below."""
_TELLING: Final = 3  # words that a block must have beside its fields

APOLOGY: Final = "приносим извинения"
FAULTS: Final[dict[Fault, str]] = {
    "company": "ошибка Общества подтвердилась",
    "client": "ошибся Клиент",
    "none": "проверили, ошибки нет",
}
"""Conditions of the variants by which the clerk says whose mistake a complaint is about."""


class Block(Wire):
    """One piece of an answer.

    Attributes:
        id: Name of the block, unique in its script.
        point: Number of the point of the topic's outline (from 1) that the block covers.
        text: Words with ``[поля]``.
        when: Russian condition under which the block applies; absent means always.
    """

    id: str
    point: int = 0
    text: str
    when: str | None = None


class Script(Wire):
    """Words for one topic of the ЕКТО. ``owner`` is the queue that answers for them; absent, that of the file."""

    code: str
    owner: str = ""
    norms: list[Norm] = pydantic.Field(default=[], description="every norm that the words cite")
    subject: str = pydantic.Field(description="«Тема» of the letter, begins with «О» or «Об»")
    preamble: str | None = None
    blocks: list[Block] = pydantic.Field(default=[])
    closing: str | None = None
    no_reply: bool = False

    @property
    def about(self) -> str:
        """The subject as it stands inside a sentence."""
        return self.subject[:1].lower() + self.subject[1:]

    @property
    def choices(self) -> list[Block]:
        """Blocks among which the clerk chooses."""
        return [block for block in self.blocks if block.when]


class Frame(Wire):
    """Other words around the same body."""

    preamble: str
    closing: str


class KindTexts(Wire):
    """Preamble, body and closing that depend on the kind of reply and not on the topic.

    ``{appeal}`` and ``{about}`` in the preamble stand for the reference to the appeal and its subject. An empty body
    means that the topic's script gives it.

    Attributes:
        plain: For a client who needs simple words (13.6, 13.7).
        authority: For a body that asks by right.
        complaint: What the answer to a complaint says first, by whose mistake it was (12.3.15, 12.3.16, 14.3).
    """

    preamble: str
    preamble_without_number: str | None = None
    body: list[str] = pydantic.Field(default=[])
    closing: str
    plain: Frame | None = None
    authority: Frame | None = None
    complaint: dict[Fault, str] = pydantic.Field(default={})


class ScriptFile(Wire):
    """One YAML file: the scripts of a topic group and the queue that owns them."""

    group: str
    name: str
    owner: str = pydantic.Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    scripts: list[Script]


class ScriptBook:
    """All scripts, by topic code, and the texts of the kinds of reply."""

    def __init__(self, scripts: Iterable[Script], kinds: Mapping[ReplyKind, KindTexts]) -> None:
        self._scripts = {script.code: script for script in scripts}
        self.kinds = dict(kinds)

    def script(self, code: str) -> Script:
        """Script of a topic.

        Raises:
            ScriptError: The topic has none.
        """
        try:
            return self._scripts[code]
        except KeyError:
            raise ScriptError(f"Нет скрипта для темы {code}. Добавьте его в templates/letters/scripts.") from None

    @property
    def codes(self) -> list[str]:
        """Topic codes that have a script."""
        return sorted(self._scripts)


def load_scripts(folder: Path) -> ScriptBook:
    """Read and validate all scripts of a folder.

    Raises:
        ScriptError: A file is missing or wrong; its name and the place are given.
    """
    kinds_path = folder / KINDS_FILE
    kinds = {ReplyKind(kind): _validated(KindTexts, texts, kinds_path) for kind, texts in _read(kinds_path).items()}
    missing = [kind.value for kind in ReplyKind if kind not in kinds]
    if missing:
        raise ScriptError(f"В {KINDS_FILE} нет текстов для видов ответа: {', '.join(missing)}. Допишите их.")
    scripts: dict[str, Script] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == KINDS_FILE:
            continue
        file = _validated(ScriptFile, _read(path), path)
        for one in file.scripts:
            script = one.model_copy(update={"owner": one.owner or file.owner})
            if script.code in scripts:
                raise ScriptError(f"Скрипт темы {script.code} описан дважды, второй раз в {path.name}. Оставьте один.")
            _check(script, path)
            scripts[script.code] = script
    return ScriptBook(scripts.values(), kinds)


def placeholders(text: str) -> list[str]:
    """Names of the unfilled fields of a text, in order, each once."""
    return list(dict.fromkeys(name.strip() for name in _PLACEHOLDER.findall(text)))


def fill(text: str, fields: Mapping[str, str]) -> str:
    """Put known values into the fields of a text, in one pass: a value is never read as a field."""
    return _PLACEHOLDER.sub(lambda match: fields.get(match.group(1).strip()) or match.group(), text)


def unfilled(content: LetterContent) -> list[str]:
    """Names of the fields that a person still has to fill in a letter, each once."""
    texts = [*content.addressee, content.copy_to, content.topic, content.salutation, content.preamble]
    texts += [*content.body, content.closing, *content.enclosures]
    return placeholders("\n".join(text for text in texts if text))


def variants(content: LetterContent) -> list[str]:
    """Conditions of the variants that nobody decided about yet, in the order of the text."""
    found = (_VARIANT.match(paragraph) for paragraph in content.body)
    return list(dict.fromkeys(match["when"].strip() for match in found if match))


def fields(content: LetterContent) -> list[str]:
    """Names of the fields to fill, without the marks of variants."""
    return [name for name in unfilled(content) if not name.startswith(VARIANT)]


def settle(content: LetterContent, kept: Collection[str], values: Mapping[str, str]) -> LetterContent:
    """Decide about the variants of a draft and fill its fields; what was edited since stays as it is.

    Args:
        content: The draft as it stands.
        kept: Conditions of the variants that apply; the paragraphs of the others go.
        values: Field name → words; an empty value leaves the field open.
    """
    body = []
    for paragraph in content.body:
        match = _VARIANT.match(paragraph)
        if match is None:
            body.append(fill(paragraph, values))
        elif match["when"].strip() in kept:
            body.append(fill(paragraph[match.end() :].strip(), values))
    fault = next((whose for whose, when in FAULTS.items() if when in kept), content.fault)
    if APOLOGY in " ".join(body).casefold():
        fault = "company"
    filled = {name: fill(getattr(content, name), values) for name in ("topic", "salutation", "preamble", "closing")}
    return content.model_copy(update={**filled, "body": body, "fault": fault})


def follows(script: Script, body: Sequence[str]) -> bool:
    """Whether a letter still keeps the words of some block of a script, whatever was filled in and edited since."""
    kept = _words(" ".join(body))
    blocks = (_words(_PLACEHOLDER.sub(" ", block.text)) for block in script.blocks)
    return any(len(own & kept) >= _KEPT * len(own) for own in blocks if len(own) >= _TELLING)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[а-яё]{4,}", text.casefold()))


def require_filled(content: LetterContent) -> None:
    """Refuse a letter with unfilled fields.

    Raises:
        PlaceholdersLeftError: Names of the fields are given; they are the script's words, not the client's.
    """
    names = unfilled(content)
    if names:
        raise PlaceholdersLeftError(f"Заполните поля письма: {'; '.join(names)}.")


def _check(script: Script, path: Path) -> None:
    where = f"{path.name}, тема {script.code}"
    if not script.subject.startswith(("О ", "Об ", "Обо ")):
        raise ScriptError(f"{where}: тема письма должна начинаться с «О» или «Об».")
    if not script.blocks and not script.no_reply:
        raise ScriptError(f"{where}: в скрипте нет текста ответа. Добавьте блоки.")
    if len({block.id for block in script.blocks}) < len(script.blocks):
        raise ScriptError(f"{where}: имена блоков повторяются. Назовите блоки по-разному.")
    words = " ".join([script.preamble or "", *(block.text for block in script.blocks), script.closing or ""])
    missing = uncited(words, script.norms)
    if missing:
        raise ScriptError(f"{where}: в norms нет нормы, на которую ссылается текст: {', '.join(missing)}. Допишите её.")


def _read(path: Path) -> dict[str, object]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScriptError(f"Не удаётся прочитать {path.name} со скриптами ответов. Восстановите файл.") from error
    except yaml.YAMLError as error:
        raise ScriptError(f"{path.name}: ошибка записи YAML. Проверьте отступы и кавычки.") from error
    if not isinstance(data, dict):
        raise ScriptError(f"{path.name}: файл скриптов пуст или записан не так. Восстановите его.")
    return data


def _validated(model: type[_Model], data: object, path: Path) -> _Model:
    try:
        return model.model_validate(data)
    except pydantic.ValidationError as error:
        places = ", ".join(".".join(str(part) for part in item["loc"]) for item in error.errors()[:3])
        raise ScriptError(f"{path.name}: неверные или лишние поля ({places}). Исправьте файл.") from error
