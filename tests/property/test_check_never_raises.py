"""The reader on damaged files: only ``UnreadableLetterError``, whatever the bytes; the whole check on any text."""

from __future__ import annotations

import contextlib
import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st
from support_check import Text, context, direct, styled

from outbox.check import UnreadableLetterError, check, load_rules
from outbox.check.reader import read_letter

RULES = load_rules()
LETTER = styled(Text())
FAST = settings(max_examples=80)
with zipfile.ZipFile(io.BytesIO(LETTER)) as package:
    PARTS = {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}


@FAST
@given(st.lists(st.tuples(st.integers(0, len(LETTER) - 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_changed_bytes_of_the_zip(changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(LETTER)
    for at, value in changes:
        damaged[at] = value
    with contextlib.suppress(UnreadableLetterError):
        read_letter(bytes(damaged))


@FAST
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\xd0\xcf\x11\xe0"]))
def test_any_bytes(tail: bytes, head: bytes) -> None:
    with contextlib.suppress(UnreadableLetterError):
        read_letter(head + tail)


@FAST
@given(
    st.sampled_from(sorted(PARTS)),
    st.integers(0, 10**6),
    st.integers(0, 60),
    st.one_of(
        st.binary(max_size=20), st.sampled_from([b"", b"<w:p/>", b"</w:p>", b'w:val="-1"', b"&amp;", b"9" * 400])
    ),
)
def test_changed_xml_inside_a_sound_zip(part: str, at: int, length: int, inserted: bytes) -> None:
    content = PARTS[part]
    at %= len(content) + 1
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, old in PARTS.items():
            archive.writestr(name, content[:at] + inserted + content[at + length :] if name == part else old)
    with contextlib.suppress(UnreadableLetterError):
        check(stream.getvalue(), pdf=b"no pdf", context=context(), rulebook=RULES)


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120)


@settings(max_examples=40)
@given(st.lists(LINE, min_size=1, max_size=4), LINE, LINE)
def test_any_words_give_a_report(body: list[str], salutation: str, position: str) -> None:
    letter = direct(Text(body=body, salutation=salutation, position=position, addressee=[salutation]))
    report = check(letter, pdf=None, context=context(), rulebook=RULES)
    assert report.human
