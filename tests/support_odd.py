"""Fifteen correct letters in odd but legal styles, each in the markup of one office's habit.

They were written without a look at what the check tolerates: the letters are right by the Standard, and resemble no
other letter of these tests. Each carries ways to spoil it, so that a check that lets everything through fails too.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from support_ooxml import box, control, defaults, family, p, pack, r, section, size, style, table, vml_box

from rules.wire import LetterContext

_SOURCES: Final = Path(__file__).parent / "data" / "odd"
_RIGHT: Final = '<w:jc w:val="right"/>'
_CENTRE: Final = '<w:jc w:val="center"/>'
_RED_LINE: Final = '<w:ind w:firstLine="709"/><w:jc w:val="both"/>'
_BOTTOM: Final = {
    "across": 'relativeFrom="margin"><wp:align>left</wp:align>',
    "down": 'relativeFrom="margin"><wp:align>bottom</wp:align>',
}


@dataclass(frozen=True)
class Plant:
    """A violation put into a letter: words or markup replaced, and the rule that must find it."""

    rule: str
    old: str
    new: str


@dataclass(frozen=True)
class Odd:
    """A correct letter.

    Attributes:
        made: The .docx, or the source that a word processor turns into one (``suffix``).
        plants: Ways to spoil it.
    """

    name: str
    made: bytes
    case: LetterContext
    plants: tuple[Plant, ...]
    suffix: str = "docx"

    def spoilt(self, plant: Plant) -> bytes:
        """The letter with one violation; it must have been there to be replaced."""
        old, new = plant.old.encode(), plant.new.encode()
        if self.suffix != "docx":
            if self.suffix == "rtf":
                old, new = _rtf(plant.old), _rtf(plant.new)
            assert old in self.made, plant
            return self.made.replace(old, new)
        stream = io.BytesIO()
        found = False
        with zipfile.ZipFile(io.BytesIO(self.made)) as before, zipfile.ZipFile(stream, "w") as after:
            for name in before.namelist():
                data = before.read(name)
                found |= old in data
                after.writestr(name, data.replace(old, new))
        assert found, plant
        return stream.getvalue()


def _case(
    person: str, about: str, number: str, day: str, incoming: str, came: str, signatory: str, executor: str, **more: Any
) -> LetterContext:
    """The facts of a letter; people are «Фамилия Имя Отчество, rest»."""
    names, _, position = signatory.partition(", ")
    mark, _, phone = executor.partition(", ")
    addressee, _, own = person.partition(", ")
    facts: dict[str, Any] = {
        "stage": "send",
        "letter": {"date": day, "number": number, "topic": about, "kind": "answer"},
        "client": {**_named(addressee), "segment": "B2B" if own else "B2C", "position": own or None, "is_vip": False},
        "incoming": {"number": incoming, "date": came, "received": came, "due_hard": "2026-12-20"},
        "signatory": {**_named(names), "position": position},
        "executor": {**_named(mark), "phone": phone},
        "copy_to": None,
        "script": "1",
        "recipient_confirmed": True,
        "enclosures": [],
        "facts": [],
        "company": {},
        **dict.fromkeys(
            ("asks_action", "company_at_fault", "client_at_fault", "client_legal_breach", "complaint"), False
        ),
    }
    for name, value in more.items():
        facts[name] = {**facts[name], **value} if isinstance(value, dict) else value
    return LetterContext.model_validate(facts)


def _named(full: str) -> dict[str, str]:
    return dict(zip(("last_name", "first_name", "patronymic"), full.split(), strict=True))


def _rtf(text: str) -> bytes:
    return "".join(one if ord(one) < 128 else f"\\u{ord(one)}?" for one in text).encode()


def _paragraphs(*texts: str, **look: str) -> str:
    return "".join(p(text, **look) for text in texts)


# --- the letters, one a function -------------------------------------------------------------------------------------


def conditional_table() -> Odd:
    """Everything but the text in styled tables: sizes and alignment come from the conditions of the table's style."""
    small = f'<w:tblStylePr w:type="firstCol"><w:rPr>{size(10)}</w:rPr></w:tblStylePr>'
    end = f'<w:tblStylePr w:type="lastCol"><w:pPr>{_RIGHT}</w:pPr></w:tblStylePr>'
    head = f'<w:tblStylePr w:type="firstRow"><w:pPr>{_CENTRE}</w:pPr><w:rPr><w:b/>{size(12)}</w:rPr></w:tblStylePr>'
    styles = (
        defaults(family("Times New Roman") + size(14))
        + style("n", "Normal")
        + style("t", "Сетка служебная", kind="table").replace("</w:style>", f"{small}{end}{head}</w:style>")
    )
    first_row = '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"/>'
    first_column = '<w:tblLook w:val="0080" w:firstRow="0" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"/>'
    last_column = '<w:tblLook w:val="0100" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="1"/>'
    blank = [[_paragraphs("МУП «Горводоканал»", "453250, г. Салават, ул. Северная, д. 4", "тел. (3476) 35-11-00")]]
    body = (
        table(blank, [9355], style="t", look=first_row)
        + p("")
        + table(
            [[_paragraphs("19.11.2026 № 1204/В", "На № 88-К от 02.11.2026"), p("Хамитову Никите Ильичу")]],
            [4600, 4755],
            style="t",
            look=last_column,
        )
        + p("О поверке счётчика холодной воды", look='<w:spacing w:before="240" w:after="240"/>')
        + p("Уважаемый Никита Ильич!", look=_CENTRE)
        + _paragraphs(
            "Рассмотрели Ваше обращение (вх. № 88-К от 02.11.2026) о поверке счётчика холодной воды и сообщаем "
            "следующее.",
            "Межповерочный интервал Вашего прибора истекает 15.03.2027, до этого дня показания принимаются к расчёту.",
            "Поверку выполняет любая аккредитованная организация. Снимать прибор для этого не нужно.",
            "Надеемся, что ответ был Вам полезен. Если останутся вопросы, будем рады помочь.",
            look=_RED_LINE,
        )
        + p("")
        + table([[p("Главный инженер"), p("И. А. Никитин")]], [5000, 4355], style="t", look=last_column)
        + section("footer:default:footer1")
    )
    mark = table(
        [[_paragraphs("Юлаева Зиля Маратовна", "8 (3476) 35-11-17"), ""]], [5000, 4355], style="t", look=first_column
    )
    case = _case(
        "Хамитов Никита Ильич",
        "Поверка счётчика",
        "1204/В",
        "2026-11-19",
        "88-К",
        "2026-11-02",
        "Никитин Илья Андреевич, Главный инженер",
        "Юлаева Зиля Маратовна, +73476351117",
    )
    plants = (
        Plant("EX-7", f'w:type="firstCol"><w:rPr>{size(10)}', f'w:type="firstCol"><w:rPr>{size(13)}'),
        Plant("SA-5", "Уважаемый Никита", "Уважаемая Никита"),
        Plant("SG-6", "Главный инженер", "И.о. главного инженера"),
    )
    return Odd("conditional_table", pack(body, styles=styles, footer1=mark + p("")), case, plants)


