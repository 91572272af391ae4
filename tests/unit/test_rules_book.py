"""The rule book loads, is whole, and says in Russian where a file errs."""

import datetime as dt
import pickle
from pathlib import Path

import pytest
from support_rules import FILES, copied, edit

from rules.book import FILES as YAML
from rules.book import RuleBook, RuleError, load
from rules.examples import load_examples
from rules.wire import Channel, Kind, ReplyKind, Segment


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def test_all_files_of_the_book_are_there() -> None:
    assert set(RuleBook.model_fields) == {*YAML, "version", "examples", "deadline_editions"}
    assert len(YAML) == 25


def test_the_book_holds_the_whole_classifier(book: RuleBook) -> None:
    assert len(book.ekto.topics) == 103
    assert len(book.ekto.groups) == 16
    assert len(book.queues.queues) == 18
    assert sum(topic.is_simple for topic in book.ekto.topics) == 12
    assert sum(topic.auto_reply for topic in book.ekto.topics) == 8
    assert all(book.ekto.for_segment(segment) for segment in Segment)


def test_every_file_carries_its_header(book: RuleBook) -> None:
    for name in YAML:
        part = getattr(book, name)
        assert part.version >= 1
        assert part.valid_from <= dt.date(2026, 1, 1)
        assert part.order_no is None  # nothing is approved by an order yet, and no order is invented


def test_the_book_cannot_be_changed(book: RuleBook) -> None:
    with pytest.raises(ValueError, match="frozen"):
        book.routing.routing_threshold = 0.1  # type: ignore[misc]


def test_version_follows_the_bytes_of_every_file(folder: Path, book: RuleBook) -> None:
    same = load(folder).version
    assert same == book.version
    for name in FILES:
        path = folder / name
        kept = path.read_bytes()
        path.write_bytes(kept.replace(b"\n", b" \n", 1))
        assert load(folder).version != same, name
        path.write_bytes(kept)


def test_files_of_other_rooms_are_ignored(folder: Path) -> None:
    (folder / "letter_check.yaml").write_text("][", encoding="utf-8")
    load(folder)


def test_warns_of_next_year_from_october_and_of_demo_values(book: RuleBook) -> None:
    september = book.warnings(dt.date(2026, 9, 30))
    october = book.warnings(dt.date(2026, 10, 1))
    assert not any("2027" in line for line in september)
    assert sum("2027" in line for line in october) == 2
    assert any("company.yaml" in line for line in september)


def test_a_year_without_calendar_warns_but_does_not_stop(book: RuleBook) -> None:
    assert any("2031 год не загружен" in line for line in book.warnings(dt.date(2031, 2, 1)))


