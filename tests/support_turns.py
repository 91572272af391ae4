"""Letters in turns of writing that no set has: parts of all sets' letters replaced by other legal ones.

Each part has a pool of ways in which offices write it; the case is changed with the words, so the letter stays correct.
A letter that is accused shows what the check cannot read, not what is wrong.
"""

# ruff: noqa: E501 - pools of lines as offices write them

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from support_makers import MAKERS, Letter, Made
from support_offices import every_letter

from classifiers.names import name_forms
from outbox.check.reader import read_letter
from outbox.check.text import squeeze
from rules.wire import LetterContext

TOPICS: Final = (
    "По вопросу перерасчёта платы",
    "Относительно показаний прибора учёта",
    "Касательно Вашего обращения",
    "Ответ на обращение",
    "Перерасчёт платы за отопление",
    "Разъяснения по начислениям",
    "Тема письма: сроки ремонта",
    "Предмет письма: договор управления",
    "Вопрос: начисление платы",
    "«О порядке расчётов»",
    "ОТВЕТ НА ЗАЯВЛЕНИЕ",
    "Результаты проверки Вашей жалобы",
    "В отношении льготы по оплате",
    "Сведения о начислениях по адресу: ул. Лесная, 4",
    "Что изменится в расчётах с 1 января",
    "Ваше обращение о переплате",
    "К вопросу о замене счётчика",
    "Касается: Ваш запрос",
    "Насчёт очереди на приватизацию",
)
REGARDS: Final = (
    "С глубоким почтением,",
    "С пожеланием здоровья и благополучия,",
    "Искренне Ваши,",
    "Всегда рады помочь,",
    "С уважением к Вам и Вашим близким,",
    "С надеждой на дальнейшее сотрудничество",
    "С добрыми пожеланиями",
    "С наилучшими пожеланиями,",
    "С совершенным почтением",
    "С признательностью,",
)
POSITIONS: Final = (
    "Смотритель маяка",
    "Хранитель фондов",
    "Дежурный по вокзалу",
    "Вице-президент по работе с населением",
    "Дирижёр хора",
    "Тренер сборной",
    "Брокер-распорядитель",
    "Землеустроитель",
    "Капитан порта",
    "Диспетчер смены",
    "Библиограф",
    "Агроном хозяйства",
    "Лоцман первого класса",
    "Методист высшей категории",
    "Казначей товарищества",
    "Старший оценщик",
    "Ревизор",
    "Попечитель совета",
    "Начальница станции",
    "Имам-хатыб мечети",
    "Протоиерей",
    "Омбудсмен",
    "Комендант общежития",
    "Шеф-редактор",
)
FOREIGN: Final = (
    ("Нгуен", "Тхи Лан", None),
    ("Рашид", "Ахмед", None),
    ("Смит", "Джон", None),
    ("Ли", "Мэй", None),
    ("Мамедов", "Али", "Гасан оглы"),
    ("Окуджава", "Тенгиз", None),
    ("Ван дер Берг", "Питер", None),
    ("Саид Ахмад", "Шах", None),
    ("Кожокару", "Ион", None),
    ("Чжан", "Вэй", None),
    ("О’Коннор", "Шон", None),
    ("Магомедова", "Патимат", "Абдул-Кадировна"),
    ("де Сильва", "Мария", None),
    ("Бат-Эрдэнэ", "Сүхбаатар", None),
    ("Ына", "Гулсара", None),
)
"""Last name, first name, patronymic."""
PHONES: Final = (
    "8 (347) 246-01-98, доб. 112",
    "8-347-246-01-98",
    "+7 347 246 01 98",
    "тел.: 83472460198",
    "(347) 2-46-01-98",
    "(8-347) 246-01-98",
    "+7(347)246‑01‑98 вн. 12",
    "тел. 8 (347) 246 01 98, 246 01 99",
    "8(347)2460198",
    "Тел.: +7 (347) 246–01–98 (доб. 1–12)",
    "8.347.246.01.98",
    "+7-347-246-0198",
    "8 347 2 460 198",
)
MARKS: Final[tuple[tuple[str, ...], ...]] = (
    ("Исполнитель: {full}", "{phone}"),
    ("Исп. {full}, {phone}",),
    ("Подготовлено: {full}", "{phone}"),
    ("Контактное лицо – {full}", "{phone}"),
    ("{full}, ведущий специалист отдела расчётов", "{phone}"),
    ("{full}", "отдел по работе с обращениями граждан", "{phone}", "otdel@example.org"),
    ("Письмо составлено: {full}", "{phone}"),
    ("{first_patronymic} {last}", "{phone}"),
    ("{upper}", "{phone}"),
    ("Отв. {full}", "{phone}"),
    ("Ваш куратор {full}", "{phone}"),
)
NUMBERS: Final = (
    "№ {number} от {date}",
    "{date} № {number}",
    "Исх.№{number} от {date}г.",
    "Рег. № {number} / {date}",
    "{date}г. №{number}",
    "Исходящий {number} от {date} года",
    "от {date} за № {number}",
    "Наш № {number}|{date}",
    "№{number}|«{day}» {month} {year} г.",
    "{number}|{date}",
)
PREAMBLES: Final = (
    "На Ваше обращение (вх. № {number} от {date}) о начислении платы сообщаем следующее.",
    "Рассмотрев обращение от {date} за № {number} о плате, даём пояснения.",
    "В ответ на Ваш запрос № {number}, поступивший {date}, о начислениях направляем разъяснения.",
    "Ваше письмо, зарегистрированное {date} под номером {number}, по вопросу оплаты внимательно изучено, и мы готовы ответить.",
    "Обращение, которое поступило к нам {word_date} (регистрационный № {number}), о порядке расчётов рассмотрено.",
    "{date} мы получили Ваше заявление № {number} о проверке начислений. По его существу поясняем следующее.",
    "По Вашему обращению № {number} от {word_date} касательно расчётов проведена проверка.",
)
CLOSINGS: Final = (
    "Если что-то осталось неясным, мы на связи.",
    "Будем признательны за Ваше мнение о качестве ответа.",
    "Двери нашего центра для Вас открыты.",
    "Желаем Вам тепла и уюта.",
    "Спасибо, что помогаете нам работать лучше.",
    "Приходите, и мы во всём разберёмся вместе.",
    "Мы дорожим Вашим доверием.",
    "Наши специалисты всегда к Вашим услугам.",
    "Верим, что этот ответ снимет все вопросы.",
    "Пусть в Вашем доме будет тепло.",
    "Остаёмся в Вашем распоряжении.",
    "Ждём Вас в удобное время.",
    "О любых новостях по этому делу сразу сообщим.",
)
HEADS: Final[tuple[tuple[str, ...], ...]] = (
    ("Единый расчётный центр", "Директор: Перепёлкин Иван Ильич", "ул. Л. Толстого, 9"),
    ("ТСН «Берёзовая роща»", "Лицензия № 02-000123 от 12.05.2019", "Работаем для Вас с 1998 года"),
    (
        "МУНИЦИПАЛЬНОЕ ОБРАЗОВАНИЕ",
        "СЕЛЬСКИЙ СОВЕТ",
        "453000, с. Иглино, пл. Победы, 1",
        "Часы приёма: вт., чт. с 9 до 17",
    ),
    ("Научное общество «Эрудит»", "при Доме учителя им. А.С. Пушкина", "р/с 40702810900000012345 в ПАО «Банк»"),
    ("Группа компаний «СВЕТ»", "Энергия рядом", "svet.example.org | 8 800 555-35-35"),
    ("ЧУДО «Детство»", "Председатель правления Ли В.А.", "Казань, Кремлёвская, 2а"),
    ("УТВЕРЖДЁННЫЙ БЛАНК", "Служба заказчика", "№ 1 в республике"),
)
PLACES: Final[tuple[tuple[str, ...], ...]] = (
    ("Почтовый ящик 17, г. Уфа",),
    ("450000, РБ, г. Уфа, Ленина 5-12",),
    ("до востребования",),
    ("client@example.org", "(по электронной почте)"),
    ("д. Нижние Тавлы, дом Гумеровых",),
    ("Лесной массив", "общежитие № 3, комн. 12"),
    (),
)
ADDRESSEES: Final = (
    "{dative}",
    "Гр. {dative}",
    "Кому: {dative}",
    "{upper_dative}",
    "{dative_short}",
    "{initials_dative}",
    "для {genitive}",
    "Адресат: {dative}",
    "Получатель: {dative}",
)
SALUTATIONS: Final = ("Уважаем{end} {name}!", "Глубокоуважаем{end} {name}!", "Уважаем{end} {name},", "УВАЖАЕМ{END} {NAME}!",
                      "Многоуважаем{end} {name}!", "Уважаем{end} {name}", "Уважаем{end}  {name} !")  # fmt: skip
