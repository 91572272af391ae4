"""Letters of many offices: words from a file, each set by the habits of one maker, and ways to spoil each.

A maker knows nothing of the check: it sets the words as its program or office does.
"""

# ruff: noqa: E501 - markup as offices write it, a line a tag

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from support_ooxml import box, control, defaults, family, p, pack, r, section, size, style, table, vml_box

from rules.wire import LetterContext

DATA: Final = Path(__file__).parent / "data"
_RIGHT: Final = '<w:jc w:val="right"/>'
_CENTRE: Final = '<w:jc w:val="center"/>'
_BOTH: Final = '<w:jc w:val="both"/>'
_RED_LINE: Final = '<w:ind w:firstLine="709"/><w:jc w:val="both"/>'
_AT_BOTTOM: Final = {
    "across": 'relativeFrom="margin"><wp:align>left</wp:align>',
    "down": 'relativeFrom="margin"><wp:align>bottom</wp:align>',
}
_FLAGS: Final = ("asks_action", "company_at_fault", "client_at_fault", "client_legal_breach", "complaint")


@dataclass(frozen=True)
class Letter:
    """The words of a letter and how it looks, before a maker sets it.

    Attributes:
        greet: Alignment of the salutation.
        mark_size, mark_font: Type of the executor mark; by default 3.5 points below the text, in its face.
        mark_everywhere: Whether every page prints the mark.
        same_sheet: Whether enclosures follow the letter on its sheet.
        margins: Of the sheet: top, right, bottom, left, in millimetres; by default the maker's own.
        gost: Whether the letter keeps the profile of the GOST as well.
    """

    maker: str = ""
    name: str = ""
    letterhead: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    copy: str = ""
    topic: str = ""
    salutation: str = ""
    text: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    regards: str = ""
    position: str = ""
    person: str = ""
    mark: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    font: str = "Times New Roman"
    size: float = 14
    mark_size: float = 0
    mark_font: str = ""
    greet: str = "center"
    mark_side: str = "left"
    mark_everywhere: bool = False
    same_sheet: bool = False
    margins: tuple[float, ...] = ()
    gost: bool = False

    @property
    def small(self) -> float:
        """Size of the executor mark."""
        return self.mark_size or self.size - 3.5