MISTAKES = [
    # file, what stands there, what is put there, words of the message, lines below the changed one
    ("ekto.yaml", "queue: BILL", "queue: BLIL", "очередь «BLIL» не существует", 0),
    ("ekto.yaml", "deadline_rule: CALC_CHECK_5WD", "deadline_rule: NO_SUCH", "правило срока «NO_SUCH»", 0),
    ("ekto.yaml", "deadline_rule: CALC_CHECK_5WD", "deadline_rule: P416_10WD", "выключено", 0),
    ("ekto.yaml", "optional_fields: [service_type]", "optional_fields: [no_such]", "поле «no_such»", 0),
    ("ekto.yaml", "queue: BILL", "queue: SOC\n    quue: SOC", "неизвестное поле «quue»", 1),
    ("ekto.yaml", "    kind: question\n", "    kind: qestion\n", "недопустимое значение «qestion»", 0),
    ("ekto.yaml", "  - code: C01.02", "  - code: C01.01", "код C01.01 уже есть выше", 0),
    ("ekto.yaml", "queue: METER", "queue: SOC\n    queue: METER", "ключ «queue» уже стоит", 1),
    ("ekto.yaml", "'объясните откуда такая сумма'", "'начислили лишнее'", "фраза «начислили лишнее»", None),
    ("wordings.yaml", "topics: [C01.01]", "topics: [C01.99]", "тема «C01.99» не существует", 0),
    ("wordings.yaml", "topics: [C01.01]", "topics: [C01.01, C01.01]", "тема «C01.01» стоит дважды", 0),
    ("examples.jsonl", '"topics": ["C01.01"]', '"topics": ["B01.01"]', "темы B01.01 нет или она не для сегмента", 0),
    ("examples.jsonl", '"channel": "email"', '"channel": "pigeon"', "письмо не читается: channel", 0),
    ("queues.yaml", "office: back", "office: beck", "допустимы", 0),
    ("queues.yaml", "escalation: reg", "escalation: rig", "лестница «rig»", 0),
    ("queues.yaml", "calendar: ru_bashkortostan_5x2", "calendar: moon", "календарь «moon»", 0),
    ("queues.yaml", "{staff: 4, ", "{staff: four, ", "не целое число", 0),
    ("queues.yaml", "version: 1", "version: 0", "слишком мало", 0),
    ("queues.yaml", "version: 1\n", "\n", "не хватает поля «version»", None),
    ("deadlines.yaml", "quantity: 30", "quantity: null", "количество и единица не сходятся", None),
    ("deadlines.yaml", "start: sent", "start: moonrise", "начало срока «moonrise»", 0),
    ("deadlines.yaml", "replaces: STD_30C", "replaces: STD_31C", "правило срока «STD_31C»", 0),
    ("deadlines.yaml", "    force: hard", "    force: target", "нет предельного срока", None),
    ("deadlines.yaml", "  - id: STD_VIP_B2C_10C", "  - id: STD_30C", "код STD_30C уже есть выше", 0),
    ("deadlines.yaml", "calendar: ru_bashkortostan_5x2", "calendar: intake_24x7", "не для сроков", 0),
    ("deadlines.yaml", "  edo: {quantity: 10", "  #edo: {quantity: 10", "нет канала edo", None),
    ("calendars.yaml", "2026-05-27: Курбан-байрам", "2025-05-27: Курбан-байрам", "стоит в 2026 году", None),
    ("calendars.yaml", "2026-05-27: Курбан-байрам", "2026-02-31: Курбан-байрам", "такой даты", 0),
    ("calendars.yaml", "sets: [federal, bashkortostan]", "sets: [federal, mars]", "нет набора дней mars", None),
    ("calendars.yaml", "terms: true", "terms: false", "ровно по одному календарю", None),
    ("escalation.yaml", "at: '50%'", "at: 'half'", "не того вида", 0),
    ("escalation.yaml", "to: [registrar]", "to: [registrer]", "получатель «registrer»", 0),
    ("journals.yaml", "'ВХ-{year}-{seq:06d}'", "'ВХ-{seq:06d}'", "вид номера", 0),
    ("journals.yaml", "'УВ-{year}-{seq:06d}'", "'ИСХ-{year}-{seq:06d}'", "одинаковый вид номера", None),
    ("journals.yaml", "default: incoming", "default: outgoing", "нет журнала", None),
    ("clients.yaml", "    phone: 2.1 ", "    phone: 2.1x ", "значение «2.1x» — не число", 0),
    ("clients.yaml", "    phone: 2.1 ", "    telephone: 2.1 ", "в agree нет строки «phone»", None),
    ("clients.yaml", "    account: 2.2 ", "    account: 7.2 ", "по одному признаку «лицевой счёт»", None),
    ("clients.yaml", "    full: 3.3 ", "    full: 5.3 ", "по одному имени", None),
    ("clients.yaml", "    inn: -3.0", "    inn: 3.0", "говорит за клиента", None),
    ("clients.yaml", "    inn: 5.5 ", "    inn: -5.5 ", "говорит против клиента", None),
    ("clients.yaml", "    typo: 3.3\n", "", "в name нет строки «typo»", None),
    ("clients.yaml", "    family: 0.70", "    family: 0.90", "at_most.family", None),
    ("clients.yaml", "  threshold: 0.85 ", "  threshold: 0.1 ", "слишком мало", 0),
    ("company.yaml", "phone: '+7 (347)", "phone: '8-347", "не того вида", 0),
    ("signatories.yaml", "position: Начальник юридического отдела", "position: И.о. директора", "И.о.", 0),
    ("signatories.yaml", "queues: [LEGAL, PDN, DEBT]", "queues: [LEGAL, PDNN]", "очередь «PDNN»", 0),
    ("signatories.yaml", "  thanks: [ink, esign, approval]\n", "", "нет строки thanks", None),
    ("roles.yaml", "appeal.view: queue", "appeal.wiew: queue", "appeal.wiew", 0),
    ("roles.yaml", "arrival.view: all", "arrival.view: everything", "допустимы", 0),
    ("roles.yaml", "  appeal.close: закрывать обращение\n", "", "appeal.close", None),
    ("routing.yaml", "when: {alarm: [threat]}", "when: {alarm: [thread]}", "признак «thread»", 0),
    ("routing.yaml", "inform: [SEC]", "inform: [SEK]", "очередь «SEK»", 0),
    ("routing.yaml", "exclude: [addressee]", "exclude: [nobody]", "исключение «nobody»", 0),
    ("routing.yaml", "notify: [queue_head, manager, security]", "notify: [boss]", "допустимы", 0),
    ("routing.yaml", "    then: VIP\n", "    then: VPI\n", "очередь «VPI»", 0),
    ("routing.yaml", "when: {topic: [C14.03]}", "when: {topic: [C99.03]}", "тема «C99.03»", 0),
    ("routing.yaml", "when: {vip: true, segment: [B2C]}", "when: {topic: [B11.01], segment: [B2C]}", "не бывает", 0),
    ("routing.yaml", "all_topics: auto_reply, alarms: none}", "all_topics: auto_reply}", "автоответ разрешён", None),
    (
        "routing.yaml",
        "when: {kind: [none]}\n    then: REG",
        "when: {unsure: true}\n    then: FRONT",
        "противоречит",
        -1,
    ),
    ("routing.yaml", "when: {kind: [none]}", "when: {unsure: true, vip: true}", "очередь не дойдёт", -1),
    (
        "routing.yaml",
        "when: {vip: true, segment: [B2C]}",
        "when: {vip: true}",
        "до O_VIP_B2B очередь не дойдёт: всё забирает стоящее выше (O_VIP_B2C)",
        None,
    ),
    (
        "routing.yaml",
        "when: {segment: [B2C], topics: many}",
        "when: {segment: [B2B, B2B2C], kind: [question]}",
        "O_B2B, O_PRINCIPAL)",
        None,
    ),
    ("routing.yaml", "when: {}\n    then: topic", "when: {vip: false}\n    then: topic", "для всего остального", -1),
]


