"""What a paper is before its kind: an appeal, an authority's paper, a notice, advertising. Data of the business."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from rules.base import Code, Rule, RuleFile
from rules.phrases import PhraseText, check_phrases
from rules.source import Place, Source


class PaperClass(Rule):
    """A class of papers and the phrases by which it is known.

    Attributes:
        title: For people.
        strong: Phrases that alone nearly prove it.
        weak: Phrases that speak for it.
        against: Phrases that speak against it.
        waits: Whether such a paper waits for a person: that something is no appeal is nobody else's decision.
        journal_classes: Classes of ``journals.yaml`` under which such papers are usually registered.
    """

    title: str = Field(min_length=1)
    strong: tuple[PhraseText, ...] = Field(min_length=1)
    weak: tuple[PhraseText, ...] = ()
    against: tuple[PhraseText, ...] = ()
    waits: bool = False
    journal_classes: tuple[Code, ...] = ()


class Weights(Rule):
    """What a phrase weighs, how many of a sort count at most, and how sharply a lead turns into confidence."""

    strong: float = Field(gt=0)
    weak: float = Field(gt=0)
    against: float = Field(lt=0)
    most_strong: int = Field(ge=1)
    most_weak: int = Field(ge=1)
    most_against: int = Field(ge=1)
    sharpness: float = Field(gt=0)


class Papers(RuleFile):
    """The classes. What none of them shows enough of is of the class ``usual``.

    Attributes:
        usual: The class of a client's letter.
        head: Characters at the top that are looked at; the class of a paper shows early.
        least: Weight that another class needs to be told.
        weights: What phrases weigh.
    """

    usual: Code
    head: int = Field(ge=200, le=20_000)
    least: float = Field(gt=0)
    weights: Weights
    words: dict[str, tuple[PhraseText, ...]] = Field(default_factory=dict)
    classes: dict[Code, PaperClass] = Field(min_length=2)

    @model_validator(mode="after")
    def _has_the_usual(self) -> Self:
        if self.usual not in self.classes:
            raise ValueError(f"нет класса «{self.usual}» -> опишите его в classes или исправьте usual")
        return self


def check_papers(papers: Papers, source: Source, known: Iterable[str], journal_classes: frozenset[str]) -> None:
    """Check lists of words (``known``: those of alarms.yaml) and names of classes of journals. Raises RuleError."""
    phrases: dict[Place, tuple[str, ...]] = {}
    for code, one in papers.classes.items():
        place = ("classes", code)
        phrases |= {(*place, "strong"): one.strong, (*place, "weak"): one.weak, (*place, "against"): one.against}
        for index, name in enumerate(one.journal_classes):
            if name not in journal_classes:
                at = (*place, "journal_classes", index)
                source.fail(at, f"вида документа {name} нет в journals.yaml", "исправьте код")
    check_phrases(papers.words, phrases, source, known)
