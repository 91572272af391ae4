"""The whole reading of one text: everything the classifiers can say, and when a person must look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from classifiers.accessibility import needs
from classifiers.alarms import find_alarms
from classifiers.askeddates import asked_dates
from classifiers.evidence import Spoken
from classifiers.fields import read_sender, without_places
from classifiers.figures import find_readings, find_sums
from classifiers.furthertopics import FOUND, Questions, further_topics, matters, read_letter, with_further
from classifiers.kind import cues, decide
from classifiers.language import RUSSIAN
from classifiers.periods import find_periods
from classifiers.phrases import Words
from classifiers.questions import MAX_QUESTIONS, body, bounded, by_sentences, units
from classifiers.quoted import place_in, without_closing, without_quotes
from classifiers.readingrules import ReadingRules, shipped
from classifiers.sidemodels import NONE, SideModels
from classifiers.text import MAX_LETTER_CHARS, is_readable, prepare
from classifiers.topics import NOTHING, TopicModel, Weighing
from classifiers.training import join_subject
from classifiers.translit import is_translit, to_cyrillic
from classifiers.wordlists import load
from rules.wire import (
    Channel,
    Kind,
    MeterReading,
    Period,
    Question,
    Segment,
    Sum,
    TopicEvidence,
    TopicGuess,
    Understanding,
)

RULES_VERSION = "26"
"""Version of the hand-written rules of this folder; raise it with every change of what they find."""

MIN_SEGMENT_CONFIDENCE = 0.6
MAX_TOPICS = 5
EXPLAINED = 3
"""Topics of a letter for which the evidence is given."""
_KIND_TOPICS = 30
_SPOKEN = {Kind.PROPOSAL: "предложение", Kind.GRATITUDE: "благодарность"}
"""Kinds that have topics of their own: under another topic a person looks."""
_SPOKEN_SURE = 0.8

Figure = TypeVar("Figure", MeterReading, Sum, Period)


class Classifier:
    """Reads letters with one topic model and the rules of the business. Holds no state between letters."""

    def __init__(self, topic_model: TopicModel, rules: ReadingRules | None = None, beside: SideModels = NONE) -> None:
        """Read by the rules in force; without them, by those that come with the program."""
        self.topic_model = topic_model
        self.beside = beside
        self.rules = rules or shipped()
        self.version = f"topics-{topic_model.version}{beside.version}+rules-{RULES_VERSION}"

    def by(self, rules: ReadingRules, beside: SideModels | None = None) -> Classifier:
        """The same reader with the rules of another book, or with other models beside topics."""
        others = self.beside if beside is None else beside
        same = rules is self.rules and others is self.beside
        return self if same else Classifier(self.topic_model, rules, others)

    def understand(
        self,
        text: str,
        *,
        subject: str | None = None,
        segment: Segment | None = None,
        channel: Channel | None = None,
        channel_meta: Mapping[str, object] | None = None,
    ) -> Understanding:
        """Read a letter.

        Args:
            text: the letter as typed, mailed or recognised; what lies past ``MAX_LETTER_CHARS`` is not read.
            subject: subject of the message, if any.
            segment: the client's segment where a card or the channel tells it; otherwise the text hints at it.
            channel: how it came: a letter by EDO comes from an organisation.
            channel_meta: what the channel knows (``from_email``, ``from_name``, ``phone``, ``account`` …).
        """
        latin = is_translit(text)
        plain = prepare(to_cyrillic(text) if latin else text)
        head = prepare(subject or "")[:500] or None
        reading = read_sender(plain, subject=head, channel_meta=channel_meta)
        theirs, own = plain, own_words(plain)
        whole = join_subject(own, head)  # with an authority's covering letter: an alarm, a paper
        words = Words(join_subject(plain, head))
        if segment in (None, Segment.B2C) and reading.cover is not None and reading.cover.encloses:
            theirs, head = reading.cover.citizens(plain), None  # the topic is what the citizen asks, not the body
            own = own_words(theirs)
        where_in = None if latin else place_in(own, theirs)
        asked = join_subject(own, head)
        readable = is_readable(asked)
        matter = body(own)  # a letterhead or a signature tells nothing of the topic, and much of other topics
        learnt = self.beside.segments.logs(asked) if self.beside.segments and readable else None
        guessed, certainty = self.rules.segments.read(
            words if theirs is plain else Words(asked), reading.sender, channel, learnt
        )
        where, sure = (segment, 1.0) if segment else (guessed, certainty)
        weighed = self.topic_model.weigh(matter, head, where, _KIND_TOPICS) if readable else NOTHING
        questions = (
            self._questions(matter, head, where, weighed.guesses) if readable else Questions([], weighed.guesses)
        )
        topics = questions.topics[:MAX_TOPICS]
        evidence = self._evidence(matter, head, topics, weighed, "" if latin else theirs)
        kind, kind_confidence, at_odds = self._kind(asked, weighed, topics) if readable else (Kind.QUESTION, 0.0, False)
        language = self.rules.languages.read(asked)
        alarms, possible = find_alarms(words, whole, self.rules.alarms, self.beside.alarms)
        marks = self.rules.alarms.phrases.marks
        reasons = _reading_reasons(text, weighed) if readable else ["нет читаемого текста"]
        if at_odds:
            reasons.append(f"по словам это {_SPOKEN[kind]}, а тема {topics[0].code} о другом: решает человек")
        if sure < MIN_SEGMENT_CONFIDENCE:
            reasons.append(f"категория клиента не ясна: {where.value}, уверенность {sure:.0%}")
        if latin:
            reasons.append("письмо написано по-русски латинскими буквами: проверьте имя и адрес")
        if readable and language != RUSSIAN:
            reasons.append(f"язык письма: {self.rules.languages.title(language)}")
        reasons.extend(
            f"особый признак: {marks[alarm.code].title}{'' if alarm.meaning is None else ' (по смыслу)'}"
            for alarm in alarms
        )
        reasons.extend(
            f"возможно, особый признак: {marks[one.code].title} (по смыслу, {one.meaning:.0%}): «{one.evidence}»"
            for one in possible
        )
        paper = self.rules.papers.read(whole) if readable else None
        if paper is not None and (known := self.rules.papers.papers.classes[paper.code]).waits:
            reasons.append(f"похоже, это не обращение ({known.title}): решает человек")
        elif kind is Kind.NONE:
            reasons.append("похоже, это не обращение: решает человек")
        return Understanding(
            topics=topics,
            topic_evidence=evidence,
            kind=kind,
            kind_confidence=kind_confidence,
            segment=where,
            segment_confidence=sure,
            language=language,
            sender=reading.sender,
            sender_evidence=without_places(reading.evidence) if latin else reading.evidence,
            parties=reading.parties,
            items=questions.items,
            alarms=list(alarms),
            document_class=paper,
            asked_dates=asked_dates(own),
            readings=[_placed(one, where_in) for one in find_readings(own)],
            sums=[_placed(one, where_in) for one in find_sums(own)],
            periods=[_placed(one, where_in) for one in find_periods(own)],
            accessibility=needs(asked),
            reply_channel=self.rules.channels.read(words),
            needs_person=bool(reasons),
            reasons=reasons,
            model=self.version,
        )

    def asked_topics(self, text: str, segment: Segment) -> set[str]:
        """The likeliest topic of every piece of a letter that asks, each read by itself.

        Stricter than the letter's own topics, which one sure question may outshine: for whoever must not overlook one.
        """
        pieces = [one.text for one in units(body(prepare(text))) if one.asks]
        found = (self.topic_model.guess(one, None, segment, limit=1) for one in pieces)
        return {guesses[0].code for guesses in found if guesses}

    def _kind(self, text: str, weighed: Weighing, topics: list[TopicGuess]) -> tuple[Kind, float, bool]:
        """The kind by the text's cues, its topics and what was learnt; whether the words are at odds with the topic.

        A proposal or thanks that its own words tell stays one, whatever its topic usually is.
        """
        learnt = self.beside.kinds.logs(text, weighed.vector) if self.beside.kinds else None
        heard = cues(text)
        spoken, sure = decide(heard, learnt=learnt)
        if topics and spoken in _SPOKEN and sure >= _SPOKEN_SURE:
            return spoken, sure, self.topic_model.kinds[topics[0].code] is not spoken
        return *decide(heard, self.topic_model.kind_shares(weighed.guesses), learnt), False

    def _evidence(
        self, matter: str, head: str | None, topics: list[TopicGuess], weighed: Weighing, plain: str
    ) -> dict[str, TopicEvidence]:
        """What speaks for the main topic and for those found beside it."""
        least = min(FOUND, topics[0].confidence) if topics else FOUND
        named = [guess.code for guess in topics[:EXPLAINED] if guess.confidence >= least]
        spoken = Spoken(self.topic_model, join_subject(matter, head)) if named else None
        return {code: spoken.speaks(code, weighed.vector, plain) for code in named} if spoken else {}

    def _questions(self, matter: str, head: str | None, segment: Segment, ranked: list[TopicGuess]) -> Questions:
        """The letter's questions with their topics, and its topics with those that only some of its pieces tell."""
        pieces, listed = read_letter(self.topic_model, matter, head, segment, ranked)
        further = further_topics(ranked, pieces)
        topics = with_further(ranked, further)
        if listed:
            return Questions([one.question for one in pieces], topics)
        items = matters(ranked, pieces, further) if len(pieces) > 1 else []
        if len(items) > 1:
            return Questions(items[:MAX_QUESTIONS], topics)
        asked = bounded(by_sentences(matter))
        if len(asked) > 1 and not any(one.read for one in pieces):
            guess = self.topic_model.guess
            return Questions([Question(text=one, topics=guess(one, None, segment, limit=3)) for one in asked], topics)
        quote = " ".join(asked) or " ".join(matter.split())[:1000]
        return Questions([Question(text=quote, topics=ranked[:MAX_TOPICS])], topics)