@pytest.mark.parametrize(("name", "old", "new", "words", "offset"), MISTAKES, ids=[f"{m[0]}:{m[3]}" for m in MISTAKES])
def test_a_mistake_is_told_with_file_line_and_mend(
    folder: Path, name: str, old: str, new: str, words: str, offset: int | None
) -> None:
    line = edit(folder, name, old, new)
    with pytest.raises(RuleError) as caught:
        load(folder)
    error = caught.value
    assert error.file == name
    assert words in str(error)
    assert "Что сделать:" in str(error)
    if offset is not None:
        assert error.line == line + offset


def test_an_error_crosses_a_process_border_whole() -> None:
    error = RuleError("queues.yaml", 3, "нет очереди", "добавьте её")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.line) == (str(error), 3)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(RuleError, match="верните файл"):
        load(folder)


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        (b"version: [1\nqueues: 2\n", "не читается как YAML", 2),
        (b"", "файл пуст", 1),
        (b"- 1\n", "файл пуст", 1),
        ("version: 1 # ё".encode("cp1251"), "не в кодировке UTF-8", None),
        (b"version: 1\norder_no: null\nvalid_from: 2026-02-31\n", "такой даты", 3),
        (b"version: !!python/object/apply:os.getcwd []\n", "не читается как YAML", 1),
    ],
)
def test_broken_text_is_told(folder: Path, text: bytes, words: str, line: int | None) -> None:
    (folder / "queues.yaml").write_bytes(text)
    with pytest.raises(RuleError, match=words) as caught:
        load(folder)
    assert caught.value.line == line