def capitals() -> Odd:
    """All capitals and small capitals by formatting; what was typed below them is in small letters."""
    caps = style("c", "Прописные", kind="character", run="<w:caps/>")
    styles = (
        defaults(family("Arial") + size(12))
        + style("n", "Normal")
        + caps
        + style("h", "Шапка", based="n", look=_CENTRE, run=f"<w:caps/><w:b/>{size(11)}")
        + style("o", "Обращ", based="n", look=_CENTRE, run="<w:smallCaps/>")
    )
    capital = '<w:rStyle w:val="c"/>'
    body = (
        _paragraphs("Акционерное общество «Теплосеть»", style="h")
        + p("452000, г. Белебей, ул. Южная, д. 9; teploset@example.ru", look=_CENTRE, run=size(9))
        + p("12 ноября 2026 г. № 77")
        + p("Ильясову Илье Никитичу", look='<w:ind w:left="5100"/>', run="<w:caps/>")
        + p("ул. Советская, д. 3, кв. 41, г. Белебей", look='<w:ind w:left="5100"/>')
        + p("о включении отопления", run=capital)
        + p("Уважаемый Илья Никитич!", style="o")
        + _paragraphs(
            "В ответ на Ваше письмо от 1 ноября 2026 г. № 5 о включении отопления информируем Вас о причинах холода "
            "в квартире.",
            "Отопление в дом подано 30 сентября. Стояк, по которому тепло приходит в Вашу квартиру, был завоздушен.",
            "Воздух удалён 10 ноября 2026 г., температура в комнатах поднялась до 22 градусов.",
            "Таким образом, отопление работает. Благодарим Вас за сообщение.",
            look=_RED_LINE,
        )
        + p("С уважением,", look='<w:spacing w:before="360"/>')
        + p(
            r("Исполнительный директор\t") + r("Т. Р. Ахметзянов", "<w:smallCaps/>"),
            look='<w:tabs><w:tab w:val="right" w:pos="9300"/></w:tabs>',
        )
        + section("footer:default:footer1")
    )
    mark = p("Исп. Сафина Гузель Айратовна, 8 (34786) 4-20-15", run=size(8.5))
    case = _case(
        "Ильясов Илья Никитич",
        "Отопление",
        "77",
        "2026-11-12",
        "5",
        "2026-11-01",
        "Ахметзянов Тимур Русланович, Исполнительный директор",
        "Сафина Гузель Айратовна, +73478642015",
    )
    plants = (
        Plant("SA-6", "Илья Никитич!", "Илья Никитович!"),
        Plant("SG-2", "Т. Р. Ахметзянов", "Т. Р. Ахметов"),
        Plant("SU-1", "о включении отопления</w:t></w:r></w:p><w:p>", "</w:t></w:r></w:p><w:p>"),
    )
    return Odd("capitals", pack(body, styles=styles, footer1=mark), case, plants)


def joined_paragraphs() -> Odd:
    """A draft under tracked changes: paragraph marks are deleted, so that nine pieces read as four paragraphs."""
    gone = '<w:rPr><w:del w:id="7" w:author="Отдел" w:date="2026-11-10T09:00:00Z"/></w:rPr>'
    styles = defaults(family("Calibri") + size(13)) + style("n", "Normal")

    def joined(*texts: str) -> str:
        *first, last = texts
        return _paragraphs(*first, look=gone) + p(last)

    body = (
        _paragraphs("ГУП «Энергосбыт»", "450059, г. Уфа, пр-т Октября, д. 25, тел. 8 (347) 222-90-90")
        + p("10.11.2026 № 3/118")
        + p("Кому: Лукманову Никите Сергеевичу")
        + p("Тема: О замене электросчётчика")
        + p("Уважаемый Никита Сергеевич,", look=_CENTRE)
        + joined("по Вашему заявлению (вх. № 640 от 29.10.2026) ", "о замене электросчётчика сообщаем результат.")
        + joined(
            "Счётчик выработал срок службы. ",
            "Новый прибор будет установлен за счёт сетевой организации ",
            "не позднее 30.12.2026.",
        )
        + joined(
            "Мастер предупредит Вас по телефону за сутки. ",
            "Он предъявит удостоверение. ",
            "Работа занимает около часа.",
        )
        + p("Если у Вас появятся вопросы, позвоните нам, пожалуйста.")
        + p("С уважением,", look='<w:spacing w:before="300"/>')
        + p("Начальник отдела учёта\t\t\t\tФёдорова Любовь Никитична")
        + section("footer:default:footer1")
    )
    case = _case(
        "Лукманов Никита Сергеевич",
        "Замена электросчётчика",
        "3/118",
        "2026-11-10",
        "640",
        "2026-10-29",
        "Фёдорова Любовь Никитична, Начальник отдела учёта",
        "Зуев Илья Львович, +73472229097",
        stage="draft",
        asks_action=True,
    )
    plants = (
        Plant("TN-2", "Он предъявит удостоверение.", "Вы обязаны его впустить."),
        Plant("BO-11", "не позднее 30.12.2026.", "в ближайшее время."),
    )
    mark = _paragraphs("Зуев Илья Львович", "8 (347) 222-90-97", run=size(10))
    return Odd("joined_paragraphs", pack(body, styles=styles, footer1=mark), case, plants)