@dataclass(frozen=True)
class Plant:
    """One violation: words replaced or another look, and the rules one of which must find it.

    Attributes:
        old, new: Words replaced; «¶» in the new ones begins a paragraph.
        look: Fields of the letter; ``drop`` are beginnings of paragraphs left out.
        case: Facts of the case that are otherwise.
    """

    rules: tuple[str, ...]
    old: str = ""
    new: str = ""
    look: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A correct letter with the facts of its case."""

    letter: Letter
    case: LetterContext
    plants: tuple[Plant, ...]

    def docx(self) -> bytes:
        """The letter as its maker sets it."""
        return MAKERS[self.letter.maker](self.letter)

    def spoilt(self, plant: Plant) -> bytes:
        """The letter with one violation; the words must have been there."""
        found = False
        look = dict(plant.look)
        drop = tuple(look.pop("drop", ()))

        def put(value: Any) -> Any:
            nonlocal found
            if isinstance(value, tuple):
                kept = (one for one in value if not (drop and str(one).startswith(drop)))
                return tuple(part for one in map(put, kept) for part in one.split("¶") if part)
            if isinstance(value, str) and plant.old and plant.old in value:
                found = True
                return value.replace(plant.old, plant.new)
            return value

        values: dict[str, Any] = {one.name: put(getattr(self.letter, one.name)) for one in dataclasses.fields(Letter)}
        assert found or not plant.old, plant
        values |= {key: tuple(value) if isinstance(value, list) else value for key, value in look.items()}
        letter = Letter(**(values | {"maker": self.letter.maker}))
        return MAKERS[letter.maker](letter)

    def case_of(self, plant: Plant) -> LetterContext:
        """The facts of the case with what the plant changes in them."""
        facts: dict[str, Any] = self.case.model_dump(mode="json", exclude_unset=True)
        for name, value in plant.case.items():
            facts[name] = {**facts[name], **value} if isinstance(value, dict) else value
        return LetterContext.model_validate(facts)


def read(path: Path) -> Iterator[Made]:
    """The letters of a file."""
    for entry in yaml.safe_load(path.read_text("utf-8")):
        case, plants = entry.pop("case"), entry.pop("plants")
        words: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        yield Made(Letter(**words), _case(**case), tuple(_plant(*one) for one in plants))


def _plant(rules: str, *rest: Any) -> Plant:
    old, new = [*(one for one in rest if isinstance(one, str)), "", ""][:2]
    look: dict[str, Any] = next((dict(one) for one in rest if isinstance(one, dict)), {})
    case: dict[str, Any] = look.pop("case", {})
    return Plant(tuple(rules.split("|")), old, new, look, case)


def _named(full: str) -> dict[str, str]:
    return dict(zip(("last_name", "first_name", "patronymic"), full.split(maxsplit=2), strict=False))


def _case(
    client: str, sent: str, about: str, came: str | None, signatory: str, executor: str, **more: Any
) -> LetterContext:
    """Facts in short: «Фамилия Имя Отчество, должность», «дата № номер»."""
    person, _, own = client.partition(", ")
    names, _, position = signatory.partition(", ")
    mark, _, phone = executor.partition(", ")
    day, number = _dated(sent)
    facts: dict[str, Any] = {
        "stage": "send",
        "letter": {"date": day, "number": number, "topic": about, "kind": "answer"},
        "client": {**_named(person), "segment": "B2B" if own else "B2C", "position": own or None, "is_vip": False},
        "incoming": None,
        "signatory": {**_named(names), "position": position},
        "executor": {**_named(mark), "phone": phone or None},
        "copy_to": None,
        "script": "1",
        "recipient_confirmed": True,
        "enclosures": [],
        "facts": [],
        "company": {},
        **dict.fromkeys(_FLAGS, False),
    }
    if came is not None:
        came_on, incoming = _dated(came)
        due = (dt.date.fromisoformat(came_on) + dt.timedelta(days=30)).isoformat()
        facts["incoming"] = {"number": incoming, "date": came_on, "received": came_on, "due_hard": due}
    facts["client"] |= more.pop("card", {})
    for name, value in more.items():
        facts[name] = {**facts[name], **value} if isinstance(value, dict) and facts.get(name) else value
    return LetterContext.model_validate(facts)


def _dated(text: str) -> tuple[str, str]:
    day, _, number = text.partition(" № ")
    return dt.datetime.strptime(day, "%d.%m.%Y").date().isoformat(), number  # noqa: DTZ007 - a day, no moment


# --- what makers share ----------------------------------------------------------------------------------------------


def lines_of(texts: tuple[str, ...], **look: str) -> str:
    """Paragraphs that look alike; empty texts make none."""
    return "".join(p(text, **look) for text in texts if text)


def styles_of(letter: Letter, *more: str) -> str:
    """The sheet of styles with the letter's typeface and size."""
    return defaults(family(letter.font) + size(letter.size)) + style("n", "Normal") + "".join(more)


def mark_look(letter: Letter) -> str:
    """How the executor's mark is written."""
    return size(letter.small) + (family(letter.mark_font) if letter.mark_font else "")


def _side(letter: Letter) -> str:
    return _RIGHT if letter.mark_side == "right" else ""


def mark_foot(letter: Letter) -> str:
    """The executor's mark as a footer holds it; without a mark an empty paragraph."""
    return lines_of(letter.mark, look=_side(letter), run=mark_look(letter)) or p("")


def greeting(letter: Letter, more: str = "") -> str:
    """How the salutation stands."""
    return f'{more}<w:jc w:val="{letter.greet}"/>'


def _signature(letter: Letter, gap: str = "\t\t\t\t\t") -> str:
    regards = p(letter.regards, look='<w:spacing w:before="360"/>') if letter.regards else ""
    line = f"{letter.position}{gap}{letter.person}".strip() if letter.position or letter.person else ""
    return regards + (p(line, look='<w:spacing w:before="360"/>') if line else "")


def sheets(letter: Letter) -> str:
    """Appendices «Заголовок|строка», each from a new sheet unless they are to follow on the same one."""
    made = ""
    for one in letter.enclosures:
        head, *rest = one.split("|")
        made += p(head, look=("" if letter.same_sheet else "<w:pageBreakBefore/>") + _RIGHT) + lines_of(tuple(rest))
    return made


def _mark_box(letter: Letter) -> str:
    if not letter.mark:
        return ""
    across = {**_AT_BOTTOM, "across": f'relativeFrom="margin"><wp:align>{letter.mark_side}</wp:align>'}
    return p(box(lines_of(letter.mark, run=mark_look(letter)), **across, width=7500, height=1300))