def test_journals_number_by_channel_and_kind(folder: Path, book: RuleBook) -> None:
    assert book.journals.for_channel(Channel.POST).number(2026, 123) == "ВХ-2026-000123"
    assert book.journals.for_channel(None).id == "incoming"
    assert book.journals.for_reply(ReplyKind.ANSWER).number(2026, 7) == "ИСХ-2026-000007"
    assert book.journals.for_reply(ReplyKind.ACKNOWLEDGEMENT).id == "acknowledgements"
    edit(
        folder,
        "journals.yaml",
        "  - id: outgoing",
        "  - id: book\n    title: Книга отзывов\n    direction: incoming\n    pattern: 'КН-{year}-{seq}'\n "
        " - id: outgoing",
    )
    edit(folder, "journals.yaml", "by_channel: {}", "by_channel: {complaint_book: book}")
    assert load(folder).journals.for_channel(Channel.COMPLAINT_BOOK).number(2026, 5) == "КН-2026-5"


def test_signatories_fit_queue_recipient_and_rank(book: RuleBook) -> None:
    today = dt.date(2026, 11, 24)
    fitting = book.signatories.fitting
    assert fitting("FRONT", "person", today)[0].id == "lead_front"
    assert {person.rank for person in fitting("LEGAL", "authority", today)} == {1, 2}
    assert "head_b2b" in {person.id for person in fitting("B2B", "organisation", today)}
    for queue in book.queues.by_id:
        for recipient in ("person", "organisation", "authority", "vip"):
            assert fitting(queue, recipient, today), (queue, recipient)


def test_an_acting_head_signs_under_his_own_position(folder: Path) -> None:
    acting = (
        "    recipients: [person]\n"
        "    acting: {for_signatory: director, first_day: 2026-11-01, last_day: 2026-11-30, order_no: '1'}\n"
        "\nmin_rank"
    )
    edit(folder, "signatories.yaml", "    recipients: [person]\n\nmin_rank", acting)
    people = load(folder).signatories
    inside = [person.id for person in people.fitting("LEGAL", "authority", dt.date(2026, 11, 30))]
    outside = [person.id for person in people.fitting("LEGAL", "authority", dt.date(2026, 12, 1))]
    assert "lead_front" in inside
    assert "lead_front" not in outside
    assert people.by_id["lead_front"].facts.position == "Руководитель группы письменных обращений"


def test_ladders_say_when_and_whom(book: RuleBook) -> None:
    steps = book.escalation.ladders["standard"]
    assert (steps[0].amount, steps[0].unit) == (50, "share")
    assert (steps[1].amount, steps[1].unit) == (-5, "working_days")
    assert (steps[4].amount, steps[4].unit) == (0, "due")
    first = book.escalation.ladders["reg"][0]
    assert (first.amount, first.unit, first.origin) == (4, "hours", "received")


def test_training_letters_name_known_topics(book: RuleBook) -> None:
    letters = book.examples
    assert len(letters) == 60
    assert {letter.kind for letter in letters} == set(Kind)
    for letter in letters:
        for code in letter.topics:
            assert letter.segment in book.ekto.by_code[code].segments


def test_a_bad_training_letter_is_told_without_its_text(tmp_path: Path) -> None:
    (tmp_path / "examples.jsonl").write_text('{"id": "X", "text": "секрет", "subject": null}\n', encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_examples(tmp_path)
    assert caught.value.line == 1
    assert "секрет" not in str(caught.value)
