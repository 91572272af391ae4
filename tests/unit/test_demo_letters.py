"""The invented letters: varied as the demonstration promises, plainly invented, and consistent with the rules."""

import datetime as dt
import json
import re
from collections import Counter
from importlib import resources

import pytest
import yaml

from otvet.demo.letters import Form, Letter, fill, load_letters, long_date
from otvet.demo.people import load_clients, load_people
from rules.wire import Kind, Segment, Triage

LETTERS = load_letters()
BY_ID = {letter.id: letter for letter in LETTERS}
RULES = resources.files("rules")
TODAY = dt.date(2026, 11, 24)


def inn_is_sound(inn: str) -> bool:
    digits = [int(digit) for digit in inn]

    def check(weights: list[int]) -> int:
        return sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11 % 10

    if len(inn) == 10:
        return check([2, 4, 10, 3, 5, 9, 4, 6, 8]) == digits[9]
    twelve = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]
    return len(inn) == 12 and check(twelve) == digits[10] and check([3, *twelve]) == digits[11]


def rule_data(name: str) -> dict[str, object]:
    return yaml.safe_load(RULES.joinpath(name).read_text(encoding="utf-8"))


def test_every_form_kind_and_segment_occurs() -> None:
    assert len(LETTERS) >= 26
    assert {letter.form for letter in LETTERS} == set(Form.__args__)
    assert {letter.expect.segment for letter in LETTERS} == set(Segment)
    assert {letter.expect.kind for letter in LETTERS} == set(Kind)
    assert {letter.expect.triage for letter in LETTERS} == {Triage.NEW_APPEAL, Triage.BOUNCE, Triage.AUTO_REPLY}


def test_topics_exist_and_cover_nearly_every_group() -> None:
    known = {topic["code"] for topic in rule_data("ekto.yaml")["topics"]}
    used = {code for letter in LETTERS for code in letter.expect.topics}
    assert used <= known
    groups = {code[1:3] for code in known}
    assert len({code[1:3] for code in used}) >= len(groups) - 1


def test_receipts_spread_over_forty_days_with_some_overdue_and_some_due_soon() -> None:
    ages = [letter.days_ago for letter in LETTERS]
    assert min(ages) == 0
    assert max(ages) >= 36
    assert sum(age > 30 for age in ages) >= 4, "overdue under the 30 calendar days"
    assert sum(26 <= age <= 30 for age in ages) >= 4, "due within days"
    assert len(set(ages)) >= 20
    assert max(Counter(ages).values()) <= 4


def test_the_special_cases_are_there() -> None:
    assert any(letter.expect.is_vip and letter.channel_address == "personal_manager" for letter in LETTERS)
    assert any(letter.expect.items >= 3 for letter in LETTERS)
    assert any("threat" in letter.expect.alarms for letter in LETTERS)
    assert any(letter.expect.language == "ba" for letter in LETTERS)
    assert any(letter.expect.is_collective for letter in LETTERS)
    assert any(letter.expect.forwarded for letter in LETTERS)
    assert any(letter.expect.authority_term_days for letter in LETTERS)
    assert any(letter.sender.last_name is None and letter.sender.org_name is None for letter in LETTERS)
    assert len({letter.extras.batch for letter in LETTERS} - {None}) == 1
    assert sum(letter.extras.batch is not None for letter in LETTERS) == 3


def test_a_repeat_comes_later_by_another_channel_from_the_same_sender() -> None:
    repeats = [letter for letter in LETTERS if letter.repeat_of]
    assert repeats
    for letter in repeats:
        first = BY_ID[letter.repeat_of or ""]
        assert letter.days_ago < first.days_ago
        assert letter.channel != first.channel
        assert letter.sender.account_number == first.sender.account_number