PERSONS: Final = ("{initials} {last}", "{last} {initials}", "{spaced} {last}", "{first} {last}", "{full}", "{first} {patronymic} {last}",
                  "{INITIALS} {LAST}", "{LAST} {initials}", "({initials} {last})", "{last}  {initials}")  # fmt: skip
MONTHS: Final = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


@dataclasses.dataclass
class _Work:
    """A letter and its case while parts of it are replaced."""

    words: dict[str, Any]
    case: dict[str, Any]
    chance: random.Random

    def person(self, name: str) -> dict[str, Any]:
        return self.case.get(name) or {}


def _names(person: dict[str, Any]) -> dict[str, str]:
    last, first, patronymic = (person.get(key) or "" for key in ("last_name", "first_name", "patronymic"))
    initials = "".join(f"{one[0]}." for one in (first, patronymic) if one)
    full = " ".join(filter(None, (last, first, patronymic)))
    return {
        "last": last, "first": first, "patronymic": patronymic, "initials": initials, "full": full,
        "spaced": initials.replace(".", ". ").strip(), "LAST": last.upper(), "INITIALS": initials,
        "first_patronymic": f"{first} {patronymic}".strip(), "upper": f"{last.upper()} {first} {patronymic}".strip(),
    }  # fmt: skip


def topic(work: _Work) -> None:
    """Another form of the topic."""
    if work.words["topic"]:
        work.words["topic"] = work.chance.choice(TOPICS)


