"""Whether a letter template that a business user made may be used: no code, known fields only, every zone there.

A template is a program for docxtpl, so it is read as one before it is ever run: its syntax tree may hold fields,
conditions and loops over known lists, and nothing else. Then a letter of the worst data is made from it and checked.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import jinja2
from docxtpl import DocxTemplate
from jinja2 import nodes
from lxml import etree

from outbox.check import LetterRules, UnreadableLetterError, check
from outbox.check.reader import read_letter
from outbox.check.reader.package import W
from outbox.compose import compose
from outbox.errors import OutboxError
from outbox.template_build import DEFAULT_NAME, LARGE_NAME
from rules.wire import (
    ClientFacts,
    ExecutorFacts,
    IncomingFacts,
    LetterContent,
    LetterContext,
    LetterFacts,
    SignatoryFacts,
)

FIELDS: Final = {
    "company_name": "наименование организации",
    "own_reference": "дата и исходящий номер",
    "incoming_reference": "«На № … от …»",
    "topic": "тема",
    "salutation": "обращение",
    "preamble": "преамбула",
    "closing": "заключение",
    "signature_position": "должность подписанта",
    "signature_name": "имя подписанта",
    "copy_to": "копия",
    "qr": "QR-код",
    "company_lines": "реквизиты организации",
    "addressee": "кому",
    "body": "основной текст",
    "enclosure_note": "перечень приложений",
    "enclosures": "приложения",
    "executor": "отметка об исполнителе",
}
"""Fields that every template must hold, with what a person calls them."""
OPTIONAL: Final = frozenset({"logo"})
LISTS: Final = frozenset({"company_lines", "addressee", "body", "enclosure_note", "enclosures"})
PARTS: Final = {
    "executor": frozenset({"name", "phone"}),
    "enclosure": frozenset({"label", "title", "lines"}),
    "loop": frozenset({"first", "last", "index"}),
}
MARKS: Final = "ST-2"  # finds unfilled places; the trial's hostile words look like them on purpose
STYLES: Final = (
    *("Письмо Кому", "Письмо Тема", "Письмо Обращение", "Письмо Преамбула", "Письмо Текст", "Письмо Заключение"),
    *("Письмо Подпись", "Письмо Исполнитель", "Письмо Приложение"),
)
DEPTH: Final = 2
MAX_BYTES: Final = 20 * 2**20
CODE: Final = (
    "В шаблоне есть код (вызов, фильтр или вычисление): разрешены только поля, условия {% if %} и циклы {% for %}."
)
_WORDS: Final = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_OWN_LINE: Final = re.compile(r"\{%-?\s*p\s[^%]*%\}")
_FIELD_CODES: Final = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_FORBIDDEN: Final = ("vbaProject", "activeX", "embeddings/", "afchunk", "oleObject")
_SHAPES: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Not,
    nodes.And,
    nodes.Or,
)


def lint(template: bytes, rules: LetterRules, *, large: bool = False) -> list[str]:
    """Say in Russian what forbids a template; nothing: it may be used.

    Args:
        template: The .docx file; it is rendered only when nothing in it could be harmful.
        rules: Of the letter check, which a letter made from it must pass.
        large: It is the one for large print.
    """
    try:
        document = read_letter(template)
    except UnreadableLetterError as error:
        return [str(error)]
    problems = [] if not document.tracked_changes else ["В шаблоне остались исправления: примите или отклоните их."]
    problems += ["В шаблоне остались примечания: удалите их."] if document.comments else []
    problems += _package(template)
    if problems:
        return problems
    problems = _language(template) + _styles(template)
    return problems or _trial(template, rules, large=large)


def _package(template: bytes) -> list[str]:
    """What does not belong into a letter: code, foreign objects, links that would be followed, commands in fields."""
    found = []
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        if sum(one.file_size for one in package.infolist()) > MAX_BYTES:
            return [f"Шаблон в распакованном виде больше {MAX_BYTES // 2**20} МБ. Уменьшите рисунки."]
        for name in package.namelist():
            if any(part.lower() in name.lower() for part in _FORBIDDEN):
                found.append(f"В шаблоне есть макрос или вложенный объект ({name}): удалите его.")
            elif name.endswith(".rels"):
                found += _links(package.read(name))
            elif _WORDS.fullmatch(name):
                found += [*_commands(package.read(name)), *_swallowed(package.read(name))]
    return list(dict.fromkeys(found))


def _links(relations: bytes) -> Iterator[str]:
    for one in etree.fromstring(relations, _parser()):
        if one.get("TargetMode") == "External":
            yield f"В шаблоне есть внешняя ссылка «{one.get('Target')}»: уберите её или вставьте рисунок в документ."


def _swallowed(part: bytes) -> Iterator[str]:
    """Words that would vanish: a paragraph with a mark of its own line goes whole."""
    for paragraph in etree.fromstring(part, _parser()).iter(f"{W}p"):
        text = "".join(one.text or "" for one in paragraph.iter(f"{W}t"))
        beside = _OWN_LINE.sub("", text).strip()
        if beside and beside != text.strip():
            yield f"Рядом с меткой {{%p … %}} стоят слова «{beside[:40]}»: они пропадут. Перенесите их в свой абзац."


def _commands(part: bytes) -> Iterator[str]:
    root = etree.fromstring(part, _parser())
    codes = [one.get(f"{W}instr") or "" for one in root.iter(f"{W}fldSimple")]
    codes += [one.text or "" for one in root.iter(f"{W}instrText")]
    for code in codes:
        if code.strip() and not _FIELD_CODES.match(code):
            yield f"В шаблоне есть поле Word «{code.split()[0]}»: разрешён только номер страницы."


def _language(template: bytes) -> list[str]:
    """Problems of the template's own language: whatever is no field, condition or loop; unknown and missing fields."""
    named: set[str] = set()
    found: list[str] = []
    try:
        sources = list(_sources(template))
    except (jinja2.TemplateError, etree.XMLSyntaxError, KeyError, ValueError):
        return ["Шаблон не читается: проверьте, что метки {{ … }} и {% … %} не разорваны и не вложены друг в друга."]
    for source in sources:
        try:
            tree = jinja2.Environment(autoescape=True).parse(source)
        except jinja2.TemplateSyntaxError as error:
            found.append(f"Ошибка в метке шаблона: {_meant(error)}. Проверьте парность {{% for %}} и {{% endfor %}}.")
            continue
        found += _walk(tree, {}, 0, named)
    missing = [title for name, title in FIELDS.items() if name not in named]
    if missing and not found:
        found.append(f"В шаблоне нет полей: {', '.join(missing)}. Вставьте их: без них письмо потеряет эти части.")
    return list(dict.fromkeys(found))


