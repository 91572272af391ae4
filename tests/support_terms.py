"""A second, independent way of counting terms: sets of dates instead of loops, raw YAML instead of models."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

import rules
from rules.terms import DueFacts

FOLDER = Path(rules.__file__).parent
UFA = ZoneInfo("Asia/Yekaterinburg")
RAW = yaml.safe_load((FOLDER / "deadlines.yaml").read_text(encoding="utf-8"))
TOPICS = {t["code"]: t for t in yaml.safe_load((FOLDER / "ekto.yaml").read_text(encoding="utf-8"))["topics"]}
RULES: dict[str, Any] = {rule["id"]: rule for rule in RAW["rules"]}
COUNTED = sorted(name for name, rule in RULES.items() if rule["quantity"])
ALWAYS = {"STD_30C", "STD_VIP_B2C_10C", "STD_VIP_B2B_20C"}

# The oracle's calendar: an ascending list of working days and the years that are sure.
_SETS = yaml.safe_load((FOLDER / "calendars.yaml").read_text(encoding="utf-8"))["sets"]
_OFF = {day for s in _SETS for year in s["years"].values() for day in year["days_off"]}
_EXTRA = {day for s in _SETS for year in s["years"].values() for day in year.get("working_days", {})}
_SPAN = [dt.date(2023, 1, 1) + dt.timedelta(days=number) for number in range(365 + 366 + 365 * 5)]
WORKING = [day for day in _SPAN if day not in _OFF and (day.isoweekday() <= 5 or day in _EXTRA)]
SURE = {2025, 2026}


@cache
def last_day(start: dt.date, quantity: int, unit: str, *, hard: bool) -> dt.date:
    if unit == "working_days":
        return WORKING[bisect_right(WORKING, start) + quantity - 1]
    end = start + dt.timedelta(days=quantity)
    later = WORKING[bisect_left(WORKING, end)]
    earlier = before(end)
    if not hard:
        return earlier if earlier >= start else later
    return later if {end.year, later.year} <= SURE else end


def before(end: dt.date) -> dt.date:
    """The last working day not after ``end``."""
    return WORKING[bisect_right(WORKING, end) - 1]


def sending(facts: DueFacts, received: dt.date) -> dt.date:
    entered = [day for day in (facts.event_date, facts.postmark_date) if day]
    if entered:
        return min([day for day in entered if day <= received], default=received)
    if facts.letter_date is None or facts.letter_date > received:
        return received
    days = (received - facts.letter_date).days
    return facts.letter_date if facts.letter_date_sure or days <= RAW["starts"]["sent"]["trust_days"] else received


def start_of(rule: dict[str, Any], facts: DueFacts, received: dt.date) -> dt.date:
    name = rule["start"]
    if name == "registered":
        return facts.registered or received
    if name == "sent":
        return sending(facts, received)
    if name in {"debt_repaid", "evidence_received", "complete_docs"}:
        return facts.event_date or received
    assert name == "received"
    return received


def oracle(facts: DueFacts) -> tuple[dt.date, dt.date]:
    """Both dates: the hard one and the target."""
    received = facts.received.astimezone(UFA).date()
    asked = {(item.topic, item.sure) for item in facts.items if item.topic}
    sure = {*facts.topics, *(code for code, known in asked if known)}
    guessed = {*facts.doubtful_topics, *(code for code, known in asked if not known)}
    every = [TOPICS[code]["complexity"] for code in sure | guessed | set(facts.beside)]
    simple = not facts.has_alarms and all(one == "simple" for one in every)
    firm = {TOPICS[code]["deadline_rule"] for code in sure} | ALWAYS
    wanted = dict.fromkeys((TOPICS[code]["deadline_rule"] for code in guessed), True) | dict.fromkeys(firm, False)
    hard = [facts.stated_date] if facts.stated_date else []
    aims: list[dt.date] = []
    if facts.rule:
        wanted.pop(RULES[facts.rule].get("replaces"), None)
        wanted[facts.rule] = False
    for name, guess in wanted.items():
        rule, scope = RULES[name], RULES[name]["scope"]
        if rule["quantity"] is None:
            continue
        if name != facts.rule:
            if not rule["enabled"] or facts.segment not in scope["segments"]:
                continue
            if scope["vip"] not in ("any", facts.is_vip) or (scope.get("simple_only") and not simple):
                continue
        binding = rule["force"] == "hard" and not guess
        end = last_day(start_of(rule, facts, received), rule["quantity"], rule["unit"], hard=binding)
        (hard if binding else aims).append(end)
    if facts.channel:
        aim = RAW["channel_targets"][facts.channel]
        aims.append(last_day(received, aim["quantity"], aim["unit"], hard=False))
    end = min(hard)
    return end, min([*aims, before(end)])