def regards(work: _Work) -> None:
    """Another closing formula."""
    work.words["regards"] = work.chance.choice(REGARDS)


def position(work: _Work) -> None:
    """A position that no list holds."""
    if work.words["position"]:
        work.words["position"] = work.case["signatory"]["position"] = work.chance.choice(POSITIONS)


def signatory(work: _Work) -> None:
    """Another signatory, of any people, named in any way."""
    if not work.words["person"]:
        return
    if work.chance.random() < 0.5:
        names = dict(zip(("last_name", "first_name", "patronymic"), work.chance.choice(FOREIGN), strict=True))
        same = work.case["signatory"].get("last_name") == work.person("executor").get("last_name")
        if not same:
            work.case["signatory"] |= names
            work.words["person"] = work.chance.choice((f"{names['first_name']} {names['last_name']}",
                                                       f"{names['last_name']} {names['first_name']}"))  # fmt: skip
            return
    told = _names(work.case["signatory"])
    if told["first"] and told["patronymic"] and len(told["first"]) > 1:
        work.words["person"] = work.chance.choice(PERSONS).format(**told)


def mark(work: _Work) -> None:
    """Another form of the mark."""
    if not work.words["mark"] or not work.person("executor"):
        return
    told = _names(work.case["executor"])
    lines = work.chance.choice(MARKS)
    said = work.chance.choice(PHONES)
    work.words["mark"] = tuple(one.format(phone=said, **told) for one in lines)
    work.case["executor"]["phone"] = "+73472460198"


def number(work: _Work) -> None:
    """Number and date of the letter in another way."""
    sent = work.person("letter")
    year, month, day = sent["date"].split("-")
    told = work.chance.choice(NUMBERS).format(
        number=sent["number"], date=f"{day}.{month}.{year}", day=day, month=MONTHS[int(month) - 1], year=year
    )
    work.words["reference"] = tuple(told.split("|"))


def preamble(work: _Work) -> None:
    """The incoming letter named in another way."""
    came = work.case.get("incoming")
    if (
        not came
        or work.case["letter"].get("kind") != "answer"
        or re.search(r"(?i)вложени|прил[оа]", work.words["text"][0])
    ):
        return
    year, month, day = came["date"].split("-")
    said = work.chance.choice(PREAMBLES).format(
        number=came["number"],
        date=f"{day}.{month}.{year}",
        word_date=f"{int(day)} {MONTHS[int(month) - 1]} {year} года",
    )
    work.words["text"] = (said, *work.words["text"][1:])


