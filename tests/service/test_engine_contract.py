"""Both engines keep one contract: text, words with boxes and lines, orientation, bounds, faults in Russian."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support_intake import LETTER, recall, typed_page

from intake.engine import Engine, EngineError
from intake.enginecommand import CommandEngine
from intake.enginelibrary import LibraryEngine, models_folder
from intake.limits import ReadSettings
from intake.ocr import engine

pytestmark = pytest.mark.ocr

SETTINGS = ReadSettings(engine_seconds=60)
ADAPTERS = {"pytesseract": CommandEngine, "tesserocr": LibraryEngine}


@pytest.fixture(params=ADAPTERS)
def kind(request: pytest.FixtureRequest) -> type[CommandEngine | LibraryEngine]:
    adapter: type[CommandEngine | LibraryEngine] = ADAPTERS[request.param]
    return adapter


@pytest.fixture
def one(kind: type[CommandEngine | LibraryEngine]) -> Engine:
    return kind(SETTINGS)


def test_ready_and_named(one: Engine) -> None:
    assert one.problems() == []
    assert one.version().startswith("tesseract 5.")


def test_text_words_boxes_and_lines_of_one_run(one: Engine) -> None:
    page = typed_page(dpi=200)
    run = one.recognise(page, 200)
    assert recall(run.text) >= 0.85
    assert run.confidence > 85
    assert run.confident > 300
    assert sorted(run.text.split()) == sorted(word.text for word in run.words)
    ink = np.asarray(page)
    for word in run.words:
        box = ink[int(word.y) : int(word.y + word.h) + 1, int(word.x) : int(word.x + word.w) + 1]
        assert box.min() < 128, word
        assert 0 <= word.confidence <= 100
    by_line = {number: [word for word in run.words if word.line == number] for number in {w.line for w in run.words}}
    assert set(by_line) == set(range(1, len(by_line) + 1))
    lines = [line for line in LETTER.splitlines() if line.strip()]
    assert abs(len(by_line) - len(lines)) <= 1
    assert all(max(w.y for w in words) - min(w.y for w in words) < 40 for words in by_line.values())


def test_engines_agree_on_a_clean_page() -> None:
    page = typed_page(dpi=200)
    texts = [adapter(SETTINGS).recognise(page, 200).text.split() for adapter in ADAPTERS.values()]
    assert len(set(texts[0]) & set(texts[1])) / len(set(texts[0]) | set(texts[1])) > 0.95


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_orientation_is_the_clockwise_turn_that_mends(one: Engine, turn: int) -> None:
    assert one.orientation(typed_page(dpi=200).rotate(turn, expand=True), 200) == turn


@pytest.mark.parametrize("image", [Image.new("L", (1200, 1700), 255), Image.new("L", (1, 1), 0)], ids=["blank", "dot"])
def test_page_without_text_is_empty_and_lies_upright(one: Engine, image: Image.Image) -> None:
    run = one.recognise(image, 150)
    assert (run.text, run.words, run.confidence, run.confident) == ("", [], 0.0, 0)
    assert one.orientation(image, 150) == 0


def test_a_page_does_not_remember_the_one_before(one: Engine) -> None:
    first = one.recognise(typed_page(dpi=200), 200)
    one.recognise(typed_page("Совсем другое письмо о доставке", dpi=200), 200)
    assert one.recognise(typed_page(dpi=200), 200) == first


def test_block_and_scattered_layouts_read_too(one: Engine) -> None:
    for layout in ("block", "sparse"):
        assert recall(one.recognise(typed_page(dpi=200), 200, layout).text) >= 0.85


def test_time_runs_out_in_russian(kind: type[CommandEngine | LibraryEngine]) -> None:
    hasty = kind(SETTINGS.model_copy(update={"engine_seconds": 0.01}))
    with pytest.raises(EngineError, match="не уложилось"):
        hasty.recognise(typed_page(), 300)
    assert recall(kind(SETTINGS).recognise(typed_page(dpi=200), 200).text) >= 0.85


def test_missing_models_are_named_and_reading_fails_in_russian(
    kind: type[CommandEngine | LibraryEngine], tmp_path: Path
) -> None:
    poor = kind(ReadSettings(tessdata_dir=tmp_path, languages="rus+tat"))
    problems = poor.problems()
    assert any("tesseract-ocr-rus" in problem for problem in problems)
    assert any("tesseract-ocr-tat" in problem for problem in problems)
    with pytest.raises(EngineError, match=r"[а-я]"):
        poor.recognise(typed_page(dpi=100), 100)
    assert poor.orientation(typed_page(dpi=100), 100) == 0


def test_models_of_an_operator_are_used(kind: type[CommandEngine | LibraryEngine], tmp_path: Path) -> None:
    folder = models_folder(SETTINGS)
    assert folder is not None
    (tmp_path / "модели наши").mkdir()
    for file in folder.iterdir():
        (tmp_path / "модели наши" / file.name).symlink_to(file)
    own = kind(ReadSettings(tessdata_dir=tmp_path / "модели наши", engine_seconds=60))
    assert own.problems() == []
    assert recall(own.recognise(typed_page(dpi=200), 200).text) >= 0.85


def test_setting_chooses_and_threads_are_single() -> None:
    assert isinstance(engine(ReadSettings(engine="pytesseract")), CommandEngine)
    assert isinstance(engine(ReadSettings(engine="tesserocr")), LibraryEngine)
    assert isinstance(engine(ReadSettings()), LibraryEngine)
    assert os.environ["OMP_THREAD_LIMIT"] == "1"
