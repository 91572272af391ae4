"""Figures of the letters themselves: how many pass their own check, how they survive editing, seconds a letter.

Run: PYTHONPATH=tests:tests/unit:tests/service .venv/bin/python tests/bench/bench_letters.py
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import structlog
import support_house
from test_letter_pdf import COMPANY, LINE, TEMPLATES, children, content, resaved
from test_letters_of_every_topic import (
    ANSWERED,
    SCRIPT_BOOK,
    apologises,
    findings,
    first_choice,
    letter,
    variants,
)

from outbox import layout, typography
from outbox.check.reader import read_letter
from outbox.check.zones import Zone, find_zones
from outbox.compose import compose
from outbox.pdf import to_pdf, to_pdfs
from outbox.soffice import OFFICE
from rules.wire import Fault, LetterContent, ReplyKind

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
TIMED = 20


def every_letter() -> Iterator[tuple[str, LetterContent]]:
    """Each topic in every variant of its script, kind of reply, fault; plain, to an authority, in large print."""
    for code, chosen in variants():
        yield code, letter(SCRIPT_BOOK.script(code), chosen)
    for code in ANSWERED:
        script = SCRIPT_BOOK.script(code)
        yield from ((code, letter(script, [], kind)) for kind in ReplyKind if kind is not ReplyKind.ANSWER)
        yield code, letter(script, first_choice(script), plain=True)
        yield code, letter(script, first_choice(script), authority=True)
        yield code, letter(script, first_choice(script)).model_copy(update={"large_print": True})
        for fault in get_args(Fault):
            if not (fault == "company" and apologises(script)):
                yield code, letter(script, first_choice(script), fault=fault)


def own_check() -> None:
    """How many letters have an error or a warning, with a complete case."""
    total = wrong = 0
    for code, made in every_letter():
        total, wrong = total + 1, wrong + bool(findings(SCRIPT_BOOK.script(code), made))
    print(f"letters of {len(ANSWERED)} topics x variants: {total}, with an error or a warning {wrong}")


def round_trips() -> None:
    """Zones and the executor's mark after word processors."""
    whole = total = 0
    wording = support_house.letter_rules().wording
    ways = (("odt", "docx"), ("docx",), ("docx", "odt", "docx"))
    for paragraphs, enclosures, formats in itertools.product((2, 6, 9, 12), ([], ["Расчёт", "Акт"]), ways):
        words = content(paragraphs, enclosures=enclosures)
        made = compose(words, COMPANY, TEMPLATES)
        with tempfile.TemporaryDirectory() as folder:
            back = resaved(made, Path(folder), *formats)
        before, after = (find_zones(read_letter(one), wording) for one in (made, back))
        same = all(
            [typography.plain(block.text) for block in before.blocks(zone)]
            == [typography.plain(block.text) for block in after.blocks(zone)]
            for zone in Zone
        )
        total, whole = total + 1, whole + (same and not layout.faults(to_pdf(back), words))
    print(f"round trips through LibreOffice: {total}, every zone and the mark in place {whole}")


def signatures() -> None:
    """Letters of every length: where the signature falls as the template has it, and after the loop."""
    alone = left = total = 0
    for large, lines in itertools.product((False, True), range(4, 60, 2)):
        words = content(body=[LINE * 3, LINE * (lines // 2), LINE * (lines - lines // 2)], large_print=large)
        total += 1
        alone += bool(layout.faults(to_pdf(compose(words, COMPANY, TEMPLATES)), words))
        left += bool(layout.lay_out(words, COMPANY, TEMPLATES).faults)
    print(f"letters of {total} lengths: signature alone as composed {alone}, after the loop {left}")


def seconds() -> None:
    """Cold, warm, in a batch, after a death."""
    made = compose(content(), COMPANY, TEMPLATES)
    OFFICE.stop()
    print(f"load {os.getloadavg()[0]:.1f}; first letter, start included {_timed(lambda: to_pdf(made)):.2f} s")
    warm = sorted(_timed(lambda: to_pdf(made)) for _ in range(TIMED))
    print(f"warm: median {warm[TIMED // 2]:.3f} s, worst of {TIMED} {warm[-1]:.3f} s")
    print(f"in one hand-over of {TIMED}: {_timed(lambda: to_pdfs([made] * TIMED)) / TIMED:.3f} s each")
    os.kill(children(OFFICE)[0], signal.SIGKILL)
    print(f"letter after the child was killed: {_timed(lambda: to_pdf(made)):.2f} s")
    print(f"compose alone: {_timed(lambda: compose(content(), COMPANY, TEMPLATES)) * 1000:.0f} ms")
    with tempfile.TemporaryDirectory() as name:
        Path(name, "a.docx").write_bytes(made)
        profile = f"-env:UserInstallation={Path(name, 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", name, f"{name}/a.docx"]
        alone = _timed(lambda: subprocess.run(command, check=True, capture_output=True))
    print(f"a LibreOffice of its own for one letter: {alone:.2f} s")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    seconds()
    round_trips()
    signatures()
    own_check()