def frames() -> Odd:
    """Addressee and executor mark in frames; the frame of the mark stands before the signature in the file."""
    to = '<w:framePr w:w="4300" w:h="1500" w:hRule="exact" w:hSpace="180" w:wrap="around" w:vAnchor="text" w:hAnchor="margin" w:xAlign="right" w:y="1"/>'
    low = '<w:framePr w:w="5200" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"/>'
    styles = (
        defaults(family("Times New Roman") + size(13))
        + style("n", "Normal")
        + style("m", "Отметка", based="n", look=low, run=size(9.5))
    )
    body = (
        _paragraphs("И.о. директора", "МАОУ «Лицей № 9»", "Хабибуллиной Альфие Фанилевне", look=to)
        + _paragraphs(
            "ООО «Газ-Сервис»",
            "453300, г. Кумертау, ул. Мира, 4",
            "20.11.2026 № ГС-415",
            "на № 12 от 11.11.2026",
            "",
            "",
            run=size(11),
        )
        + p("О проверке газового оборудования", look='<w:spacing w:before="300" w:after="300"/>', run="<w:i/>")
        + p("Уважаемая Альфия Фанилевна", look=_CENTRE)
        + _paragraphs(
            "На Ваше письмо № 12 от 11.11.2026 (вх. № 2026/904 от 12.11.2026) о проверке газового оборудования "
            "пищеблока отвечаем.",
            "Проверка включена в график на 3 декабря 2026 года. Она займёт два часа и не помешает приготовлению обедов.",
            "Просим назначить до 1 декабря 2026 года работника, который встретит мастера, и сообщить нам его телефон.",
            "Благодарим за внимание к безопасности и надеемся на сотрудничество.",
            look=_RED_LINE,
        )
        + _paragraphs("Мусин Илья Маратович", "+7 (34761) 4-44-15", look=low, run=size(9.5))
        + p("Заместитель директора\nпо эксплуатации\t\t\t\t\t\tА. В. Чиж", look='<w:spacing w:before="700"/>')
        + section()
    )
    case = _case(
        "Хабибуллина Альфия Фанилевна, И.о. директора",
        "Проверка газового оборудования",
        "ГС-415",
        "2026-11-20",
        "2026/904",
        "2026-11-12",
        "Чиж Антон Викторович, Заместитель директора по эксплуатации",
        "Мусин Илья Маратович, +73476144415",
    )
    plants = (
        Plant("EX-4", 'w:xAlign="left" w:yAlign="bottom"', 'w:xAlign="right" w:yAlign="bottom"'),
        Plant("SG-5", "Заместитель директора", "За директора"),
        Plant("TO-2", "Хабибуллиной Альфие", "Халиуллиной Альфие"),
    )
    return Odd("frames", pack(body, styles=styles), case, plants)


def signature_box() -> Odd:
    """Letterhead lengthwise across the sheet; position and name in a text box, the mark in another."""
    styles = defaults(family("Liberation Serif") + size(14)) + style("n", "Normal")
    rule = '<w:pBdr><w:bottom w:val="double" w:sz="6" w:space="1" w:color="auto"/></w:pBdr><w:jc w:val="center"/>'
    signed = p("Директор\t\t\t\t\t\t\tД. И. Лисица")
    across = {
        "across": 'relativeFrom="margin"><wp:align>left</wp:align>',
        "down": 'relativeFrom="paragraph"><wp:posOffset>200000</wp:posOffset>',
    }
    mark = _paragraphs("Кочубей Марина Никитична", "тел. +7 347 246-00-31", run=size(10.5))
    body = (
        p("Управляющая организация «Наш дом»", look=_CENTRE, run="<w:b/>")
        + p(
            "ИНН 0278000000, ОГРН 1130280000000, 450075, г. Уфа, ул. Блюхера, д. 2, nash-dom@example.ru",
            look=rule,
            run=size(10),
        )
        + p("от 17.11.2026 № НД-90\tна № б/н от 30.10.2026")
        + p("Кому:\tКравец Любови Ильиничне")
        + p("Тема:\tо мытье лестниц")
        + p("Уважаемая Любовь Ильинична!", look=_CENTRE)
        + _paragraphs(
            "Получили Ваше обращение от 30.10.2026 (вх. № 311 от 30.10.2026) о мытье лестниц. Сообщаем, что сделано.",
            "Лестницы третьего подъезда вымыты 5 ноября 2026 г. Уборщица приходит по вторникам и пятницам.",
            "График висит на первом этаже. Показать его просил и старший по дому.",
            "Спасибо, что написали нам. Будем рады Вашим предложениям.",
        )
        + p(box(signed, **across, width=16500, height=900))
        + p(box(mark, **_BOTTOM, width=8000, height=1100))
        + section()
    )
    case = _case(
        "Кравец Любовь Ильинична",
        "Мытьё лестниц",
        "НД-90",
        "2026-11-17",
        "311",
        "2026-10-30",
        "Лисица Данила Игоревич, Директор",
        "Кочубей Марина Никитична, +73472460031",
    )
    plants = (
        Plant("SG-4", "Директор</w:t><w:tab/>", "/ Директор</w:t><w:tab/>"),
        Plant("SA-8", "Уважаемая Любовь Ильинична!", "Уважаемый потребитель!"),
        Plant("EX-9", "тел. +7 347 246-00-31", "отдел благоустройства"),
    )
    return Odd("signature_box", pack(body, styles=styles), case, plants)


