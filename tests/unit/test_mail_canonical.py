"""The canonical hash: stable against the way a letter took, sensitive to everything else."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import canonical
from intake.canonical import canonical_hash

HEADER = b"From: a@example.org\r\nSubject: long\r\n subject\r\nMessage-ID: <1@example.org>\r\n"
lines = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60)


@given(st.lists(lines, max_size=8), st.lists(lines, max_size=3))
def test_trace_fields_and_line_ends_do_not_count(body: list[str], hops: list[str]) -> None:
    raw = HEADER + b"\r\n" + "\r\n".join(body).encode()
    trace = b"Return-Path: <x@example.org>\r\nDelivered-To: office\r\nX-Spam-Status: No\r\n"
    received = b"".join(b"Received: from a by b\r\n\tfor " + hop.encode() + b"\r\n" for hop in hops)
    assert canonical_hash(trace + received + raw) == canonical_hash(raw)
    assert canonical_hash(raw.replace(b"\r\n", b"\n")) == canonical_hash(raw)
    assert canonical_hash(raw + b"\r\n\r\n") == canonical_hash(raw)


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_change_of_the_body_counts(one: str, other: str) -> None:
    def plain(text: str) -> bytes:
        return text.encode("utf-8", "surrogatepass").replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip()

    same = plain(one) == plain(other)
    first = canonical_hash(HEADER + b"\r\n" + one.encode("utf-8", "surrogatepass"))
    second = canonical_hash(HEADER + b"\r\n" + other.encode("utf-8", "surrogatepass"))
    assert (first == second) == same


def test_message_id_and_subject_count() -> None:
    raw = HEADER + b"\r\ntext"
    assert canonical_hash(raw) != canonical_hash(raw.replace(b"<1@", b"<2@"))
    assert canonical_hash(raw) != canonical_hash(raw.replace(b"long", b"short"))


def whole(raw: bytes) -> str:
    """The definition, with copies of the message at every step."""
    text = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    header, _, body = text.partition(b"\n\n")
    digest = hashlib.sha256()
    for line in re.sub(rb"\n+(?=[ \t])", b"", header).split(b"\n"):
        if line.partition(b":")[0].strip().lower() != b"received":
            digest.update(line.rstrip() + b"\n")
    digest.update(b"\n" + body.rstrip())
    return digest.hexdigest()


@settings(max_examples=300)
@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b" ", b"\t", b"a", b"A: x", b"Received: y"]), max_size=40))
def test_pieces_give_the_same_digest_as_the_whole(parts: list[bytes]) -> None:
    raw = b"".join(parts)
    expected = whole(raw)
    for size in (1, 2, 3, 1_000_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(canonical, "_PIECE", size)
            assert canonical.canonical_hash(raw) == expected
