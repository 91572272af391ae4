"""Folders of mail on disk as a source."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from intake.foldernames import decode_folder, encode_folder
from intake.maildir import EmlFolder
from intake.port import SourceUnavailableError

RAW = b"From: a@example.org\nSubject: x\n\ntext\n"
RECEIVED = b"Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0500\n"


def folder(path: Path, **changes: float) -> EmlFolder:
    return EmlFolder(path, "eml:test", **({"settle_seconds": 0.0} | changes))  # type: ignore[arg-type]


def maildir(path: Path) -> Path:
    for name in ("tmp", "new", "cur"):
        (path / name).mkdir()
    return path


def files_below(path: Path) -> set[str]:
    return {str(one.relative_to(path)) for one in path.rglob("*") if one.is_file()}


def test_eml_files_come_oldest_first_and_go_where_they_belong(tmp_path: Path) -> None:
    for number, name in enumerate(("b.eml", "a.EML", "c.eml")):
        (tmp_path / name).write_bytes(RAW + bytes([65 + number]))
        os.utime(tmp_path / name, (1_000 + number, 1_000 + number))
    (tmp_path / "notes.txt").write_text("not a letter")
    source = folder(tmp_path)
    first, second, third = source.waiting()
    assert [one.name for one in (first, second, third)] == ["b.eml", "a.EML", "c.eml"]
    assert first.received_at == dt.datetime.fromtimestamp(1_000, tz=dt.UTC)
    source.done(first)
    source.done(first)
    source.refuse(second, "вирус")
    source.refuse(second, "вирус")
    today = dt.datetime.now(tz=dt.UTC).astimezone().date().isoformat()
    assert files_below(tmp_path) == {
        "c.eml",
        "notes.txt",
        f"Обработано/{today}/b.eml",
        "Карантин/a.EML",
        "Карантин/a.EML.txt",
    }
    assert (tmp_path / "Карантин" / "a.EML.txt").read_text() == "вирус\n"
    assert [one.external_id for one in source.waiting()] == [third.external_id]


def test_a_file_still_being_written_waits(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(RAW)
    os.utime(tmp_path / "a.eml", (1_000, 1_000))  # a copy that brought its old time along
    assert not list(folder(tmp_path, settle_seconds=60.0).waiting())
    assert len(list(folder(tmp_path).waiting())) == 1


def test_another_letter_under_the_same_name_is_not_put_away(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(RAW)
    source = folder(tmp_path)
    (old,) = source.waiting()
    (tmp_path / "a.eml").write_bytes(RAW + b"other")
    source.done(old)
    assert (tmp_path / "a.eml").exists()
    (new,) = source.waiting()
    assert new.external_id != old.external_id
    source.done(new)
    (tmp_path / "a.eml").write_bytes(RAW + b"third")
    (third,) = source.waiting()
    source.done(third)
    assert len(files_below(tmp_path)) == 2  # neither overwrote the other


def test_maildir_letter_is_found_again_whatever_flags_it_got(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    (box / "new" / "1.x.host").write_bytes(RECEIVED + RAW)
    (box / "cur" / "2.x.host:2,ST").write_bytes(RAW)  # deleted by a person
    source = folder(tmp_path)
    assert source.is_maildir
    (one,) = source.waiting()
    assert one.external_id == "1.x.host"
    assert one.received_at.isoformat() == "2026-11-24T10:00:00+05:00"
    (box / "new" / "1.x.host").rename(box / "cur" / "1.x.host:2,F")
    source.done(one)
    source.done(one)
    done = box / f".{encode_folder('Обработано')}"
    assert files_below(done) == {"cur/1.x.host:2,FS", "maildirfolder"}
    assert not list(source.waiting())


def test_maildir_refused(tmp_path: Path) -> None:
    (maildir(tmp_path) / "new" / "1.x.host").write_bytes(b"")
    source = folder(tmp_path)
    (one,) = source.waiting()
    source.refuse(one, "пустое письмо")
    assert not list(source.waiting())
    quarantine = f".{encode_folder('Карантин')}"
    assert files_below(tmp_path / quarantine) == {"cur/1.x.host:2,", "1.x.host.txt", "maildirfolder"}


def test_absent_folder_is_told_in_russian(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="недоступна"):
        list(folder(tmp_path / "absent").waiting())


@pytest.mark.parametrize("name", ["Обработано", "a&b", "Вх & исх", "日本語/~peter", "plain"])
def test_folder_names_survive_modified_utf7(name: str) -> None:
    assert encode_folder(name).isascii()
    assert decode_folder(encode_folder(name)) == name


def test_folder_names_of_the_standard() -> None:
    assert encode_folder("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-"
