import pytest
import support_house

from classifiers.addresskeys import address_key
from classifiers.clientkeys import (
    KeyKind,
    account_key,
    contract_key,
    email_key,
    inn_key,
    name_key,
    org_key,
    person_parts,
    phone_key,
)
from classifiers.clientnames import NameFit, compare_orgs, compare_persons, distance
from classifiers.clientscore import Score, Seen, decided
from classifiers.clientscore import score as weigh
from classifiers.identity import GROUND_TITLES, Ground, IdentityFacts, IdentityStatus, judge
from rules.wire import Channel

SPELLINGS = (
    "450001, г. Уфа, ул. Рихарда Зорге, д. 9, корп. 2, кв. 33",
    "Уфа Р.Зорге 9к2-33",
    "г.Уфа ул.Зорге д.9 к.2 кв.33",
    "Республика Башкортостан, г. Уфа, Зорге ул., 9 корпус 2, кв 33",
    "УФА, УЛИЦА ЗОРГЕ, ДОМ 9 К 2, КВАРТИРА 33",
    "ул. Зорге 9 корп 2 кв. 33, г. Уфа",
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_spellings_of_one_flat_give_one_key(text: str) -> None:
    key = address_key(text)
    assert key is not None
    assert key.value == "зорге|9к2|33|уфа"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ул. 50-летия Октября, д. 12, кв. 5", "50 октября|12|5|"),
        ("РБ, Уфимский район, с. Булгаково, ул. Цюрупы, д. 142", "цюрупы|142||булгаково"),
        ("с Булгаково, д 5", "булгаково|5||булгаково"),
        ("Салават бульвар Космонавтов 14 а - 7", "космонавтов|14а|7|салават"),
        ("пр. Октября 38/1 кв. 77, г. Стерлитамак", "октября|38/1|77|стерлитамак"),
        ("д. Дёмино, ул. Лесная, д. 3", "лесная|3||демино"),
    ],
)
def test_addresses_of_villages_avenues_and_private_houses(text: str, value: str) -> None:
    key = address_key(text)
    assert key is not None
    assert key.value == value


@pytest.mark.parametrize("text", [None, "", "просто текст", "|||", "Уфа"])
def test_what_is_no_address_gives_no_key(text: str | None) -> None:
    assert address_key(text) is None


def test_a_town_left_out_is_no_difference_but_another_town_is() -> None:
    ufa, bare, salavat = (address_key(f"{town}ул. Ленина, д. 5, кв. 1") for town in ("г. Уфа, ", "", "г. Салават, "))
    assert ufa
    assert bare
    assert salavat
    assert ufa.same_place(bare)
    assert not ufa.same_place(salavat)


def test_numbers_are_brought_to_one_spelling() -> None:
    assert account_key("1100 274-518") == "1100274518"
    assert account_key("12а") is None
    assert contract_key("Договор № ЭН-00219/20") == contract_key("эн–00219/20") == "эн-00219/20"
    assert contract_key("AГ-118") == contract_key("АГ-118")
    assert contract_key("б/н") is None
    assert inn_key("201000018") == inn_key("0201000018") == "0201000018"
    assert inn_key("0201000019") is None
    assert phone_key("8 (917) 123-45-67") == "+79171234567"
    assert email_key(" Office@Firm.Example.RU ") == "office@firm.example.ru"
    assert email_key("нет") is None


def test_names_are_ordered_and_lose_their_legal_form() -> None:
    assert name_key("Рамиль Фанисович Сафиуллин", is_person=True) == "сафиуллин рамиль фанисович"
    assert name_key("ИП Гайсин Рустем Айратович", is_person=False) == "гайсин рустем айратович"
    assert org_key("ООО «Хлебный двор»") == org_key("Общество с ограниченной ответственностью «ХЛЕБНЫЙ ДВОР»")
    assert org_key("ООО") == "ооо"


@pytest.mark.parametrize(
    ("written", "fit"),
    [
        ("Сафиуллин Рамиль Фанисович", NameFit.FULL),
        ("Рамиль Сафиуллин", NameFit.FULL),
        ("Сафиулин Рамиль Фанисович", NameFit.TYPO),
        ("Сафиуллин Р.Ф.", NameFit.INITIALS),
        ("Сафиуллин", NameFit.SURNAME),
        ("Сафиуллина Гульназ Маратовна", NameFit.FAMILY),
        ("Сафиуллин Марат Фанисович", NameFit.FAMILY),
        ("Орлов Кирилл Дмитриевич", NameFit.DIFFERENT),
    ],
)
def test_names_of_persons(written: str, fit: NameFit) -> None:
    assert compare_persons(person_parts(written), person_parts("Сафиуллин Рамиль Фанисович")) is fit


def test_a_feminine_surname_is_no_slip_of_the_pen() -> None:
    assert compare_persons(person_parts("Иванова Юлия"), person_parts("Иванов Юлий")) is NameFit.FAMILY