def _sources(template: bytes) -> Iterator[str]:
    """The parts with words, as docxtpl would give them to jinja2."""
    made = DocxTemplate(io.BytesIO(template))
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        for name in package.namelist():
            if _WORDS.fullmatch(name):
                yield made.patch_xml(package.read(name).decode("utf-8"))


def _meant(error: jinja2.TemplateSyntaxError) -> str:
    """The place of an error of syntax; jinja's own words are English and may quote the template."""
    near = re.search(r"'([^']{1,40})'", error.message or "")
    return f"лишнее или непарное «{near.group(1)}»" if near else "метка записана не по форме"


def _walk(node: nodes.Node, known: dict[str, str], depth: int, named: set[str]) -> Iterator[str]:
    """Yield problems of a syntax tree; ``known``: names of the loops around it → list that they go through."""
    if isinstance(node, nodes.For):
        yield from _loop(node, known, depth, named)
    elif isinstance(node, nodes.Getattr):
        yield from _attribute(node, known, named)
    elif isinstance(node, nodes.Name):
        named.add(node.name)
        if node.name not in FIELDS and node.name not in OPTIONAL and node.name not in known:
            yield f"Неизвестное поле «{node.name}»: исправьте имя или уберите метку."
    elif isinstance(node, nodes.If):
        yield from _walk(node.test, known, depth, set())  # to ask whether a field is filled is not to print it
        for child in (*node.body, *node.elif_, *node.else_):
            yield from _walk(child, known, depth, named)
    elif isinstance(node, _SHAPES):
        for child in node.iter_child_nodes():
            yield from _walk(child, known, depth, named)
    else:
        yield CODE


def _loop(node: nodes.For, known: dict[str, str], depth: int, named: set[str]) -> Iterator[str]:
    source = node.iter.name if isinstance(node.iter, nodes.Name) else ""
    inner = isinstance(node.iter, nodes.Getattr) and node.iter.attr == "lines"
    if depth >= DEPTH:
        yield "Циклы вложены слишком глубоко: больше двух друг в друге не нужно."
    elif not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive or node.else_:
        yield "Цикл записан не по форме: пишите {% for строка in список %} … {% endfor %}."
    elif source not in LISTS and not inner:
        yield f"Цикл идёт не по списку: разрешены {', '.join(sorted(LISTS))} и enclosure.lines."
    else:
        yield from _walk(node.iter, known, depth, named)
        inside = {**known, node.target.name: source or "lines", "loop": "loop"}
        for child in node.body:
            yield from _walk(child, inside, depth + 1, named)


