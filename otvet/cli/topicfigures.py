"""`otvet evaluate topics`: how well topics are found, on letters that no model has seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from otvet.cli.base import CliError, Command, Shell, emit, say, text_of, write_bytes
from otvet.cli.evaluate import labelled

if TYPE_CHECKING:
    from classifiers.evaluation import Figures, Share
    from classifiers.heldout import TestLetter
    from rules.book import RuleBook


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ.jsonl")
@click.option("--folds", default=5, show_default=True, type=click.IntRange(2, 50), help="На сколько частей делить.")
@click.option("--without-letters", is_flag=True, help="Учить только на определениях, фразах и словах клиентов.")
@click.option("--picture", type=click.Path(path_type=Path), metavar="ФАЙЛ.svg", help="Нарисовать кривую отказа.")
@click.option(
    "--noise", default=0.0, type=click.FloatRange(0, 0.5), help="Доля испорченных знаков, как после плохого скана."
)
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def topics(
    shell: Shell, *, file: Path, folds: int, without_letters: bool, picture: Path | None, noise: float, as_json: bool
) -> None:
    """Тематики: строки {id, text, subject?, segment, topics}, первая тема — главная.

    Ни одно письмо не участвует в обучении модели, которая его читает, и ничего на него похожего — тоже. Письма, на
    которые ничто из выученного не похоже, читает готовая модель; для остальных каждая часть — это обучение с начала:
    около минуты.
    """
    from classifiers import meaning
    from classifiers.evaluation import figures
    from classifiers.heldout import judge
    from classifiers.topics import TopicModelError
    from rules.book import load
    from steps.training import topic_cards, trained, training_letters, wordings

    book = load(shell.settings.rules_dir)
    letters = _letters(file, book)
    known = wordings(book) if without_letters else training_letters(book)
    embed = meaning.embed if meaning.available() else None
    ready = None if without_letters else trained(book).topic_model
    try:
        parts = 1 if without_letters else folds
        judged = list(judge(letters, topic_cards(book), known, embed, parts, noise, ready))
    except TopicModelError as error:
        raise CliError(str(error)) from None
    found = figures(judged, {topic.code: topic.queue for topic in book.ekto.topics})
    if picture is not None:
        from classifiers.curve import draw

        write_bytes(picture, draw(found.curve).encode())
    if as_json:
        emit(_wire(found))
        return
    _show(found)


def _letter(name: str, row: dict[str, Any], book: RuleBook) -> TestLetter:
    from classifiers.heldout import TestLetter
    from rules.wire import Segment

    if row.get("segment") not in list(Segment):
        raise CliError("Поле «segment» — одно из B2C, B2B, B2B2C.")
    codes = row.get("topics")
    if not isinstance(codes, list) or not codes:
        raise CliError("Поле «topics» — непустой список кодов тем.")
    unknown = next((one for one in codes if one not in book.ekto.by_code), None)
    if unknown is not None:
        raise CliError(f"Темы «{unknown}» нет в rules/ekto.yaml.")
    subject = text_of(row, "subject", required=False)
    return TestLetter(name, text_of(row, "text") or "", tuple(codes), Segment(row["segment"]), subject)


def _letters(file: Path, book: RuleBook) -> list[TestLetter]:
    letters = []
    for number, row in enumerate(labelled(file, "topics"), 1):
        name = str(row.get("id", number))
        try:
            letters.append(_letter(name, row, book))
        except CliError as error:
            raise CliError(f"{file}, письмо {name}: {error}") from None
    if not letters:
        raise CliError(f"В файле «{file}» нет писем.")
    return letters


def _show(found: Figures) -> None:
    rows = {
        "главная тема первой": found.first,
        "главная тема среди трёх": found.third,
        "первая — одна из тем письма": found.some,
        "очередь главной темы": found.queue,
        "без человека": found.alone,
        "  из них в верную очередь": found.alone_queue,
        "  из них с верной темой": found.alone_topic,
        "несколько тем: найдено верно": found.precision,
        "несколько тем: найдено из всех": found.recall,
    }
    for title, share in rows.items():
        say(f"{title:<34}{_told(share)}")
    say(f"{'несколько тем: F1':<34}{found.f1:.2f}")
    say(f"{'расхождение уверенности с делом':<34}{found.surprise:.2f}")
    say("\nПорог уверенности в очереди: сколько идёт без человека, сколько из них верно")
    for point in found.curve:
        say(f"  {point.threshold:.2f}  {point.coverage.value:>4.0%}  {_told(point.right)}")
    say("\nПо темам: первой, среди трёх")
    for code, (first, third) in found.by_topic.items():
        say(f"  {code}  {first.hits}/{first.trials}  {third.hits}/{third.trials}")
    say("\nЧто с чем путается: верная тема, догадка, сколько раз")
    for true, guess, times in found.confusions:
        say(f"  {true}  {guess}  {times}")


def _told(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.2f} ({share.hits}/{share.trials}; 95 %: {low:.2f}–{high:.2f})"


def _wire(found: Figures) -> dict[str, Any]:
    def share(one: Share) -> dict[str, Any]:
        return {"share": round(one.value, 4), "of": one.trials, "interval": [round(end, 4) for end in one.interval]}

    names = ("first", "third", "some", "queue", "alone", "alone_queue", "alone_topic", "precision", "recall")
    return {
        **{name: share(getattr(found, name)) for name in names},
        "f1": round(found.f1, 4),
        "surprise": round(found.surprise, 4),
        "curve": [
            {"threshold": one.threshold, "coverage": share(one.coverage), "right": share(one.right)}
            for one in found.curve
        ],
        "by_topic": {
            code: {"first": share(first), "third": share(third)} for code, (first, third) in found.by_topic.items()
        },
        "confusions": [{"true": true, "guess": guess, "times": times} for true, guess, times in found.confusions],
    }