def bilingual() -> Odd:
    """A letterhead in two languages around an emblem, tabs everywhere, the text in an indented style."""
    styles = (
        defaults(size(14), '<w:spacing w:line="276" w:lineRule="auto"/>')
        + style("n", "Normal", run=family("Times New Roman"))
        + style("x", "Обычный отступ", based="n", look=_RED_LINE)
    )
    small = size(10)
    left = _paragraphs(
        "«БАШЙЫЛЫЛЫҠ»", "яуаплылығы сикләнгән йәмғиәте", "450008, Өфө ҡалаһы, Ленин урамы, 86", look=_CENTRE, run=small
    )
    right = _paragraphs(
        "Общество с ограниченной",
        "ответственностью «БАШТЕПЛО»",
        "450008, г. Уфа, ул. Ленина, д. 86",
        look=_CENTRE,
        run=small,
    )
    body = (
        table([[left, "", right]], [4100, 1155, 4100])
        + p("«18» ноября 2026 г.\t\t\t\t\t\t№ 02-06/771")
        + _paragraphs(
            "Шәрипову Илье Ғалиевичу",
            "450097, г. Уфа,",
            "бульвар Хадии Давлетшиной, д. 9, кв. 12",
            look='<w:ind w:left="4956"/>',
        )
        + p("О перерасчёте платы", run="<w:b/>")
        + p("Уважаемый Илья Ғалиевич!", look='<w:spacing w:before="240" w:after="240"/><w:jc w:val="center"/>')
        + _paragraphs(
            "Ваше заявление, поступившее 09.11.2026 (вх. № 02-06/4410 от 09.11.2026), о перерасчёте платы за отопление "
            "за время отсутствия рассмотрено. О результате сообщаем.",
            "Плата за отопление за время отсутствия не пересчитывается: тепло подаётся в дом независимо от того, "
            "живут ли в квартире. Так установлено пунктом 86 Правил, утверждённых постановлением Правительства РФ "
            "от 06.05.2011 № 354.",
            "Вместе с тем плату за холодную и горячую воду мы пересчитаем, если в квартире нет счётчиков. Для этого "
            "просим представить документ об отсутствии до 16.12.2026 в любой наш офис или через личный кабинет.",
            "Надеемся на понимание. Если у Вас возникнут вопросы, просим обращаться по телефону 8 (347) 279-00-00.",
            style="x",
        )
        + p("")
        + p("Первый заместитель\nгенерального директора –\nглавный инженер\t\t\t\t\t\tН. Ю. Гоголь")
        + p(
            vml_box(
                _paragraphs("Нургалиева Алсу Ильдаровна", "(347) 279-00-14", run=size(10)),
                "width:240pt;height:32pt;mso-position-horizontal:left;mso-position-horizontal-relative:margin;"
                "mso-position-vertical:bottom;mso-position-vertical-relative:margin",
            )
        )
        + section()
    )
    case = _case(
        "Шәрипов Илья Ғалиевич",
        "Перерасчёт платы за отопление",
        "02-06/771",
        "2026-11-18",
        "02-06/4410",
        "2026-11-09",
        "Гоголь Никита Юрьевич, Первый заместитель генерального директора – главный инженер",
        "Нургалиева Алсу Ильдаровна, +73472790014",
        letter={"kind": "refusal"},
    )
    plants = (
        Plant("BO-4", "от 06.05.2011 № 354", "от 06.05.2012 № 354"),
        Plant("PR-3", "вх. № 02-06/4410 от 09.11.2026", "вх. № 02-06/4401 от 09.11.2026"),
        Plant("SA-4", 'w:after="240"/><w:jc w:val="center"/>', 'w:after="240"/><w:jc w:val="start"/>'),
    )
    return Odd("bilingual", pack(body, styles=styles), case, plants)


