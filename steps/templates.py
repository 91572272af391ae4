"""Letter templates that a business user puts in: refused with the reasons, or taken with the one before kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outbox.template_build import DEFAULT_NAME, LARGE_NAME
from outbox.templatelint import lint
from registry import clock, disk, events, rights
from registry.actor import Actor
from registry.errors import InputError
from rules.wire import ReplyKind
from steps.house import House

KEPT: Final = "прежние"
"""Folder beside the templates with those that were replaced."""
TITLES: Final = {
    DEFAULT_NAME: "Все письма",
    LARGE_NAME: "Крупный шрифт (13.6)",
    "answer.docx": "Ответ по существу",
    "interim.docx": "Промежуточный ответ",
    "refusal.docx": "Отказ",
    "request.docx": "Запрос сведений",
    "acknowledgement.docx": "Уведомление о регистрации",
    "thanks.docx": "Ответ на благодарность",
    "forwarding.docx": "Уведомление о переадресации",
    "covering.docx": "Сопроводительное письмо",
}
"""Every name that a template may have; that of a kind goes before the one of all letters."""
assert set(TITLES) == {DEFAULT_NAME, LARGE_NAME, *(f"{kind.value}.docx" for kind in ReplyKind)}


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template: its file name, what it is for, whether it is there, a digest to tell editions apart."""

    name: str
    title: str
    present: bool
    digest: str


def listed(actor: Actor, house: House) -> list[TemplateView]:
    """Return every template there can be. Needs ``rules.view``."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "rules.view")
    found = []
    for name, title in TITLES.items():
        path = house.settings.templates / name
        data = path.read_bytes() if path.is_file() else b""
        found.append(TemplateView(name, title, bool(data), hashlib.sha256(data).hexdigest()[:12] if data else ""))
    return found


def file(actor: Actor, house: House, name: str) -> bytes:
    """Return a template, to be edited; of a kind that has none of its own, that of all letters.

    Raises InputError for a name that no template has.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "rules.view")
    path = house.settings.templates / _known(name)
    return (path if path.is_file() else house.settings.templates / DEFAULT_NAME).read_bytes()


def check(actor: Actor, house: House, name: str, template: bytes) -> list[str]:
    """Say in Russian what forbids a template; nothing: it may be put in. Needs ``rules.view``."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "rules.view")
    return lint(template, house.letter_rules, large=_known(name) == LARGE_NAME)


def install(actor: Actor, house: House, name: str, template: bytes) -> str | None:
    """Put a template in; letters made from now on use it. Needs ``template.manage``.

    Returns:
        Name of the kept copy of the one before, None when there was none.

    Raises:
        InputError: An unknown name, or what forbids the template, whole.
    """
    with house.db.session(write=False) as session:
        rights.require_everywhere(actor, session, "template.manage")
    target = house.settings.templates / _known(name)
    if problems := lint(template, house.letter_rules, large=name == LARGE_NAME):
        raise InputError(f"Шаблон не принят. {' '.join(problems)}")
    with house.db.session() as session:
        before = target.read_bytes() if target.is_file() else b""
        kept = _keep(target, before) if before else None
        digests = {"before": hashlib.sha256(before).hexdigest(), "after": hashlib.sha256(template).hexdigest()}
        events.append(actor, session, f"template:{name}", "template.installed", {"name": name, **digests})
        disk.replace(target, template)  # last: what fails before it leaves the old template in place
    return kept


def _known(name: str) -> str:
    if name not in TITLES:
        raise InputError(f"Шаблона с именем {name} не бывает. Выберите: {', '.join(TITLES)}.")
    return name


def _keep(path: Path, data: bytes) -> str:
    folder = path.parent / KEPT
    folder.mkdir(exist_ok=True)
    name = f"{path.stem} {clock.now():%Y-%m-%d %H%M%S}{path.suffix}"
    disk.replace(folder / name, data)
    return name