def test_names_of_organisations() -> None:
    assert compare_orgs("ООО «Хлебный двор»", "Хлебный Двор") is NameFit.FULL
    assert compare_orgs("Хлебный двар", "ООО «Хлебный двор»") is NameFit.DIFFERENT  # short words: no errors allowed
    assert compare_orgs("АО Приуральский трикотаж", "АО «Приуральскй трикотаж»") is NameFit.TYPO
    assert compare_orgs("ООО «Лесная пристань»", "АО «Приуральский трикотаж»") is NameFit.DIFFERENT
    assert compare_orgs(None, "АО «Приуральский трикотаж»") is NameFit.UNKNOWN


def test_distance_is_bounded_and_counts_swaps_once() -> None:
    assert distance("кот", "кто", 2) == 1
    assert distance("молоко", "", 2) == 3
    assert distance("абвгд", "еёжзи", 1) == 2


RULES = support_house.book().clients.matching


def score(seen: Seen) -> Score:
    return weigh(seen, RULES)


@pytest.mark.parametrize("kind", ["account", "contract", "email", "phone", "address"])
def test_no_key_but_the_inn_links_alone(kind: KeyKind) -> None:
    alone = score(Seen(frozenset({kind})))
    assert alone.confidence < RULES.threshold
    assert score(Seen(frozenset({"inn"}))).confidence >= RULES.threshold


def test_a_foreign_name_never_links_however_many_keys_agree() -> None:
    everything: frozenset[KeyKind] = frozenset({"inn", "account", "contract", "email", "phone", "address"})
    for fit in (NameFit.DIFFERENT, NameFit.FAMILY):
        assert score(Seen(everything, name=fit)).confidence < RULES.threshold


def test_a_key_of_another_client_lowers_the_confidence_and_is_told() -> None:
    alone = score(Seen(frozenset({"account"}), name=NameFit.FULL))
    disputed = score(Seen(frozenset({"account"}), conflict=frozenset({"phone"}), name=NameFit.FULL))
    assert disputed.confidence < alone.confidence
    assert "телефон: в письме другой, не этого клиента" in disputed.evidence


def test_somebody_elses_data_leaves_it_to_a_person() -> None:
    found = score(Seen(frozenset({"account", "phone"}), name=NameFit.FULL, others_data=True))
    assert found.confidence < RULES.threshold


def test_a_number_named_as_a_neighbours_counts_half() -> None:
    seen = Seen(frozenset({"account"}), name=NameFit.INITIALS, doubtful=frozenset({"account"}))
    assert score(seen).confidence < RULES.threshold


def test_two_like_candidates_are_left_to_a_person() -> None:
    assert decided([0.9], RULES)
    assert decided([0.95, 0.95 - RULES.margin], RULES)
    assert not decided([0.95, 0.9], RULES)
    assert not decided([], RULES)


def facts(**changes: object) -> IdentityFacts:
    plain = {
        "linked": True,
        "name_fits": True,
        "channel": Channel.EMAIL,
        "reply_channel": Channel.EMAIL,
        "reply_email": "ivan@example.ru",
        "premises": True,
    }
    return IdentityFacts(**{**plain, **changes})  # type: ignore[arg-type] # keywords of the test


def test_an_unknown_mailbox_is_told_nothing_but_the_post_to_the_premises_is() -> None:
    found = judge(facts())
    assert found.status is IdentityStatus.ADDRESS_ONLY
    assert found.recipient_confirmed is False
    by_post = judge(facts(reply_channel=Channel.POST, at_home=True))
    assert by_post.recipient_confirmed is True
    elsewhere = judge(facts(reply_channel=Channel.POST, at_home=False))
    assert elsewhere.recipient_confirmed is False


def test_a_confirmed_mailbox_is_told_what_is_the_clients() -> None:
    found = judge(facts(confirmed_emails=frozenset({"ivan@example.ru"})))
    assert found.status is IdentityStatus.CONFIRMED
    assert found.recipient_confirmed is True
    assert "сумма долга" in found.may_tell


def test_a_confirmed_writer_is_not_answered_at_another_address() -> None:
    found = judge(facts(channel=Channel.LKK, reply_channel=Channel.EMAIL, confirmed_emails=frozenset({"a@b.ru"})))
    assert found.status is IdentityStatus.CONFIRMED
    assert found.recipient_confirmed is False


@pytest.mark.parametrize("strange", [{"name_fits": False}, {"others_data": True}, {"for_another": True}])
def test_a_stranger_is_told_nothing_even_with_a_confirmed_mailbox(strange: dict[str, bool]) -> None:
    found = judge(facts(confirmed_emails=frozenset({"ivan@example.ru"}), **strange))
    assert found.status is IdentityStatus.THIRD_PARTY
    assert found.recipient_confirmed is False
    assert "сумма долга" not in found.may_tell


def test_without_a_client_nobody_can_tell() -> None:
    assert judge(facts(linked=False)).recipient_confirmed is None


@pytest.mark.parametrize("ground", Ground)
def test_a_persons_decision_comes_first(ground: Ground) -> None:
    found = judge(facts(name_fits=False, premises=False, decision=ground))
    against = ground is Ground.THIRD_PARTY
    assert (found.status is IdentityStatus.THIRD_PARTY) is against
    assert found.recipient_confirmed is not against
    assert GROUND_TITLES[ground]
    assert len(ground.value) <= 16  # what the register keeps