def _topic(letter: Letter, **look: str) -> str:
    return p(letter.topic, **look) if letter.topic else ""


# --- makers ----------------------------------------------------------------------------------------------------------


def corner(letter: Letter) -> bytes:
    """Letterhead in the left cell, addressee in the right one, signature in a table, mark in the footer."""
    left = lines_of(letter.letterhead, look=_CENTRE, run=size(11)) + lines_of(letter.reference, run=size(12))
    right = lines_of((*letter.to, letter.copy))
    signed = table([[p(letter.position), "", p(letter.person, look=_RIGHT)]], [5000, 1555, 2800])
    body = (
        table([[left, "", right]], [4300, 755, 4300])
        + p("")
        + _topic(letter)
        + p(letter.salutation, look=greeting(letter, '<w:spacing w:before="240" w:after="120"/>'))
        + lines_of(letter.text, look=_RED_LINE)
        + lines_of(letter.note)
        + (p(letter.regards) if letter.regards else "")
        + p("")
        + (signed if letter.position or letter.person else "")
        + section("footer:default:footer1")
    )
    foot = mark_foot(letter)
    return pack(body, styles=styles_of(letter), footer1=foot)


def longitudinal(letter: Letter) -> bytes:
    """Letterhead across the sheet over a rule, date and number in a row of cells, mark in a box at the bottom."""
    rule = '<w:pBdr><w:bottom w:val="thinThickSmallGap" w:sz="18" w:space="1" w:color="auto"/></w:pBdr>' + _CENTRE
    head, rest = letter.letterhead[:1], letter.letterhead[1:]
    body = (
        lines_of(head, look=_CENTRE, run="<w:b/>" + size(16))
        + lines_of(rest, look=rule, run=size(9))
        + table([[p(one) for one in (*letter.reference, "")]], [4600] * (len(letter.reference) + 1))
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="5103"/>')
        + _topic(letter, look='<w:ind w:right="4500"/>', run="<w:b/>")
        + p(letter.salutation, look=greeting(letter, '<w:spacing w:before="360" w:after="240"/>'))
        + lines_of(letter.text, look=_RED_LINE)
        + lines_of(letter.note, look='<w:spacing w:before="240"/>')
        + _signature(letter)
        + _mark_box(letter)
        + sheets(letter)
        + section()
    )
    return pack(body, styles=styles_of(letter))


def in_header(letter: Letter) -> bytes:
    """Letterhead in the header of the first page, mark in its footer; text by a style of justified text."""
    styles = styles_of(
        letter,
        style("t", "Основной", based="n", look='<w:spacing w:after="120" w:line="276" w:lineRule="auto"/>' + _RED_LINE),
        style("g", "Приветствие", based="n", look=greeting(letter), run="<w:b/>"),
    )
    body = (
        lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look=_RIGHT)
        + _topic(letter)
        + p(letter.salutation, style="g")
        + lines_of(letter.text, style="t")
        + lines_of(letter.note)
        + _signature(letter)
        + section("header:first:header1", "footer:first:footer1", more="<w:titlePg/>")
    )
    foot = mark_foot(letter)
    return pack(body, styles=styles, header1=lines_of(letter.letterhead, look=_CENTRE, run=size(10)), footer1=foot)


def labelled(letter: Letter) -> bytes:
    """«Кому», «Копия» and «Тема» in the rows of a table without borders."""
    rows = [[p("Кому:"), lines_of(letter.to)]]
    rows += [[p("Копия:"), p(letter.copy.removeprefix("Копия:").strip())]] if letter.copy else []
    rows += [[p("Тема:"), p(letter.topic.removeprefix("Тема:").strip())]] if letter.topic else []
    body = (
        lines_of(letter.letterhead, run=size(12))
        + lines_of(letter.reference)
        + p("")
        + table(rows, [1500, 7855])
        + p("")
        + p(letter.salutation, look=greeting(letter))
        + p("")
        + "".join(p(one, look=_BOTH) + p("") for one in letter.text)
        + lines_of(letter.note)
        + _signature(letter, gap=" ______________ ")
        + _mark_box(letter)
        + sheets(letter)
        + section()
    )
    return pack(body, styles=styles_of(letter))


