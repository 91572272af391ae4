"""The reader and the whole check meet any bytes and any text: a report or a plain refusal, never another error."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_builds import package, paragraph, run, word_noise
from support_check import Text, context

from outbox.check import UnreadableLetterError, check, load_rules
from outbox.check.text import clean

RULES: Final = load_rules()
LETTER: Final = word_noise(Text())
LONGEST: Final = 19_000  # characters of a paragraph that is still read
SOON: Final = 10.0  # seconds, on a machine that does other work too
QUIET: Final = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
TEXTS: Final = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cn"]), max_size=200
)


def answers(data: bytes) -> None:
    """The check ends in time, with a report or a refusal in Russian."""
    started = time.perf_counter()
    told: object = None
    try:
        told = check(data, pdf=None, context=context(), rulebook=RULES).unchecked
    except UnreadableLetterError as error:
        told = str(error)
    assert told
    assert time.perf_counter() - started < SOON


@given(st.integers(0, len(LETTER) - 1), st.binary(min_size=1, max_size=40))
@QUIET
def test_bytes_written_over_a_letter(at: int, put: bytes) -> None:
    answers(LETTER[:at] + put + LETTER[at + len(put) :])


@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=30))
@QUIET
def test_bytes_written_over_its_xml(at: int, put: bytes) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(LETTER)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            place = at % len(data)
            new.writestr(name, data[:place] + put + data[place + len(put) :] if name.endswith("document.xml") else data)
    answers(stream.getvalue())


@given(st.lists(TEXTS, min_size=1, max_size=12), st.sampled_from(["center", "both", "", "start", "wrong"]))
@QUIET
def test_any_words_in_any_order(lines: list[str], jc: str) -> None:
    answers(package("".join(paragraph(run(clean(line)), jc) for line in lines), ""))


@pytest.mark.parametrize(
    "piece",
    [
        "а ",
        "1",
        "1 ",
        "№ ",
        "(",
        "«",
        "в течение ",
        "А.А. ",
        "_",
        "вы, как, обязан ",
        "паспорт ",
        "[",
        "а.б.в.",
        "долг 1 2 ",
    ],
)
def test_long_lines_end_in_time(piece: str) -> None:
    line = paragraph(run(piece * (LONGEST // len(piece))))
    answers(package(line + paragraph(run("Уважаемый Андрей Павлович!"), "center") + line, ""))


def test_an_endless_line_is_refused() -> None:
    with pytest.raises(UnreadableLetterError, match="слишком длинны"):
        check(package(paragraph(run("а " * LONGEST)), ""), pdf=None, context=None, rulebook=RULES)