def closing(work: _Work) -> None:
    """Another conclusion behind the text."""
    *text, last = work.words["text"]
    if len(text) > 2 and not re.search(r"\d", last) and not work.case.get("company_at_fault"):
        work.words["text"] = (*text, work.chance.choice(CLOSINGS))


def head(work: _Work) -> None:
    """Another letterhead, with whatever offices print there."""
    work.words["letterhead"] = work.chance.choice(HEADS)


def addressee(work: _Work) -> None:
    """The client named in another way, with another address or none."""
    client = work.person("client")
    if client.get("position") or client.get("org_name") or not client.get("patronymic"):
        return
    if client["first_name"] not in work.words["salutation"]:
        return
    full = " ".join(client[key] for key in ("last_name", "first_name", "patronymic"))
    forms = name_forms(full, gender=client.get("gender"))
    if not (forms.dative and forms.genitive and forms.dative_short) or len(forms.dative.split()) != 3:
        return
    last, *rest = forms.dative.split()
    said = work.chance.choice(ADDRESSEES).format(
        dative=forms.dative, genitive=forms.genitive, dative_short=forms.dative_short,
        upper_dative=" ".join((last.upper(), *rest)), initials_dative=f"{_names(client)['initials']} {last}",
    )  # fmt: skip
    work.words["to"] = (said, *work.chance.choice(PLACES))


def salutation(work: _Work) -> None:
    """The salutation in another dress."""
    client = work.person("client")
    if not (client.get("patronymic") and client.get("first_name")) or "уважаемые" in work.words["salutation"].lower():
        return
    forms = name_forms(
        " ".join(client[key] for key in ("last_name", "first_name", "patronymic")), gender=client.get("gender")
    )
    if not forms.gender or "," in work.words["salutation"] or work.words["text"][0][:1].islower():
        return
    end = "ый" if forms.gender == "male" else "ая"
    name = f"{client['first_name']} {client['patronymic']}"
    work.words["salutation"] = work.chance.choice(SALUTATIONS).format(
        end=end, END=end.upper(), name=name, NAME=name.upper()
    )


TURNS: Final[tuple[Callable[[_Work], None], ...]] = (
    topic, regards, position, signatory, mark, number, preamble, closing, head, addressee, salutation,
)  # fmt: skip


def turned(one: Made, turns: tuple[Callable[[_Work], None], ...], maker: str, chance: random.Random) -> Made:
    """A letter with some of its parts written otherwise, by another maker."""
    words = {each.name: getattr(one.letter, each.name) for each in dataclasses.fields(Letter)} | {"maker": maker}
    work = _Work(words, one.case.model_dump(mode="json", exclude_unset=True), chance)
    for turn in turns:
        turn(work)
    return Made(Letter(**work.words), LetterContext.model_validate(work.case), ())


def _prints(one: Made) -> bool:
    """Whether the maker sets every part: some know no notes of enclosures, no copies, no formula."""
    said = squeeze("".join(block.text for block in read_letter(one.docx()).blocks))
    parts = (*one.letter.to, one.letter.topic, *one.letter.text, *one.letter.note, one.letter.person, *one.letter.mark)
    return all(squeeze(part) in said for part in parts)


def _is_marked_up(one: Made) -> bool:
    """Whether a letter's text holds marks that only its own maker knows."""
    return any(text.startswith(("#", "|")) for text in one.letter.text)


def turned_letters(count: int, seed: int = 20261130) -> Iterator[tuple[Made, tuple[str, ...]]]:
    """Letters with two to four turns each and what was turned; letters with two signers are left out."""
    chance = random.Random(seed)
    letters = [
        one
        for one in every_letter()
        if "¦" not in one.letter.person + one.letter.position and not one.letter.gost and not _is_marked_up(one)
    ]
    makers = [name for name in MAKERS if name not in {"two_signers", "both_sign", "blank"}]
    for _ in range(count):
        turns = tuple(chance.sample(TURNS, chance.randint(2, 4)))
        made = turned(chance.choice(letters), turns, chance.choice(makers), chance)
        if not _prints(made):
            continue
        yield made, (made.letter.maker, *(one.__name__ for one in turns))