def shattered(letter: Letter) -> bytes:
    """Runs of a few letters with rsid, spelling marks and bookmarks between them, as Word leaves after much editing."""

    def broken(text: str, look: str = "", run: str = "") -> str:
        pieces = [text[at : at + 5] for at in range(0, len(text), 5)]
        runs = '<w:proofErr w:type="spellStart"/>'.join(r(one, run) for one in pieces)
        mark = '<w:bookmarkStart w:id="3" w:name="_GoBack"/><w:bookmarkEnd w:id="3"/>'
        return p(mark + runs, look=look) if text else ""

    def all_of(texts: tuple[str, ...], look: str = "", run: str = "") -> str:
        return "".join(broken(one, look, run) for one in texts)

    body = (
        all_of(letter.letterhead, _CENTRE, size(11))
        + all_of(letter.reference)
        + all_of((*letter.to, letter.copy), '<w:ind w:left="4820"/>')
        + broken(letter.topic)
        + broken(letter.salutation, greeting(letter))
        + all_of(letter.text, _RED_LINE)
        + all_of(letter.note)
        + (broken(letter.regards) if letter.regards else "")
        + broken(f"{letter.position}\t\t\t\t{letter.person}".strip())
        + section("footer:default:footer1")
    )
    foot = all_of(letter.mark, _side(letter), mark_look(letter)) or p("")
    return pack(body, styles=styles_of(letter), footer1=foot)


def line_breaks(letter: Letter) -> bytes:
    """Each part one paragraph with line breaks; no-break spaces in numbers and initials."""

    def joined(texts: tuple[str, ...]) -> str:
        return "\n".join(one for one in texts if one).replace("№ ", "№\u00a0")

    body = (
        p(joined(letter.letterhead), look=_CENTRE)
        + p(joined(letter.reference))
        + p(joined((*letter.to, letter.copy)), look='<w:ind w:left="5000"/>')
        + _topic(letter, run="<w:u w:val='single'/>")
        + p(letter.salutation, look=greeting(letter))
        + lines_of(letter.text, look='<w:ind w:firstLine="851"/>')
        + (p(joined(letter.note)) if letter.note else "")
        + (p(joined((letter.regards, letter.position, letter.person))) if letter.person or letter.position else "")
        + (
            p(
                box(
                    p(joined(letter.mark), run=mark_look(letter)),
                    **{**_AT_BOTTOM, "across": f'relativeFrom="margin"><wp:align>{letter.mark_side}</wp:align>'},
                    width=7000,
                    height=1200,
                )
            )
            if letter.mark
            else ""
        )
        + section()
    )
    return pack(body, styles=styles_of(letter))


def by_theme(letter: Letter) -> bytes:
    """Typeface by the theme, sizes by character styles, salutation by a style of a style."""
    minor = '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi" w:cstheme="minorBidi"/>'
    tiny = '<w:rStyle w:val="k"/>' + (family(letter.mark_font) if letter.mark_font else "")
    styles = (
        defaults(minor + size(letter.size), '<w:spacing w:after="160" w:line="259" w:lineRule="auto"/>')
        + style("n", "Normal")
        + style("k", "Мелкий знак", kind="character", run=size(letter.small))
        + style("c", "По центру", based="n", look=greeting(letter))
        + style("g", "Приветствие клиента", based="c")
    )
    body = (
        lines_of(letter.letterhead)
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="4253"/>')
        + _topic(letter)
        + p(letter.salutation, style="g")
        + lines_of(letter.text)
        + lines_of(letter.note)
        + _signature(letter, "\t\t\t")
        + (
            p(
                vml_box(
                    lines_of(letter.mark, run=tiny),
                    f"width:220pt;height:40pt;mso-position-horizontal:{letter.mark_side};mso-position-horizontal-relative:margin;mso-position-vertical:bottom;mso-position-vertical-relative:margin",
                )
            )
            if letter.mark
            else ""
        )
        + sheets(letter)
        + section()
    )
    return pack(body, styles=styles, fonts=("Cambria", letter.font))


def one_table(letter: Letter) -> bytes:
    """The whole letter in cells of one wide table, as a web form prints it."""
    rows = [
        lines_of(letter.letterhead, look=_CENTRE),
        lines_of(letter.reference),
        lines_of((*letter.to, letter.copy), look=_RIGHT),
        _topic(letter),
        p(letter.salutation, look=greeting(letter)),
        lines_of(letter.text, look=_BOTH),
        lines_of(letter.note),
        _signature(letter),
    ]
    body = table([[one] for one in rows if one], [9355]) + p("") + _mark_box(letter) + sheets(letter) + section()
    return pack(body, styles=styles_of(letter))


