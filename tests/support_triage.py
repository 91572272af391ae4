"""Mails of every kind for triage, with what each is: heads and bodies of tests/data/triage_*.yaml, crossed."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from intake.mime import Message, understand

DATA = Path(__file__).parent / "data"
OURS = ("otvet.1a.0123456789abcdef01234567@eirc-rb.example", "otvet.2b.89abcdef0123456701234567@eirc-rb.example")
NAMES = ("Иванова Мария Петровна", "Сафин Ильдар", "ООО «Уют»", "Хасанова Г. Р.", "Пётр")
SUBJECTS = ("Перерасчёт за отопление", "Ответ на обращение (вх. № 77)", "Квитанция за октябрь", "Жалоба")
DAYS = ("12.12.2026", "1 декабря", "15.01", "понедельника")
COPIES = 2  # fillings of each head with each body


@dataclass(frozen=True, slots=True)
class Case:
    """A mail and what it is: the verdict of triage, ``loop`` (our own letter) or ``form``; ``mail`` is its sender."""

    name: str
    what: str
    raw: bytes
    mail: str
    form: str | None = None


def cases(half: str) -> list[Case]:
    """Return the mails of one half, ``seen`` or ``held``."""
    chance = random.Random(half)
    made = []
    groups = yaml.safe_load((DATA / f"triage_{half}.yaml").read_text(encoding="utf-8"))
    for group, entry in enumerate(groups):
        for place, (head, body) in enumerate((one, two) for one in entry["heads"] for two in entry["bodies"]):
            for copy in range(COPIES):
                filled = _filled(chance)
                raw = _mail(head.format(**filled), body.format(**filled))
                name = f"{half}-{group}-{place}-{copy}"
                made.append(Case(name, entry["what"], raw, filled["mail"], entry.get("form")))
    return made


def _filled(chance: random.Random) -> dict[str, str]:
    number = chance.randint(10, 99)
    return {
        "name": chance.choice(NAMES),
        "mail": f"client{number}@mail.example",
        "day": chance.choice(DAYS),
        "subject": chance.choice(SUBJECTS),
        "ours": chance.choice(OURS),
        "other": f"{number}.other@mail.example",
        "lost": f"lost{number}@gone.example",
        "number": str(number),
    }


def _mail(head: str, body: str) -> bytes:
    fields = [head, "To: info@eirc-rb.example"] if "\nTo:" not in head else [head]
    if "Content-Type" not in head:
        fields.append("Content-Type: text/plain; charset=utf-8")
    return ("\n".join(fields) + "\n\n" + body).encode()


def understood(case: Case) -> Message:
    """Understand a mail as the installation of the corpus does."""
    return understand(case.raw, is_ours=OURS.__contains__, own_domains=("eirc-rb.example",))


def verdict(message: Message) -> str:
    """What triage made of a mail, in the words of the corpus."""
    view = message.view
    if any("петля" in reason for reason in view.reasons):
        return "loop"
    return "form" if message.form is not None else view.triage.value


def confusion(half: str) -> Counter[tuple[str, str]]:
    """Count what mails are against what triage says of them."""
    return Counter((case.what, verdict(understood(case))) for case in cases(half))


def whole(name: str) -> list[Case]:
    """Return whole mails as they are written, each with what it is: their heads and bodies are not crossed."""
    entries = yaml.safe_load((DATA / f"triage_{name}.yaml").read_text(encoding="utf-8"))
    return [
        Case(f"{name}-{place}", entry["what"], entry["mail"].replace("{ours}", OURS[0]).encode(), entry.get("bad", ""))
        for place, entry in enumerate(entries)
    ]
