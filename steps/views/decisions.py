"""What people decided beside the way of a letter, in the words of its history.

Codes, dates and names of staff only: what was said in free words stands apart from the event and may be erased.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from registry import staff
from registry.database import Session
from registry.outcomes import CAUSES
from registry.parties import ROLES
from steps import report
from steps.house import House

Data = Mapping[str, Any]


def told(session: Session, house: House, kind: str, data: Data) -> str:
    """Return the details of an event, empty when its title says everything."""
    say = _SAID.get(kind)
    return say(session, house, data) if say else ""


def _items(_session: Session, house: House, data: Data) -> str:
    queues = sorted({report.queue_title(house, one["queue"]) for one in data["after"] if one["queue"]})
    return f"вопросов {len(data['after'])}" + (f", отделы: {', '.join(queues)}" if queues else "")


def _party(_session: Session, _house: House, data: Data) -> str:
    return ROLES[data["role"]].lower() + (" — убран" if data.get("removed") else "")


def _related(_session: Session, _house: House, data: Data) -> str:
    return str(data["other_number"]) if data["other"] else "связь снята"


def _proposal(_session: Session, _house: House, data: Data) -> str:
    return "принято" if data["accepted"] else "письма оставлены раздельно"


def _outcome(_session: Session, _house: House, data: Data) -> str:
    after = data["after"]
    found = "обоснованная" if after["substantiated"] else "необоснованная"
    return f"{found}, {CAUSES[after['cause']].lower()}"


def _stamped(_session: Session, _house: House, data: Data) -> str:
    stamp, received = data["stamp"], data["received"]
    was = f" (было {_day(received['before'])})" if received["before"] != received["after"] else ""
    return f"{_day(stamp['after'])}, срок считается от {_day(received['after'])}{was}"


def _enclosures(_session: Session, _house: House, data: Data) -> str:
    lacking = f", нет в письме {data['lacking']}" if data["lacking"] else ""
    return f"{data['count']}{lacking}" + (f", вернуть {data['give_back']}" if data["give_back"] else "")


def _day(told: str) -> str:
    return f"{dt.date.fromisoformat(told):%d.%m.%Y}"


def _holder(session: Session, _house: House, data: Data) -> str:
    return f"держит {staff.by_id(session, data['holder']).short_name}" if data["holder"] else ""


def _kept(_session: Session, _house: House, data: Data) -> str:
    return "исполнено" if data["state"] == "done" else "снято без исполнения"


def _part(_session: Session, house: House, data: Data) -> str:
    return f"{report.queue_title(house, data['queue'])}, до {_date(data['due'])}"


def _returned(_session: Session, _house: House, data: Data) -> str:
    return f"вернулось {_date(data['day'])}"


def _given(session: Session, _house: House, data: Data) -> str:
    return staff.by_id(session, data["holder"]).short_name


def _text(_session: Session, _house: House, data: Data) -> str:
    return f"страница {data['page']}" + (", снова как прочитала система" if data["machine"] else "")


def _arranged(_session: Session, _house: House, data: Data) -> str:
    said = [f"порядок {', '.join(map(str, data['order']))}"] if data["order"] else []
    said += [f"страница {page} на {angle}°" for page, angle in data["turned"].items()]
    return "; ".join([*said, *_again(data)])


def _again(data: Data) -> list[str]:
    return ["проверка со сканом нужна заново"] if data.get("check_again") else []


def _sheets(_session: Session, _house: House, data: Data) -> str:
    said = [f"со страницы {data['page']}"] if "page" in data else [f"№ {data['twin_number']}"]
    return "; ".join([*said, *_again(data)])


_SAID: Final[dict[str, Callable[[Session, House, Data], str]]] = {
    "appeal.stamped": _stamped,
    "appeal.enclosures": _enclosures,
    "appeal.act_made": lambda _session, _house, data: f"№ {data['label']}",
    "appeal.given_back": lambda _session, _house, data: _day(data["on"]),
    "appeal.items": _items,
    "appeal.text": _text,
    "appeal.pages_arranged": _arranged,
    "appeal.pages_split": _sheets,
    "appeal.pages_joined": _sheets,
    "appeal.party": _party,
    "appeal.related": _related,
    "appeal.proposal_decided": _proposal,
    "complaint.settled": _outcome,
    "control.made": _holder,
    "control.handed_over": _holder,
    "control.settled": _kept,
    "part.asked": _part,
    "dispatch.returned": _returned,
    "case.given": _given,
}


def _date(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d.%m.%Y}"