def controls(letter: Letter) -> bytes:
    """Every part in a content control, some in controls of controls, dates as fields."""
    field_ = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> DOCPROPERTY number </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    text = "".join(
        control(p(r(one[: len(one) // 2]) + control(r(one[len(one) // 2 :]), "кусок"), look=_RED_LINE), "абзац")
        for one in letter.text
    )
    body = (
        control(lines_of(letter.letterhead, look=_CENTRE), "бланк")
        + "".join(p(field_.format(r(one))) for one in letter.reference)
        + control(lines_of((*letter.to, letter.copy), look='<w:ind w:left="5100"/>'), "адресат")
        + control(_topic(letter), "тема")
        + control(p(control(r(letter.salutation), "кому"), look=greeting(letter)), "обращение")
        + control(text, "текст")
        + lines_of(letter.note)
        + control(_signature(letter), "подпись")
        + section("footer:default:footer1")
    )
    foot = (
        control(lines_of(letter.mark, look=_side(letter), run=mark_look(letter)), "исполнитель")
        if letter.mark
        else p("")
    )
    return pack(body, styles=styles_of(letter), footer1=foot)


def double_spaced(letter: Letter) -> bytes:
    """Double spacing, exact tab stops, the signature's name at the right by a tab stop, mark in the footer."""
    wide = '<w:spacing w:line="480" w:lineRule="auto"/>'
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs>'
    signed = p(f"{letter.position}\t{letter.person}".strip(), look=tabs) if letter.position or letter.person else ""
    body = (
        lines_of(letter.letterhead)
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="5000"/>')
        + _topic(letter)
        + p(letter.salutation, look=greeting(letter, wide))
        + lines_of(letter.text, look=wide + _RED_LINE)
        + lines_of(letter.note)
        + (p(letter.regards) if letter.regards else "")
        + signed
        + section("footer:default:footer1")
    )
    foot = mark_foot(letter)
    return pack(body, styles=styles_of(letter), footer1=foot)


def floating(letter: Letter) -> bytes:
    """The mark in a floating table at the bottom margin, the addressee in a text box at the right."""
    place = (
        f'<w:tblpPr w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="{letter.mark_side}" w:tblpYSpec="bottom"/>'
    )
    to = {
        "across": 'relativeFrom="margin"><wp:align>right</wp:align>',
        "down": 'relativeFrom="margin"><wp:align>top</wp:align>',
    }
    body = (
        p(box(lines_of((*letter.to, letter.copy)), **to, width=8000, height=2600))
        + lines_of(letter.letterhead, look='<w:ind w:right="5000"/>')
        + lines_of(letter.reference, look='<w:ind w:right="5000"/>')
        + p("")
        + _topic(letter)
        + p(letter.salutation, look=greeting(letter))
        + lines_of(letter.text, look=_RED_LINE)
        + lines_of(letter.note)
        + _signature(letter)
        + (table([[lines_of(letter.mark, run=mark_look(letter))]], [5000], look=place) if letter.mark else "")
        + p("")
        + section()
    )
    return pack(body, styles=styles_of(letter))


def footnoted(letter: Letter) -> bytes:
    """A footnote under the text, numbered paragraphs by the word processor are typed by hand, mark in a box."""
    reference = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    first, *rest = letter.text
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2">{p(r("Далее – Правила.", size(10)))}</w:footnote>'
    )
    body = (
        lines_of(letter.letterhead, look=_CENTRE)
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="5100"/>')
        + _topic(letter)
        + p(letter.salutation, look=greeting(letter))
        + p(r(first) + reference, look=_RED_LINE)
        + lines_of(tuple(rest), look=_RED_LINE)
        + lines_of(letter.note)
        + _signature(letter)
        + _mark_box(letter)
        + sheets(letter)
        + section()
    )
    return pack(body, styles=styles_of(letter), footnotes=notes)


MAKERS: Final[dict[str, Callable[[Letter], bytes]]] = {
    made.__name__: made
    for made in (corner, longitudinal, in_header, labelled, shattered, line_breaks, by_theme, one_table, controls,
                 double_spaced, floating, footnoted)
}  # fmt: skip
