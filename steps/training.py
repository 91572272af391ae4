"""Training the reader of meaning from the topics and example letters of the rules."""

from __future__ import annotations

from classifiers.reader import Classifier
from classifiers.topics import TopicModel
from classifiers.training import ExampleLetter, TopicCard
from rules.book import RuleBook


def train(book: RuleBook) -> Classifier:
    """Train the topic model (about two seconds) and return the reader that uses it."""
    return Classifier(TopicModel.train(_cards(book), _examples(book)))


def _cards(book: RuleBook) -> list[TopicCard]:
    return [
        TopicCard(
            code=topic.code,
            name=topic.name,
            segments=tuple(sorted(topic.segments)),
            definition=topic.definition,
            phrases=topic.phrases,
            kind=topic.kind,
        )
        for topic in book.ekto.topics
    ]


def _examples(book: RuleBook) -> list[ExampleLetter]:
    return [
        ExampleLetter(text=row.text, subject=row.subject, segment=row.segment, topics=tuple(row.topics), kind=row.kind)
        for row in book.examples
    ]
