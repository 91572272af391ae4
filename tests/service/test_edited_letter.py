"""A draft goes out to LibreOffice and comes back: its parts are found again, and only what was edited moves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
import support_house as support
from docx.document import Document
from docx.oxml import parse_xml
from support_check import BUILDERS, W_NS, Text
from test_way_of_a_letter import prepare, walk_in

from intake.limits import ReadSettings
from intake.office import convert
from registry.errors import InputError, StateError
from rules.wire import ReplyKind
from steps import draft, outcome, views
from steps.edited import take_back
from steps.house import House

pytestmark = pytest.mark.service
Make = Callable[..., House]


def tracked(document: Document) -> None:
    run = "<w:r><w:delText>слово</w:delText></w:r>"
    document.paragraphs[0]._p.append(parse_xml(f'<w:del xmlns:w="{W_NS}" w:id="9" w:author="a">{run}</w:del>'))


def bomb() -> bytes:
    """A letter whose text swells to sixty megabytes when it is unpacked."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(BUILDERS["styled"](Text()))) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in package.namelist():
            data = package.read(name)
            made.writestr(name, data.ljust(60_000_000) if name == "word/document.xml" else data)
    return out.getvalue()


def begun(house: House, sender: dict[str, Any] | None = None, kind: str | None = None) -> tuple[int, support.Actor]:
    """A draft of the clerk; what the card says of author and kind can be given."""
    number = walk_in(house, support.message(1))
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    registrar = support.actors_with(house, "registrar")[0]
    if sender:
        draft.correct_sender(registrar, house, number, sender)
    if kind:
        outcome.name_kind(registrar, house, number, kind)
    if views.card(support.SYSTEM, house, number).row.queue != "BILL":
        draft.correct_topic(registrar, house, number, "C02.01")
    draft.claim(clerk, house, number)
    return draft.begin(clerk, house, number, ReplyKind.ANSWER), clerk


def edit(data: bytes, old: str, new: str) -> bytes:
    """What a clerk does in a word processor: other words in one paragraph."""
    document = docx.Document(io.BytesIO(data))
    paragraph = next(one for one in document.paragraphs if old in one.text)
    text = paragraph.text.replace(old, new)
    for run in paragraph.runs[1:]:
        run.text = ""
    paragraph.runs[0].text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def through_libreoffice(data: bytes, folder: Path) -> bytes:
    """Saved once as odt and back, as a clerk without Word would."""
    folder.mkdir()
    (folder / "a").mkdir()
    (folder / "letter.docx").write_bytes(data)
    return convert(folder / "letter.docx", folder / "a", ReadSettings(), "docx").read_bytes()


def test_edited_words_become_a_version(make_house: Make, tmp_path: Path) -> None:
    house = make_house()
    reply_id, clerk = begun(house)
    before = views.reply(clerk, house, reply_id)[1]
    data = draft.preview(clerk, house, reply_id, None, "docx")
    data = edit(data, "Благодарим Вас за обращение.", "Спасибо, что написали нам.")
    take_back(clerk, house, reply_id, through_libreoffice(data, tmp_path / "office"))
    after = views.reply(clerk, house, reply_id)[1]
    assert after.version == before.version + 1
    assert after.content.closing.startswith("Спасибо, что написали нам.")
    unchanged = {"closing"}
    old, new = (one.content.model_dump(exclude=unchanged) for one in (before, after))
    assert old == new


def test_what_is_unfinished_or_no_letter_is_refused(make_house: Make) -> None:
    house = make_house()
    reply_id, clerk = begun(house)
    version = views.reply(clerk, house, reply_id)[1].version
    for data, words in (
        (b"", "пуст"),
        ("просто текст".encode(), "docx"),
        (BUILDERS["styled"](Text(xml=[tracked])), "исправления"),
        (bomb(), "распак"),
        (BUILDERS["direct"](Text(salutation="", body=[], preamble="", closing="")), "не найдено"),
    ):
        with pytest.raises(InputError, match=words):
            take_back(clerk, house, reply_id, data)
    assert views.reply(clerk, house, reply_id)[1].version == version


def test_a_letter_under_approval_takes_no_edits(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))
    reply_id, _ = prepare(house, number)
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    data = draft.preview(clerk, house, reply_id, None, "docx")
    with pytest.raises(StateError):
        take_back(clerk, house, reply_id, data)