def theme_only() -> Odd:
    """No typeface is named anywhere: headings' face of the theme for the letterhead, the text's for everything else."""
    minor = '<w:rFonts w:asciiTheme="minorHAnsi" w:eastAsiaTheme="minorEastAsia" w:hAnsiTheme="minorHAnsi"/>'
    major = '<w:rFonts w:asciiTheme="majorHAnsi" w:hAnsiTheme="majorHAnsi" w:cstheme="majorBidi"/>'
    styles = (
        defaults(minor + size(12), '<w:spacing w:after="160" w:line="259" w:lineRule="auto"/>')
        + style("n", "Normal")
        + style("1", "heading 1", based="n", run=major + size(16))
        + style("s", "No Spacing", look='<w:spacing w:after="0"/>')
        + style("f", "footer", based="n", look='<w:spacing w:after="0"/>', run=size(9))
    )
    body = (
        p("АО «Региональный оператор»", style="1")
        + _paragraphs(
            "450006, г. Уфа, ул. Пархоменко, 156", "Тел.: 8 (347) 246-50-50", "Исх. № РО/5521 от 25.11.2026", style="s"
        )
        + p("Генеральному директору ООО «Уют» Никитиной Илоне Ильиничне", look=_RIGHT)
        + p("О вывозе строительных отходов")
        + p("Уважаемая Илона Ильинична!", look=_CENTRE)
        + _paragraphs(
            "Направляем ответ на Ваше письмо от 20.11.2026 № 17/у (вх. № РО-9981 от 20.11.2026) о вывозе строительных "
            "отходов.",
            "Строительные отходы не относятся к твёрдым коммунальным, поэтому по договору от 01.02.2024 № ТКО-77 их "
            "вывоз не предусмотрен.",
            "Предлагаем заказать отдельный рейс: машину можно подать через два дня после заявки. Ответ о решении ждём "
            "до 05.12.2026.",
            "Надеемся на дальнейшее сотрудничество.",
        )
        + p(
            r("Коммерческий директор") + '<w:r><w:ptab w:relativeTo="margin" w:alignment="right" w:leader="none"/>'
            "</w:r>" + r("Р. Р. Заяц")
        )
        + section("footer:default:footer1")
    )
    case = _case(
        "Никитина Илона Ильинична, Генеральный директор",
        "Вывоз строительных отходов",
        "РО/5521",
        "2026-11-25",
        "РО-9981",
        "2026-11-20",
        "Заяц Рустем Робертович, Коммерческий директор",
        "Абубакирова Гульназ Флюровна, +73472465061",
        letter={"kind": "refusal"},
    )
    footer = _paragraphs("Абубакирова Гульназ Флюровна", "8 (347) 246-50-61, g.abubakirova@example.ru", style="f")
    plants = (
        Plant("EX-6", '<w:pStyle w:val="f"/></w:pPr><w:r><w:rPr>', f'<w:pStyle w:val="f"/></w:pPr><w:r><w:rPr>{major}'),
        Plant("TO-3", "Генеральному директору ООО «Уют»", "ООО «Уют»,"),
        Plant("SG-9", "Р. Р. Заяц", "Р. Р. Заяц (А. В. Волк)"),
    )
    return Odd(
        "theme_only", pack(body, styles=styles, fonts=("Times New Roman", "Arial"), footer1=footer), case, plants
    )


def quoted_law() -> Odd:
    """Law quoted in three kinds of marks and in a paragraph of its own; the client owes, and is not scolded."""
    styles = (
        defaults(family("PT Serif") + size(12))
        + style("n", "Normal", look=_RED_LINE)
        + style("q", "Цитата", based="n", look='<w:ind w:left="567" w:right="567" w:firstLine="0"/>', run="<w:i/>")
    )
    flat = '<w:ind w:firstLine="0"/><w:jc w:val="left"/>'
    body = (
        _paragraphs(
            "ПАО «Горэлектросеть»",
            "453100, г. Стерлитамак, ул. Мира, д. 7",
            "8 (3473) 25-00-00",
            "№ 14-П от 13.11.2026",
            "На № ВХ-5-77 от 06.11.2026",
            look=flat,
        )
        + p("Госпоже Лебедь Нинель Ильиничне", look='<w:ind w:firstLine="0"/><w:jc w:val="right"/>')
        + p("Об ограничении подачи электроэнергии", look=flat)
        + p("Уважаемая Нинель Ильинична!", look='<w:ind w:firstLine="0"/><w:jc w:val="center"/>')
        + p(
            "Рассмотрев Ваше обращение (вх. № ВХ-5-77 от 06.11.2026) об ограничении подачи электроэнергии, разъясняем "
            "порядок."
        )
        + p(
            "Пункт 117 Правил, утверждённых постановлением Правительства РФ от 06.05.2011 № 354, допускает ограничение "
            "„в случае неполной оплаты потребителем коммунальной услуги“. В пункте 119 тех же Правил сказано:"
        )
        + p(
            "«исполнитель направляет потребителю-должнику предупреждение… потребитель обязан погасить задолженность "
            "в течение 20 дней».",
            style="q",
        )
        + p(
            'Статья 153 Жилищного кодекса РФ также говорит: "граждане обязаны своевременно и полностью вносить плату '
            'за жилое помещение".'
        )
        + p(
            "Предлагаем Вам рассрочку на шесть месяцев. Заявление можно подать до 25.11.2026 в личном кабинете, и "
            "ограничение введено не будет."
        )
        + p("Мы понимаем, что положение непростое, и готовы помочь. Надеемся на Ваше решение.")
        + p("Директор отделения\t\t\tИлья Никитич Мороз", look='<w:spacing w:before="480"/><w:ind w:firstLine="0"/>')
        + section("footer:default:footer1")
    )
    case = _case(
        "Лебедь Нинель Ильинична",
        "Ограничение электроэнергии",
        "14-П",
        "2026-11-13",
        "ВХ-5-77",
        "2026-11-06",
        "Мороз Илья Никитич, Директор отделения",
        "Дубровская Инна Олеговна, +73473250019",
        asks_action=True,
    )
    mark = _paragraphs("Исполнитель: Дубровская Инна Олеговна", "Тел.: 8 (3473) 25-00-19", look=flat, run=size(9))
    plants = (
        Plant("TN-1", "Мы понимаем, что положение", "Мы понимаем, что у каждого потребителя положение"),
        Plant("TN-2", "Предлагаем Вам рассрочку на шесть месяцев.", "Вы обязаны погасить долг."),
        Plant("PR-4", "На № ВХ-5-77 от 06.11.2026", "На № ВХ-5-77 от 07.11.2026"),
    )
    return Odd("quoted_law", pack(body, styles=styles, footer1=mark), case, plants)