def _reading_reasons(text: str, weighed: Weighing) -> list[str]:
    """Why the topic is not to be trusted; empty when it is."""
    reasons = []
    if len(text) > MAX_LETTER_CHARS:
        reasons.append(f"письмо длиннее {MAX_LETTER_CHARS} знаков: прочитано начало")
    return [*reasons, *_topic_reasons(weighed)]


def is_sure(weighed: Weighing) -> bool:
    """Whether a letter goes to its queue without a person, as far as its topic is concerned."""
    return not _topic_reasons(weighed)


def own_words(plain: str) -> str:
    """What the client himself writes now, of a prepared text: what all but the sender is read from."""
    return without_closing(without_quotes(plain))


def _placed(found: Figure, moved: Callable[[int], int] | None) -> Figure:
    """A figure with its place in the letter as stored; without one when the letter was read in other letters."""
    if found.place is None or moved is None:
        return found.model_copy(update={"place": None})
    start, end = found.place
    return found.model_copy(update={"place": (moved(start), moved(end - 1) + 1)})


def _topic_reasons(weighed: Weighing) -> list[str]:
    reasons = []
    limits = load("topics")
    if not weighed.guesses:
        return ["тематика не определена"]
    best = weighed.guesses[0]
    if weighed.queue_share < limits["queue_share"] or best.confidence < limits["topic_share"]:
        reasons.append(f"тематика не ясна: {best.code}, уверенность {best.confidence:.0%}")
    elif not weighed.agreed:
        reasons.append(f"тематика не ясна: слова и смысл письма указывают на разные очереди, догадка {best.code}")
    if weighed.coverage < limits["coverage"]:
        reasons.append(f"незнакомая лексика: модель знает {weighed.coverage:.0%} слов письма")
    return reasons
