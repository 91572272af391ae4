"""Findings that a named person let stand, with a reason: a file beside the letters, for letters outside the register.

A finding is named by its key, which holds the digest of the words it rests on: when they change it speaks again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import TypeAdapter

from rules.wire import Accepted, CheckReport, SetAside

_FILE = TypeAdapter(list[Accepted])


def read_accepted(data: bytes) -> list[Accepted]:
    """Entries of a JSON file: a list of objects with key, reason, who and, if you like, date.

    Raises:
        ValueError: it is no such list.
    """
    return _FILE.validate_python(json.loads(data.decode("utf-8-sig")))


def let_stand(report: CheckReport, accepted: Iterable[Accepted]) -> CheckReport:
    """The report with the accepted findings moved aside; entries that fit no finding have no effect."""
    by_key = {one.key: one for one in accepted}
    kept = [one for one in report.findings if one.key not in by_key]
    aside = [SetAside(finding=one, accepted=by_key[one.key]) for one in report.findings if one.key in by_key]
    return report.model_copy(update={"findings": kept, "set_aside": aside})
