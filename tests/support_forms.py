"""Makers of letters for ``support_makers`` with the habits of forms: fields, controls, tables in footers, converters.

``bilingual`` takes the first half of the letterhead for the left column, the second for the right one.
"""

# ruff: noqa: E501 - markup as offices write it, a line a tag

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from support_makers import Letter, greeting, lines_of, mark_foot, mark_look, styles_of
from support_ooxml import box, control, defaults, family, p, pack, r, section, size, style, table

_RIGHT: Final = '<w:jc w:val="right"/>'
_CENTRE: Final = '<w:jc w:val="center"/>'
_RED_LINE: Final = '<w:ind w:firstLine="709"/><w:jc w:val="both"/>'
_RULE: Final = '<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="1" w:color="auto"/></w:pBdr>'


def _signed(letter: Letter) -> str:
    if not letter.position and not letter.person:
        return ""
    return table([[p(letter.position), p(letter.person, look='<w:jc w:val="end"/>')]], [6000, 3355])


def _field(instruction: str, shown: str, look: str = "") -> str:
    """A field of several runs: its instruction and what it shows."""
    begin, parted, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    told = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return begin + told + parted + r(shown, look) + end


def bilingual(letter: Letter) -> bytes:
    """Two languages in the outer columns, room for the arms between them, a rule, then date and number."""
    half = len(letter.letterhead) // 2
    left, right = letter.letterhead[:half], letter.letterhead[half:]
    sides = [
        lines_of(one[:1], look=_CENTRE, run="<w:b/>" + size(11)) + lines_of(one[1:], look=_CENTRE, run=size(8))
        for one in (right, left)
    ]
    body = (
        table([[sides[0], p("", look=_CENTRE), sides[1]]], [4000, 1355, 4000])
        + p("", look=_RULE)
        + table([[p(one) for one in letter.reference]], [9355 // len(letter.reference)] * len(letter.reference))
        + p("")
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="4678"/>')
        + p("")
        + (p(letter.topic, look='<w:ind w:right="4678"/>', run="<w:i/>") if letter.topic else "")
        + p("")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + p("")
        + lines_of(letter.text, look=_RED_LINE)
        + lines_of(letter.note)
        + (p(letter.regards) if letter.regards else "")
        + p("")
        + _signed(letter)
        + section("footer:default:footer1")
    )  # fmt: skip
    return pack(body, styles=styles_of(letter), footer1=mark_foot(letter))


def requisites_foot(letter: Letter) -> bytes:
    """The organisation's name above, its requisites in the footer of the sheet, the mark in a box above them."""
    at = 'relativeFrom="margin"><wp:align>' + letter.mark_side + "</wp:align>"
    down = 'relativeFrom="margin"><wp:align>bottom</wp:align>'
    mark = box(mark_foot(letter), across=at, down=down, width=7400, height=1300) if letter.mark else ""
    body = (
        p(letter.letterhead[0], run="<w:b/>" + size(letter.size + 2))
        + lines_of(letter.reference, look='<w:spacing w:before="120"/>')
        + lines_of((*letter.to, letter.copy), look='<w:spacing w:before="60"/><w:ind w:left="5000"/>')
        + (p(letter.topic, look='<w:spacing w:before="240"/>', run="<w:b/>") if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter, '<w:spacing w:before="240" w:after="240"/>')) if letter.salutation else "")
        + lines_of(letter.text, look='<w:spacing w:after="120"/><w:jc w:val="both"/>')
        + lines_of(letter.note)
        + (p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else "")
        + lines_of((letter.position, letter.person))
        + p(mark)
        + section("footer:default:footer1")
    )  # fmt: skip
    return pack(body, styles=styles_of(letter), footer1=lines_of(letter.letterhead[1:], look=_CENTRE, run=size(8)))


def mailmerge(letter: Letter) -> bytes:
    """Names, number and salutation as results of merged fields; the addressee in a frame of its own style."""
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs>'
    to = "".join(p(_field("MERGEFIELD Адресат", one), style="ad") for one in (*letter.to, letter.copy) if one)
    styles = styles_of(letter, style("ad", "Адресат письма", based="n", look='<w:ind w:left="4956"/>'))
    body = (
        lines_of(letter.letterhead[:1], look=_CENTRE, run="<w:b/>")
        + lines_of(letter.letterhead[1:], look=_CENTRE, run=size(10))
        + "".join(p(_field("MERGEFIELD Исходящий", one)) for one in letter.reference)
        + to
        + p("")
        + (p(letter.topic) if letter.topic else "")
        + p("")
        + (p(_field('IF "1" = "1"', letter.salutation), look=greeting(letter)) if letter.salutation else "")
        + p("")
        + lines_of(letter.text, look=_RED_LINE)
        + lines_of(letter.note)
        + (p(letter.regards) if letter.regards else "")
        + p("")
        + (p(f"{letter.position}\t{letter.person}".strip(), look=tabs) if letter.position or letter.person else "")
        + section("footer:default:footer1")
    )
    return pack(body, styles=styles, footer1=mark_foot(letter))


