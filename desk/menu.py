"""The menu: which sections a visitor has, the daily ones first, the others under «Ещё»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desk.auth import Visitor

SHOWN: Final = 6  # sections beside each other; a wider row does not fit a clerk's screen


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the desk: it is there for whoever has any of the rights; none named: for everybody."""

    path: str
    title: str
    rights: tuple[str, ...] = ()


SECTIONS: Final = (
    Section("/", "Обращения", ("appeal.view",)),
    Section("/registry", "Канцелярия", ("arrival.view",)),
    Section("/post", "Отправка", ("dispatch.confirm",)),
    Section("/duty", "Дежурство", ("appeal.view", "absence.manage")),
    Section("/controls", "Контроль", ("control.manage",)),
    Section("/proposals", "Похожие письма", ("appeal.merge",)),
    Section("/clients", "Клиенты", ("client.view", "client.manage")),
    Section("/auto", "Автоответы", ("auto.manage",)),
    Section("/managers", "Показатели", ("report.view",)),
    Section("/journals", "Журналы", ("journal.view",)),
    Section("/cases", "Дела", ("case.file", "retention.manage")),
    Section("/access", "Доступ", ("access.view",)),
    Section("/letters", "Письма", ("rules.view",)),
    Section("/rules", "Правила", ("rules.view",)),
    Section("/health", "Состояние", ("system.operate",)),
    Section("/help", "Справка"),
)


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands in the row, what under «Ещё», and which of them is open."""

    shown: list[Section]
    more: list[Section]
    current: Section | None


def menu(visitor: Visitor | None, here: str) -> Menu:
    """Return the menu of a visitor on a page; the section that is open always stands in the row."""
    if visitor is None:
        return Menu([], [], None)
    allowed = [one for one in SECTIONS if not one.rights or any(visitor.may(right) for right in one.rights)]
    current = next((one for one in allowed if _holds(one, here)), None)
    if len(allowed) <= SHOWN + 1:
        return Menu(allowed, [], current)
    shown = allowed[:SHOWN]
    if current is not None and current not in shown:
        shown = [*shown[:-1], current]
    return Menu(shown, [one for one in allowed if one not in shown], current)


def _holds(section: Section, here: str) -> bool:
    if section.path == "/":
        return here == "/" or here.startswith("/appeals")
    return here == section.path or here.startswith(f"{section.path}/")