def content_controls() -> Odd:
    """A form of content controls: around blocks, rows, cells and runs, one inside the other; a date picker."""
    styles = defaults(family("Arial") + size(13)) + style("n", "Normal")
    name = control(r("Эльмире Никитичне"), "имя")
    width = '<w:tcPr><w:tcW w:w="4700" w:type="dxa"/></w:tcPr>'
    position = control(f"<w:tc>{width}{p('Руководитель службы')}</w:tc>", "должность")
    row = f"<w:tr>{position}<w:tc>{width}{p(control(r('Савва И. Н.'), 'подписант'))}</w:tc></w:tr>"
    signature = (
        '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="4700"/><w:gridCol w:w="4700"/></w:tblGrid>'
        f"{control(row, 'строка')}</w:tbl>"
    )
    body = (
        control(_paragraphs("АНО «Центр расчётов»", "450015, г. Уфа, ул. Карла Маркса, д. 37"), "бланк")
        + p(control(r("24.11.2026"), "дата") + r(" № ") + control(r("ЦР-1009"), "номер"))
        + control(p(r("Кому: Цой ") + name), "адресат")
        + control(p(r("Тема: ") + control(control(r("Справка об оплате"), "тема"), "группа")), "тема")
        + control(p(r("Уважаемая ") + control(r("Эльмира Никитична"), "имя") + r("!"), look=_CENTRE), "обращение")
        + control(
            p(
                r("Направляем справку по Вашей просьбе (вх. № ")
                + control(r("7788"), "вх")
                + r(" от 23.11.2026) о справке об оплате.")
            )
            + control(
                _paragraphs(
                    "Справка подтверждает, что на 1 ноября 2026 г. плата за квартиру внесена полностью.",
                    "Она действительна месяц. Новую справку можно заказать в личном кабинете в любой день.",
                ),
                "абзацы",
            )
            + p("Благодарим за своевременную оплату."),
            "текст",
        )
        + p("Приложение: справка на 1 л. в 1 экз.")
        + p("")
        + signature
        + p(
            box(_paragraphs("Ким Илья Сергеевич", "8-347-250-00-10", run=size(9.5)), **_BOTTOM, width=7000, height=1000)
        )
        + section()
    )
    case = _case(
        "Цой Эльмира Никитична",
        "Справка об оплате",
        "ЦР-1009",
        "2026-11-24",
        "7788",
        "2026-11-23",
        "Савва Ирина Николаевна, Руководитель службы",
        "Ким Илья Сергеевич, +73472500010",
        enclosures=["справка"],
    )
    plants = (
        Plant("ST-2", "на 1 ноября 2026 г. плата", "на [дата] плата"),
        Plant("SA-6", "Эльмира Никитична", "Эльвира Никитична"),
        Plant("AP-3", "Приложение: справка на 1 л. в 1 экз.", "Справка готова."),
    )
    return Odd("content_controls", pack(body, styles=styles), case, plants)


def section_footers() -> Odd:
    """Two sheets and an appendix in three sections: the mark is in the footer of the second sheet alone."""
    styles = defaults(family("Times New Roman") + size(14)) + style("n", "Normal", look=_RED_LINE)
    flat = '<w:ind w:firstLine="0"/><w:jc w:val="left"/>'
    page = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar '
        'w:fldCharType="end"/></w:r>'
    )
    filler = (
        "Начисление за месяц равно произведению объёма на тариф, а объём берётся из показаний, которые Вы передали. "
    )
    body = (
        _paragraphs(
            "ООО «Расчётный центр»", "450001, г. Уфа, ул. Первомайская, д. 12", "21.11.2026 № РЦ-300", look=flat
        )
        + p("Кому: Гайде Илье Никитовичу, ул. Кольцевая, д. 8, кв. 3, г. Уфа", look=flat)
        + p("Тема: О начислениях за воду", look=flat)
        + p("Уважаемый Илья Никитович!", look='<w:ind w:firstLine="0"/><w:jc w:val="center"/>')
        + p("В ответ на Ваше обращение (вх. № 4001 от 14.11.2026) о начислениях за воду представляем подробный расчёт.")
        + p("Расчёт сделан по показаниям прибора. " + filler * 6)
        + f"<w:p><w:pPr>{section('header:default:header1')}</w:pPr>{r('Показания за октябрь приняты. ' + filler * 3)}</w:p>"
        + p("По итогам проверки начисления за октябрь уменьшены. " + filler * 3)
        + p("Исправленная сумма войдёт в счёт за ноябрь, его Вы получите до 10 декабря 2026 года.")
        + p("Таким образом, вопрос решён. Если останутся сомнения, приходите к нам на приём.")
        + p("Приложение: расчёт на 1 л. в 1 экз.", look=flat)
        + p("Начальник\nрасчётного управления\t\t\t\t\t\tМ. М. Куц", look=flat)
        + f"<w:p><w:pPr>{section('header:default:header2', 'footer:default:footer1')}</w:pPr></w:p>"
        + p("Приложение", look=_RIGHT)
        + p("Расчёт платы за воду за октябрь 2026 года", look='<w:ind w:firstLine="0"/><w:jc w:val="center"/>')
        + section("header:default:header2", "footer:default:footer2")
    )
    number = p(page, look='<w:ind w:firstLine="0"/><w:jc w:val="center"/>')
    mark = _paragraphs("Тен Алла Игоревна", "8 (347) 272-11-90", look=flat, run=size(10))
    case = _case(
        "Гайда Илья Никитович",
        "Начисления за воду",
        "РЦ-300",
        "2026-11-21",
        "4001",
        "2026-11-14",
        "Куц Мария Михайловна, Начальник расчётного управления",
        "Тен Алла Игоревна, +73472721190",
        enclosures=["расчёт"],
    )
    plants = (
        Plant(
            "EX-3",
            'w:type="default" r:id="header1"/>',
            'w:type="default" r:id="header1"/><w:footerReference w:type="default" r:id="footer1"/>',
        ),
        Plant("AP-4", "расчёт на 1 л.", "расчёт на 3 л."),
        Plant("EX-10", "8 (347) 272-11-90", "272-11-90"),
    )
    parts: dict[str, Any] = {"header1": p(""), "header2": number, "footer1": mark, "footer2": p("")}
    return Odd("section_footers", pack(body, styles=styles, **parts), case, plants)


