"""The watched folder: what is taken, what is left, where it goes."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import pytest

from intake.limits import ReadSettings
from intake.port import Incoming, SourceUnavailableError
from intake.scanfolder import ScanFolder, receipt_date
from rules.wire import Channel


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "сканы"


def _put(root: Path, name: str, content: bytes = b"%PDF-1.4 x") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _folder(root: Path, **options: object) -> ScanFolder:
    root.mkdir(exist_ok=True)
    return ScanFolder(root, stable_seconds=0, **options)  # type: ignore[arg-type]


def test_files_come_oldest_first_with_receipt(root: Path) -> None:
    os.utime(_put(root, "второе.pdf"), (2000, 2000))
    os.utime(_put(root, "офис-1/2026-11-03/первое.tif", b"II*\x00"), (1000, 1000))
    first, second = _folder(root, channels={"офис-1": Channel.HAND_DELIVERED}).waiting()
    assert first.name == "офис-1/2026-11-03/первое.tif"
    assert first.external_id == f"{first.name}#{first.canonical}"
    assert first.data == b"II*\x00"
    assert first.form == "file"
    assert first.channel is Channel.HAND_DELIVERED
    assert first.receipt_date == dt.date(2026, 11, 3)
    assert first.received_at.tzinfo is not None
    assert (second.channel, second.receipt_date) == (Channel.POST, None)


@pytest.mark.parametrize("name", [".скрытый.pdf", "скан.pdf.tmp", "скан.part", "Обработано/a.pdf", "Карантин/a.pdf"])
def test_partial_hidden_and_finished_files_are_left(root: Path, name: str) -> None:
    _put(root, name)
    assert list(_folder(root).waiting()) == []


def test_links_are_not_followed(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"%PDF-")
    root.mkdir()
    (root / "ссылка.pdf").symlink_to(secret)
    assert list(_folder(root).waiting()) == []


def test_growing_file_is_not_taken_until_it_stands_still(root: Path) -> None:
    path = _put(root, "скан.pdf", b"%PDF")
    folder = ScanFolder(root, stable_seconds=0.3)
    assert list(folder.waiting()) == []
    time.sleep(0.2)
    path.write_bytes(b"%PDF-1.4")
    assert list(folder.waiting()) == []
    time.sleep(0.2)
    assert list(folder.waiting()) == []
    time.sleep(0.2)
    (taken,) = folder.waiting()
    assert taken.data == b"%PDF-1.4"


def test_fresh_process_takes_a_file_that_has_long_stood_still(root: Path) -> None:
    _put(root, "скан.pdf")
    time.sleep(0.25)
    assert len(list(ScanFolder(root, stable_seconds=0.2).waiting())) == 1


def test_a_copied_file_with_an_old_time_is_not_taken_early(root: Path) -> None:
    os.utime(_put(root, "скан.pdf"), (1000, 1000))
    assert list(ScanFolder(root, stable_seconds=5).waiting()) == []


def test_done_moves_and_may_be_repeated(root: Path) -> None:
    _put(root, "офис/скан.pdf")
    folder = _folder(root)
    (taken,) = folder.waiting()
    folder.done(taken)
    folder.done(taken)
    assert list(folder.waiting()) == []
    moved = list((root / "Обработано").rglob("*.pdf"))
    assert [path.relative_to(root).parts[-2:] for path in moved] == [("офис", "скан.pdf")]
    assert moved[0].relative_to(root).parts[1] == dt.datetime.now().astimezone().date().isoformat()


def test_same_name_again_does_not_overwrite(root: Path) -> None:
    folder = _folder(root)
    for content in (b"%PDF-1", b"%PDF-2"):
        _put(root, "скан.pdf", content)
        folder.done(next(iter(folder.waiting())))
    moved = sorted((root / "Обработано").rglob("*.pdf"))
    assert {path.read_bytes() for path in moved} == {b"%PDF-1", b"%PDF-2"}


def test_refused_file_lies_beside_its_reason(root: Path) -> None:
    _put(root, "скан.pdf", b"")
    folder = _folder(root)
    (taken,) = folder.waiting()
    folder.refuse(taken, "файл пуст")
    folder.refuse(taken, "файл пуст")
    assert (root / "Карантин" / "скан.pdf").read_bytes() == b""
    assert (root / "Карантин" / "скан.pdf.txt").read_text("utf-8").strip() == "файл пуст"
    assert list(folder.waiting()) == []


def test_new_letter_under_the_old_name_is_not_carried_off(root: Path) -> None:
    _put(root, "скан.pdf", b"%PDF-1")
    folder = _folder(root)
    (taken,) = folder.waiting()
    _put(root, "скан.pdf", b"%PDF-2")
    folder.done(taken)
    (again,) = folder.waiting()
    assert again.data == b"%PDF-2"


def test_two_watchers_do_no_harm(root: Path) -> None:
    _put(root, "скан.pdf")
    one, other = _folder(root), _folder(root)
    (first,), (second,) = one.waiting(), other.waiting()
    assert first.external_id == second.external_id
    one.done(first)
    other.done(second)
    other.refuse(second, "поздно")
    assert len(list(root.rglob("*.pdf"))) == 1
    assert not (root / "Карантин" / "скан.pdf.txt").exists()


def test_too_large_file_is_quarantined_unread(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(root, "большой.pdf", b"%PDF" + b"x" * 1000)
    _put(root, "малый.pdf", b"%PDF")
    folder = _folder(root, settings=ReadSettings(max_bytes=100))
    assert [taken.name for taken in folder.waiting()] == ["малый.pdf"]
    assert (root / "Карантин" / "большой.pdf.txt").read_text("utf-8").startswith("файл слишком велик")
    assert [(file.name, file.size) for file in folder.oversize] == [("большой.pdf", 1004)]


def test_missing_folder_is_an_unavailable_source(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="недоступна"):
        list(ScanFolder(tmp_path / "нет").waiting())


def test_foreign_receipt_does_not_reach_outside(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "чужой.pdf"
    outside.write_bytes(b"%PDF")
    folder = _folder(root)
    folder.done(
        Incoming(
            source=folder.name,
            external_id="../чужой.pdf#00",
            data=b"",
            name="x",
            form="file",
            canonical="",
            received_at=dt.datetime.now(dt.UTC),
            channel=Channel.POST,
        )
    )
    assert outside.exists()


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2026-11-03_жалоба.pdf", dt.date(2026, 11, 3)),
        ("2026-11-03/жалоба.pdf", dt.date(2026, 11, 3)),
        ("2026-11-01/2026-11-03_жалоба.pdf", dt.date(2026, 11, 3)),
        ("офис/2026-11-03/подпапка/жалоба.pdf", dt.date(2026, 11, 3)),
        ("2026-13-45_жалоба.pdf", None),
        ("2026-11-033.pdf", None),
        ("9999-01-01_жалоба.pdf", None),
        ("жалоба.pdf", None),
    ],
)
def test_receipt_date_of_name_or_folder(name: str, date: dt.date | None) -> None:
    assert receipt_date(name) == date