def test_letters_of_a_batch_were_received_together() -> None:
    for batch in {letter.extras.batch for letter in LETTERS} - {None}:
        assert len({letter.days_ago for letter in LETTERS if letter.extras.batch == batch}) == 1


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.id)
def test_names_numbers_and_addresses_are_plainly_invented(letter: Letter) -> None:
    sender = letter.sender
    assert all(re.search(r"@([a-z-]+\.)?example\.ru$", mail) for mail in sender.emails)
    assert all(re.match(r"^\+7(90000[01]|347000)\d{4}$", phone) for phone in sender.phones)
    if sender.inn:
        assert inn_is_sound(sender.inn)
    if sender.ogrn:
        assert int(sender.ogrn[:12]) % 11 % 10 == int(sender.ogrn[12])


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.id)
def test_no_token_is_left_when_dates_are_filled(letter: Letter) -> None:
    for text in (letter.text, letter.extras.attachment or "", letter.extras.quoted or ""):
        assert not re.search(r"[{}]", fill(text, letter.received(TODAY)))


@pytest.mark.parametrize("letter", [mail for mail in LETTERS if mail.is_mail], ids=lambda letter: letter.id)
def test_the_sender_is_what_the_message_tells(letter: Letter) -> None:
    told = " ".join([letter.text, letter.extras.attachment or "", letter.subject])
    sender = letter.sender
    assert all(number in told for number in (sender.account_number, sender.contract_number) if number)
    digits = re.sub(r"\D", "", told)
    if not letter.extras.attachment:  # else the letterhead of the attachment tells them
        assert all(phone.removeprefix("+7") in digits for phone in sender.phones)
        assert sender.inn is None or sender.inn in told


def test_dates_follow_the_receipt_over_the_turn_of_a_year() -> None:
    assert fill("{d-3} {m-1} {mg-1} {mp-2} {y-1} {y}", dt.date(2027, 1, 2)) == (
        "30.12.2026 декабрь декабря ноябре 2026 2027"
    )
    assert long_date(dt.date(2026, 11, 7)) == "7 ноября 2026 г."


def test_texts_are_not_those_of_the_training_examples() -> None:
    examples = RULES.joinpath("examples.jsonl").read_text(encoding="utf-8").splitlines()
    known = [json.loads(line)["text"] for line in examples]
    topics = rule_data("ekto.yaml")["topics"]
    known += [str(example) for topic in topics for example in topic.get("examples") or []]
    corpus = "\n".join(known).lower()
    for letter in LETTERS:
        for sentence in re.split(r"[.!?\n]+\s*", letter.text.lower()):
            assert len(sentence) < 30 or sentence.strip() not in corpus, letter.id


def test_a_letter_without_what_its_form_needs_is_refused() -> None:
    data = BY_ID["M07"].model_dump()
    data["extras"]["photo"] = None
    with pytest.raises(ValueError, match="M07"):
        Letter.model_validate(data)


def test_every_role_and_queue_has_somebody() -> None:
    people = load_people()
    roles = set(rule_data("roles.yaml")["roles"])
    assert {role for person in people for role in person.roles} == roles
    queues = {queue["id"] for queue in rule_data("queues.yaml")["queues"]}
    assert {queue for person in people for queue in person.queues} == queues
    assert all("(347)" in person.phone for person in people)


def test_signatories_are_the_people_named_in_the_rules() -> None:
    listed = {row["id"]: row for row in rule_data("signatories.yaml")["signatories"]}
    signing = [person for person in load_people() if person.signatory]
    assert len(signing) >= 2
    for person in signing:
        row = listed[person.signatory or ""]
        assert "signatory" in person.roles
        for field in ("last_name", "first_name", "patronymic", "position", "rank"):
            assert getattr(person, field) == row[field]


def test_clients_know_the_vip_who_writes_to_his_manager_and_some_senders() -> None:
    clients = load_clients()
    accounts = {client.account_number: client for client in clients if client.account_number}
    (vip,) = [letter for letter in LETTERS if letter.expect.is_vip]
    (client,) = [client for client in clients if vip.sender.emails[0] in client.confirmed_emails]
    assert client.is_vip
    assert client.manager in {person.login for person in load_people() if "personal_manager" in person.roles}
    inns = {client.inn for client in clients if client.inn}
    assert all(inn_is_sound(inn) for inn in inns)
    senders = [letter for letter in LETTERS if letter.sender.account_number in accounts or letter.sender.inn in inns]
    assert len(senders) >= 10
    assert all(client.curator for client in clients if client.segment != Segment.B2C)