def to_business() -> Odd:
    """B2B: the client's own number, numbered sections by the word processor, a table of sums, two appendices."""
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
    )
    styles = (
        defaults(size(12))
        + style("n", "Normal", run=family("Verdana"))
        + style("b", "Body Text", based="n", look='<w:spacing w:after="120"/><w:jc w:val="both"/>')
        + style("l", "List Number", based="b", look=number)
    )
    sums = table(
        [[p("Месяц"), p("Сумма, руб.")], [p("сентябрь 2026"), p("18 240,15")], [p("октябрь 2026"), p("20 011,40")]],
        [4000, 4000],
        look='<w:tblBorders><w:top w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/></w:tblBorders>',
    )
    new_page = "<w:pageBreakBefore/>"
    body = (
        _paragraphs(
            "ООО «Энергоучёт»", "109012, г. Москва, Никольская ул., д. 10, тел. 8 (495) 100-20-30", look=_CENTRE
        )
        + p("26 ноября 2026 г. № ЭУ-2026/88 на № 45-сб от 17 ноября 2026 г.")
        + _paragraphs(
            "Главному бухгалтеру", "АО «Завод «Прогресс»", "Белой Никите Андреевне", look='<w:ind w:left="4800"/>'
        )
        + p("О сверке расчётов", style="b")
        + p("Уважаемая Никита Андреевна!", look=_CENTRE)
        + p(
            "Рассмотрели письмо от 17.11.2026 № 45-сб (вх. № 1187 от 18.11.2026) о сверке расчётов по договору от "
            "01.03.2025 № 5-ЭУ. Сообщаем о результатах.",
            style="b",
        )
        + p("Расчёты сверены за два месяца, расхождений нет:", style="l")
        + sums
        + p("Акт сверки подписан с нашей стороны. Просим вернуть второй экземпляр до 10.12.2026.", style="l")
        + p(
            "Счёт за ноябрь будет выставлен 3 декабря 2026 г. через оператора ЭДО (электронного документооборота).",
            style="l",
        )
        + p("Рассчитываем на продолжение сотрудничества.", style="b")
        + _paragraphs("Приложения:", "1) акт сверки на 1 л. в 2 экз.;", "2) реестр платежей на 1 л. в 1 экз.")
        + p("С уважением")
        + p("Финансовый директор\t\t\tО.\u00a0Я.\u00a0Бей")
        + p(
            box(
                _paragraphs("Финансовый отдел", "Грач Яна Юрьевна", "+7 495 100-20-37", run=size(9)),
                **_BOTTOM,
                width=9000,
                height=1400,
            )
        )
        + p("Приложение № 1", look=new_page + _RIGHT)
        + p("Акт сверки")
        + p("Приложение № 2", look=new_page + _RIGHT)
        + p("Реестр платежей")
        + section(margins=(851, 567, 851, 1418))
    )
    case = _case(
        "Белая Никита Андреевна, Главный бухгалтер",
        "Сверка расчётов",
        "ЭУ-2026/88",
        "2026-11-26",
        "1187",
        "2026-11-18",
        "Бей Олеся Яковлевна, Финансовый директор",
        "Грач Яна Юрьевна, +74951002037",
        asks_action=True,
        enclosures=["акт сверки", "реестр платежей"],
        facts=["18 240,15", "20 011,40"],
        client={"gender": "female", "org_name": "АО «Завод «Прогресс»"},
    )
    plants = (
        Plant("BO-21", "20 011,40", "20 011,04"),
        Plant(
            "AP-2",
            f'<w:pPr>{new_page}{_RIGHT}</w:pPr><w:r><w:rPr></w:rPr><w:t xml:space="preserve">Приложение № 2',
            f'<w:pPr>{_RIGHT}</w:pPr><w:r><w:rPr></w:rPr><w:t xml:space="preserve">Приложение № 2',
        ),
        Plant("TO-3", "Главному бухгалтеру", "Для сведения"),
    )
    return Odd("to_business", pack(body, styles=styles, numbering=numbering), case, plants)


