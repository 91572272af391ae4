"""Lay the demonstration's post out in folders, as if it had come in over the last forty days."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from otvet.demo import hand, mail, paper, sheets, wear
from otvet.demo.bad import bad_inputs
from otvet.demo.letters import ChannelAddress, Expectation, Form, Letter, fill, load_letters
from rules.wire import Channel

SCANS = "скан"
MAILS: dict[ChannelAddress, str] = {
    "company": "почта",
    "curator": "почта-куратора",
    "personal_manager": "почта-персонального-менеджера",
}
"""Folder of messages by whose address they came to: each is a source of its own, as a mailbox is."""
MARKER = ".demo-post.json"


class LaidFile(BaseModel):
    """One file laid out.

    Attributes:
        path: Relative to the folder, with forward slashes.
        letters: Ids of the letters in it, in order; several in a batch, none in a bad input.
        form: Form of the letters, or ``bad``.
        received: Date of receipt.
        channel: Channel the file stands for.
        channel_address: Whose address it came to.
        expect: What to expect of each letter, in order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    letters: list[str]
    form: Form | Literal["bad"]
    received: dt.date
    channel: Channel
    channel_address: ChannelAddress = "company"
    expect: list[Expectation] = []


class DemoPost(BaseModel):
    """What was laid out, on which day it counts its dates from, and with which seed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    today: dt.date
    seed: int
    files: list[LaidFile]


def lay_out(folder: Path, today: dt.date, seed: int = 1, *, with_bad: bool = False) -> DemoPost:
    """Write the demonstration post: scans to ``скан/YYYY-MM-DD/``, messages to the folders of ``MAILS``.

    Done once in a folder: a marker file tells a second call what is there, even if intake has taken the files away
    meanwhile. Stopped half-way, it writes the same bytes again, which intake recognises.

    Args:
        folder: Where to; made if absent.
        today: The day from which letters count back.
        seed: Seed of everything drawn; the same seed and day give the same bytes.
        with_bad: Lay the bad inputs as well, as scans of today.

    Returns:
        What was laid out, now or by the first call.
    """
    marker = folder / MARKER
    if marker.is_file():
        return DemoPost.model_validate_json(marker.read_text(encoding="utf-8"))
    files: list[LaidFile] = []
    for laid, data in _generate(today, seed, with_bad=with_bad):
        _write(folder / laid.path, data)
        files.append(laid)
    post = DemoPost(today=today, seed=seed, files=files)
    _write(marker, json.dumps(post.model_dump(mode="json"), ensure_ascii=False, indent=1).encode())
    return post


def _generate(today: dt.date, seed: int, *, with_bad: bool) -> Iterator[tuple[LaidFile, bytes]]:
    letters = load_letters()
    for letter in letters:
        if letter.is_mail:
            moment = mail.receipt_moment(letter, today)
            yield (
                _laid([letter], f"{MAILS[letter.channel_address]}/{letter.id}.eml", today),
                mail.build(letter, moment, seed=seed),
            )
        elif letter.extras.batch is None:
            name, data = scan_file(letter, letter.received(today), seed=seed)
            yield _laid([letter], _scan_path(letter, name, today), today), data
    batches = dict.fromkeys(letter.extras.batch for letter in letters if letter.extras.batch)
    for batch in batches:
        members = [letter for letter in letters if letter.extras.batch == batch]
        data = batch_file(members, members[0].received(today), seed=seed)
        yield _laid(members, _scan_path(members[0], f"партия_{batch}.pdf", today), today), data
    if with_bad:
        for name, data in bad_inputs().items():
            path = f"{SCANS}/{today.isoformat()}/{name}"
            yield LaidFile(path=path, letters=[], form="bad", received=today, channel=Channel.POST), data


def _laid(letters: list[Letter], path: str, today: dt.date) -> LaidFile:
    first = letters[0]
    return LaidFile(
        path=path,
        letters=[letter.id for letter in letters],
        form=first.form,
        received=first.received(today),
        channel=first.channel,
        channel_address=first.channel_address,
        expect=[letter.expect for letter in letters],
    )


def _scan_path(letter: Letter, name: str, today: dt.date) -> str:
    return f"{SCANS}/{letter.received(today).isoformat()}/{name}"


def scan_pages(letter: Letter, received: dt.date, *, seed: int = 1) -> list[wear.Scan]:
    """The scanned pages of a paper letter."""
    rng = np.random.default_rng([seed, *letter.id.encode()])
    if letter.form == "scan-hand":
        pages = [hand.write(fill(letter.text, received), rng)]
    else:
        pages = paper.type_letter(letter, received, seed=seed)
    scans = [wear.scan(page, letter.extras.wear, rng) for page in pages[:-1]]
    return [*scans, wear.scan(pages[-1], [*letter.extras.wear, *letter.extras.wear_last], rng)]


def scan_file(letter: Letter, received: dt.date, *, seed: int = 1) -> tuple[str, bytes]:
    """Name and bytes of the file of a paper letter, in the format its form names."""
    pages = scan_pages(letter, received, seed=seed)
    if letter.form == "scan-jpeg":
        return f"{letter.id}.jpg", sheets.as_jpeg(pages[0])
    if letter.form == "scan-tiff-g4":
        return f"{letter.id}.tif", sheets.as_tiff(pages, "group4")
    if letter.form == "scan-tiff-lzw":
        return f"{letter.id}.tif", sheets.as_tiff(pages, "tiff_lzw")
    return f"{letter.id}.pdf", sheets.as_pdf(pages)


def batch_file(letters: list[Letter], received: dt.date, *, seed: int = 1) -> bytes:
    """One PDF of several letters, each behind its separator sheet."""
    rng = np.random.default_rng([seed, 99])
    pages: list[wear.Scan] = []
    for letter in letters:
        pages.append(wear.scan(sheets.separator(received), ["office"], rng))
        pages += scan_pages(letter, received, seed=seed)
    return sheets.as_pdf(pages)


def _write(path: Path, data: bytes) -> None:
    """Write whole or not at all, so that a watcher never sees half a file under its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(data)
    half.replace(path)
