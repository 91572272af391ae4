"""The digest of an event is that of its canonical JSON, whatever stands in it; and that JSON can be read back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from registry import events
from registry.types import canonical_json

MOMENTS = st.datetimes(timezones=st.just(dt.UTC))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["\x00", "\\u0000", "\\\x00", "\\\\u0000", 'a"\x00"b', "\\\\\x00\\u0000"]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [without_nul(one) for one in value]
    return {name: without_nul(one) for name, one in value.items()} if isinstance(value, dict) else value


@given(MOMENTS, st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3), st.integers(1, 10**6))
def test_the_digest_is_that_of_the_canonical_json(at: dt.datetime, data: dict[str, Any], seq: int) -> None:
    body = {
        "stream": "appeal:17",
        "seq": seq,
        "at": at.isoformat(timespec="microseconds"),
        "actor": "person:7",
        "kind": "appeal.routed",
        "data": data,
        "prev": events.GENESIS,
    }
    plain = hashlib.sha256(canonical_json(body).encode()).hexdigest()
    made = events.digest("appeal:17", seq, at, "person:7", "appeal.routed", canonical_json(data), events.GENESIS)
    assert made == plain


@given(VALUES)
def test_canonical_json_comes_back_without_nul_and_with_every_backslash(value: Any) -> None:
    assert json.loads(canonical_json(value)) == without_nul(value)


@given(st.text("0123456789abcdef", min_size=32, max_size=32), VALUES, VALUES)
def test_a_value_read_back_has_the_digest_it_was_written_with(salt: str, before: Any, after: Any) -> None:
    kept = json.loads(canonical_json({"before": before, "after": after}))
    assert events.value_digest(salt, kept["before"], kept["after"]) == events.value_digest(salt, before, after)