def to_authority() -> Odd:
    """To a public body: no labels, signature with a QR square and «подписано электронной подписью», no mark needed."""
    styles = defaults(family("Georgia") + size(13)) + style("n", "Normal")
    stamp = table(
        [
            [
                _paragraphs(
                    "ДОКУМЕНТ ПОДПИСАН",
                    "ЭЛЕКТРОННОЙ ПОДПИСЬЮ",
                    "Сертификат 00AB12CD34EF5678",
                    "Владелец Сорока Илья Романович",
                    "Действителен с 01.02.2026 по 01.05.2027",
                    run=size(8),
                )
            ]
        ],
        [4200],
    )
    body = (
        p("Муниципальное казённое учреждение\n«Управление жилищного хозяйства»\nгородского округа", look=_CENTRE)
        + p(
            "ул. Коммунистическая, 84, г. Нефтекамск, 452680, тел./факс: (34783) 5-10-10, e-mail: ugh@example.ru",
            look=_CENTRE,
            run=size(10),
        )
        + p("27.11.2026\t№ 01-18/2044")
        + _paragraphs(
            "Прокурору города",
            "старшему советнику юстиции",
            "Степанюку Егору Гавриловичу",
            look='<w:ind w:left="5400"/>',
        )
        + p("О содержании дворов", look='<w:ind w:right="5000"/>')
        + p("Уважаемый Егор Гаврилович!", look=_CENTRE)
        + _paragraphs(
            "На Ваш запрос от 16.11.2026 № 7-2/1450 (вх. № 01-17/3310 от 17.11.2026) о содержании дворов направляем "
            "сведения.",
            "Дворы домов 12, 14 и 16 по улице Дзержинского убираются ежедневно. Детская площадка осмотрена "
            "20 ноября 2026 года, качели закреплены.",
            "Договор на вывоз снега с ООО «Чистый город» от 01.10.2026 № 31 заключён до 30 апреля 2027 года.",
            "Готовы представить дополнительные сведения.",
            look=_RED_LINE,
        )
        + p("Начальник управления\t\t\t\t\tИ. Р. Сорока", look='<w:spacing w:before="480"/>')
        + stamp
        + p("")
        + section()
    )
    signed = "Сорока Илья Романович, Начальник управления"
    case = _case(
        "Степанюк Егор Гаврилович, Прокурор города",
        "Содержание дворов",
        "01-18/2044",
        "2026-11-27",
        "01-17/3310",
        "2026-11-17",
        signed,
        "Сорока Илья Романович, +73478351010",
        client={"gender": "male"},
    )
    plants = (
        Plant("SA-2", "Уважаемый Егор Гаврилович!", "Здравствуйте, Егор Гаврилович!"),
        Plant("PR-3", "(вх. № 01-17/3310 от 17.11.2026)", "(вх. № 01-17/3310)"),
        Plant("SG-3", "Начальник управления</w:t><w:tab/>", "Заместитель начальника</w:t><w:tab/>"),
    )
    return Odd("to_authority", pack(body, styles=styles), case, plants)


def from_odt() -> Odd:
    """Saved by LibreOffice from its own format: automatic styles, a frame at the bottom of the text area."""
    case = _case(
        "Жук Никита Савельевич",
        "Счёт за тепло",
        "411-ОД",
        "2026-11-16",
        "933",
        "2026-11-03",
        "Король Фома Лукич, Технический директор",
        "Мельник Варвара Ильинична, +73476231419",
        asks_action=True,
        company_at_fault=True,
    )
    plants = (
        Plant("SA-9", "Жуку Никите Савельевичу", "Жуку Николаю Савельевичу"),
        Plant("EX-7", 'fo:font-size="10pt"', 'fo:font-size="7pt"'),
        Plant("TN-10", "Новый счёт придёт", "Новая платёжка придёт"),
    )
    return Odd("from_odt", (_SOURCES / "odt.fodt").read_bytes(), case, plants, "fodt")


def from_rtf() -> Odd:
    """Saved from RTF of the nineties: tab stops, justified text, the mark in the footer."""
    case = _case(
        "Филиппова Асель Никитична",
        "Доступ к счётчику",
        "55",
        "2026-11-12",
        "70",
        "2026-11-05",
        "Рябой Илья Кузьмич, Заведующий сектором",
        "Пак Олег Ильич, +73479120044",
        asks_action=True,
    )
    plants = (
        Plant("SG-7", "Заведующий сектором", "Зам. заведующего"),
        Plant("BO-17", "Мастер придёт", "Мастер прийдёт согластно графику"),
        Plant("TN-6", "Мастер придёт 20 ноября 2026 г. с 18 до 20 часов.", "Вы сами виноваты в том, что не открыли."),
    )
    text = (_SOURCES / "rtf.txt").read_text()
    return Odd("from_rtf", _rtf(text), case, plants, "rtf")


def from_html() -> Odd:
    """Saved from a page of a web system: tables for layout, sizes of the web, the signatory is the executor."""
    signed = "Лазарь Никита Никитич"
    case = _case(
        "Карась Данила Данилович",
        "Показания счётчика",
        "WEB-77",
        "2026-11-20",
        "ЛК-5001",
        "2026-11-19",
        f"{signed}, Ведущий специалист",
        f"{signed}, +73472000044",
    )
    plants = (
        Plant("SG-5", "Ведущий специалист", "За ведущего специалиста"),
        Plant("SA-4", '<p align="center"', '<p align="left"'),
        Plant("PR-1", "(вх. № ЛК-5001 от 19.11.2026)", "(вх. от 19.11.2026)"),
    )
    return Odd("from_html", (_SOURCES / "page.html").read_bytes(), case, plants, "html")


MAKERS: Final[tuple[Callable[[], Odd], ...]] = (
    conditional_table,
    capitals,
    joined_paragraphs,
    frames,
    signature_box,
    bilingual,
    theme_only,
    quoted_law,
    content_controls,
    section_footers,
    to_business,
    to_authority,
    from_odt,
    from_rtf,
    from_html,
)


def odd_letters() -> Iterator[Odd]:
    """All fifteen."""
    for maker in MAKERS:
        yield maker()