def forms(letter: Letter) -> bytes:
    """Every part in a content control of a form; two columns of requisites in one row."""
    head = [[control(lines_of(letter.letterhead, run=size(10)), "org") + control(lines_of(letter.reference), "ref") + p(""),
             control(lines_of((*letter.to, letter.copy)), "to") + p("")]]  # fmt: skip
    body = (
        table(head, [4600, 4755])
        + p("")
        + (control(p(letter.topic, run="<w:b/>"), "subject") if letter.topic else "")
        + (control(p(letter.salutation, look=greeting(letter, '<w:spacing w:before="240" w:after="120"/>')), "greeting") if letter.salutation else "")
        + control(lines_of(letter.text, look=_RED_LINE), "text")
        + lines_of(letter.note)
        + (p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else "")
        + p("")
        + _signed(letter)
        + section("footer:default:footer1")
    )  # fmt: skip
    foot = control(mark_foot(letter), "performer") if letter.mark else p("")
    return pack(body, styles=styles_of(letter), footer1=foot)


def pandoc(letter: Letter) -> bytes:
    """As a converter of plain text writes: First Paragraph, Body Text, Compact; looks by styles alone."""
    styles = (
        defaults(family(letter.font) + size(letter.size), '<w:spacing w:after="200"/>')
        + style("Normal", "Normal")
        + style("BodyText", "Body Text", based="Normal", look='<w:spacing w:before="180" w:after="180"/>')
        + style("FirstParagraph", "First Paragraph", based="BodyText")
        + style("Compact", "Compact", based="BodyText", look='<w:spacing w:before="36" w:after="36"/>')
        + style("Centered", "Centered", based="BodyText", look=greeting(letter))
        + style("Small", "Small", based="Compact", run=mark_look(letter))
    )
    body = (
        lines_of(letter.letterhead, style="Compact")
        + lines_of(letter.reference, style="Compact")
        + lines_of((*letter.to, letter.copy), style="Compact", look=_RIGHT)
        + (p(letter.topic, style="FirstParagraph") if letter.topic else "")
        + (p(letter.salutation, style="Centered") if letter.salutation else "")
        + lines_of(letter.text[:1], style="FirstParagraph")
        + "".join(p(one, style="Compact" if one[:2] in {"1)", "2)", "3)"} else "BodyText") for one in letter.text[1:])
        + lines_of(letter.note, style="BodyText")
        + lines_of((letter.regards, letter.position, letter.person), style="Compact")
        + section("footer:default:footer1")
    )
    return pack(body, styles=styles, footer1=lines_of(letter.mark, style="Small") or p(""))


def footer_table(letter: Letter) -> bytes:
    """The mark in the left cell of the footer's table, the number of the sheet in the right one."""
    number = p(r("Лист ", size(8)) + _field("PAGE", "1", size(8)), look=_RIGHT)
    body = (
        lines_of(letter.letterhead[:1], look=_CENTRE, run="<w:b/>")
        + lines_of(letter.letterhead[1:], look=_RULE + _CENTRE, run=size(9))
        + p("    ".join(letter.reference))
        + p("")
        + table([[p(""), lines_of((*letter.to, letter.copy))]], [4600, 4755])
        + p("")
        + (p(letter.topic, look=_CENTRE) if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter, '<w:spacing w:before="200" w:after="200"/>')) if letter.salutation else "")
        + lines_of(letter.text, look=_RED_LINE)
        + lines_of(letter.note)
        + (p(letter.regards) if letter.regards else "")
        + p("")
        + _signed(letter)
        + section("footer:default:footer1")
    )  # fmt: skip
    foot = table([[mark_foot(letter), number]], [7000, 2355]) + p("", run=size(2))
    return pack(body, styles=styles_of(letter), footer1=foot)


FORMS: Final[dict[str, Callable[[Letter], bytes]]] = {
    made.__name__: made for made in (bilingual, requisites_foot, mailmerge, forms, pandoc, footer_table)
}