def _attribute(node: nodes.Getattr, known: dict[str, str], named: set[str]) -> Iterator[str]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    kind = {"enclosures": "enclosure", "loop": "loop"}.get(known.get(owner, ""), owner)
    named.add(owner)
    if not owner:
        yield CODE
    elif owner not in known and owner != "executor":
        yield f"Неизвестное поле «{owner}.{node.attr}»: исправьте имя или уберите метку."
    elif node.attr not in PARTS.get(kind, frozenset()):
        yield f"У поля «{owner}» нет части «{node.attr}»: исправьте имя или уберите метку."


def _styles(template: bytes) -> list[str]:
    """Zones are found again by their styles after an edit in a word processor, so every one must be in use."""
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        styles = etree.fromstring(package.read("word/styles.xml"), _parser())
        words = etree.fromstring(package.read("word/document.xml"), _parser())
    names = {one.get(f"{W}styleId"): one.find(f"{W}name") for one in styles.iter(f"{W}style")}
    used = {one.get(f"{W}val") for one in words.iter(f"{W}pStyle")}
    titles = {names[key].get(f"{W}val") for key in used if names.get(key) is not None}
    missing = [title for title in STYLES if title not in titles]
    if not missing:
        return []
    return [f"Не использованы стили: {', '.join(missing)}. По ним части письма находятся после правки в Word."]


def _trial(template: bytes, rules: LetterRules, *, large: bool) -> list[str]:
    """Make a letter of long and hostile data from the template, and check its look."""
    content, context = _worst(large=large)
    with tempfile.TemporaryDirectory(prefix="otvet-template-") as name:
        Path(name, LARGE_NAME if large else DEFAULT_NAME).write_bytes(template)
        try:
            letter = compose(content, context.company, Path(name))
        except OutboxError as error:
            return [f"Пробное письмо не составлено. {error}"]
    report = check(letter, pdf=None, context=context, rulebook=rules)
    blocking = [one for one in report.blocking if one.rule != MARKS]
    return [f"Пробное письмо не проходит проверку: {one.message} {one.suggestion}".strip() for one in blocking]


def _worst(*, large: bool) -> tuple[LetterContent, LetterContext]:
    """Long names, many lines, signs that are markup elsewhere: nothing of it may be lost or run."""
    signatory = SignatoryFacts(
        last_name="Абдрахманова-Габдулхакова",
        first_name="Зульфия",
        patronymic="Мухаметгалимовна",
        position="Заместитель генерального директора по работе с населением и сбытовой деятельности",
    )
    executor = ExecutorFacts(
        last_name="Константинопольская", first_name="Александра", patronymic="Вениаминовна", phone="+73472001012"
    )
    number, day, received = "ИСХ-2026-000321", dt.date(2026, 11, 16), dt.date(2026, 11, 5)
    content = LetterContent(
        addressee=["Директору", "ООО «Рога & <копыта>»", "Ершову Никите Ильичу", "450000, г. Уфа, ул. Ленина, д. 1"],
        copy_to="ГУП «Контроль»",
        topic="О перерасчёте платы за отопление",
        salutation="Уважаемый Никита Ильич!",
        preamble=f"Рассмотрели Ваше обращение (вх. № ВХ-2026-000123 от {received:%d.%m.%Y}) о перерасчёте платы "
        "за отопление и сообщаем о результате.",
        body=["Перерасчёт выполнен на сумму 1 245,30 руб. {{ 7*7 }} {% raw %} </w:t> ]]>", "Сумма будет в счёте."],
        closing="Благодарим Вас за обращение. Если возникнут вопросы, будем рады Вам помочь.",
        enclosures=["Расчёт платы\nОбъём 812 Гкал.", "Акт"],
        number=number,
        date=day,
        incoming_number="ВХ-2026-000123",
        incoming_date=received,
        signatory=signatory,
        executor=executor,
        qr=f"OTVET:OUT;{number}",
        large_print=large,
    )
    context = LetterContext(
        stage="draft",
        letter=LetterFacts(date=day, number=number, topic=content.topic),
        client=ClientFacts(last_name="Ершов", first_name="Никита", patronymic="Ильич", gender="male"),
        incoming=IncomingFacts(number="ВХ-2026-000123", date=received, received=received),
        signatory=signatory,
        executor=executor,
        recipient_confirmed=True,
        enclosures=content.enclosures,
        company={"short_name": "ООО «ЕИРЦ РБ»", "postal_address": "450000, г. Уфа", "phone": "+7 (347) 200-00-00"},
    )
    return content, context


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True)
