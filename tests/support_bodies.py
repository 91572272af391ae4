"""Makers of letters for ``support_makers`` with the habits of state and town bodies: blanks in cells, ranks, stamps, lists.

In the text of a letter «|» begins a row of a table; in the reference it parts the cells of a row of the blank.
"""

# ruff: noqa: E501 - markup as offices write it, a line a tag

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from support_makers import Letter, greeting, lines_of, mark_foot, mark_look, styles_of
from support_ooxml import box, defaults, family, p, pack, r, section, size, style, table

_RIGHT: Final = '<w:jc w:val="right"/>'
_CENTRE: Final = '<w:jc w:val="center"/>'
_RED_LINE: Final = '<w:ind w:firstLine="709"/><w:jc w:val="both"/>'
_WIDE: Final = 9355
_UNDER: Final = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="auto"/></w:pBdr>'
RULED: Final = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)


def page_of(letter: Letter, *references: str, more: str = "") -> str:
    """The section with the margins of the letter, in millimetres, or of the library."""
    if not letter.margins:
        return section(*references, more=more)
    top, right, bottom, left = (round(one * 56.7) for one in letter.margins)
    return section(*references, margins=(top, right, bottom, left), more=more)


def rows_of(texts: tuple[str, ...]) -> Iterator[str | list[list[str]]]:
    """Paragraphs as they are, runs of lines that begin with «|» as rows of one table."""
    for ruled, some in groupby(texts, key=lambda one: one.startswith("|")):
        if ruled:
            yield [one.strip("|").split("|") for line in some for one in line.splitlines()]
        else:
            yield from some


def _flow(letter: Letter, look: str = _RED_LINE, **more: str) -> str:
    made = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            made += p(one, look=look, **more)
            continue
        wide = [_WIDE // len(one[0])] * len(one[0])
        made += table([[p(cell, run=size(letter.size - 2)) for cell in row] for row in one], wide, look=RULED)
    return made


def _sheets(letter: Letter, note: str = "") -> str:
    """Appendices, each from a new sheet: «Заголовок|строка|строка»."""
    made = ""
    for one in letter.enclosures:
        head, *rest = one.split("|")
        made += p(head, look=f"<w:pageBreakBefore/>{_RIGHT}") + (p(note, look=_RIGHT) if note else "")
        made += lines_of(tuple(rest))
    return made


def _corner_box(letter: Letter) -> str:
    if not letter.mark:
        return ""
    across = f'relativeFrom="margin"><wp:align>{letter.mark_side}</wp:align>'
    down = 'relativeFrom="margin"><wp:align>bottom</wp:align>'
    return p(box(lines_of(letter.mark, run=mark_look(letter)), across=across, down=down, width=7600, height=1500))


def _said(letter: Letter) -> str:
    return (
        p(letter.salutation, look=greeting(letter, '<w:spacing w:before="240" w:after="240"/>'))
        if letter.salutation
        else ""
    )


def _regards(letter: Letter) -> str:
    return p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else ""


def blank(letter: Letter) -> bytes:
    """The printed blank of a state body: date, «№», «На №» and «от» each in a cell of its own over a rule."""
    left = lines_of(letter.letterhead[:2], look=_CENTRE, run="<w:b/>" + size(11))
    left += lines_of(letter.letterhead[2:], look=_CENTRE, run=size(9))
    for line in letter.reference:
        cells = line.split("|")
        left += table([[p(one, look=_UNDER if any(map(str.isdigit, one)) else "", run=size(11)) for one in cells]],
                      [4300 // len(cells)] * len(cells))  # fmt: skip
    head, *others = letter.position.split("¦")
    signed = [[p(head) + lines_of(tuple(others)), p(""), p(letter.person, look=_RIGHT)]]
    body = (
        table([[left + p(""), p(""), lines_of((*letter.to, letter.copy))]], [4400, 555, 4400])
        + p("")
        + (p(letter.topic, look='<w:ind w:right="4900"/>', run=size(letter.size - 2)) if letter.topic else "")
        + _said(letter)
        + _flow(letter)
        + lines_of(letter.note, look='<w:spacing w:before="240"/>')
        + _regards(letter)
        + p("") + p("")
        + (table(signed, [4300, 2300, 2755]) if letter.position or letter.person else "")
        + page_of(letter, "footer:first:footer1", "header:default:header1", "header:first:header2", more="<w:titlePg/>")
    )  # fmt: skip
    number = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return pack(
        body, styles=styles_of(letter), header1=p(number, look=_CENTRE), header2=p(""), footer1=mark_foot(letter)
    )


def registry(letter: Letter) -> bytes:
    """As a document system prints it: addressees as a numbered list, the stamp of the signature below, a line on the original."""
    said = ("ДОКУМЕНТ ПОДПИСАН", "ЭЛЕКТРОННОЙ ПОДПИСЬЮ", "Сертификат 5E1B00A7D2C94F3388", f"Владелец {letter.person}",
            "Действителен с 14.01.2026 до 09.04.2027")  # fmt: skip
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    stamp = table([[lines_of(said, look=_CENTRE, run=size(8))]], [4000], look=f'<w:jc w:val="center"/>{RULED}')
    body = (
        lines_of(letter.letterhead[:1], look=_CENTRE, run="<w:b/><w:caps/>")
        + lines_of(letter.letterhead[1:], look=_CENTRE, run=size(9))
        + p(" ".join(letter.reference), look=_UNDER)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="4820"/>')
        + p("")
        + (p(letter.topic, run="<w:b/>") if letter.topic else "")
        + _said(letter)
        + _flow(letter)
        + "".join(p(one, look=listed if at and not one[0].isdigit() else "") for at, one in enumerate(letter.note))
        + _regards(letter)
        + p("")
        + (p(f"{letter.position}\t\t\t\t{letter.person}".strip()) if letter.position or letter.person else "")
        + stamp
        + _corner_box(letter)
        + _sheets(letter)
        + page_of(letter)
    )
    return pack(body, styles=styles_of(letter), numbering=numbering)


def typist(letter: Letter) -> bytes:
    """By tabs and blanks, as on a typewriter: the addressee pushed by tabs, empty paragraphs between, rules of underscores."""
    push = "\t\t\t\t\t\t\t"
    line = "_" * 60
    body = (
        "".join(p(one, look=_CENTRE) for one in letter.letterhead)
        + p(line, look=_CENTRE)
        + lines_of(letter.reference)
        + p("") + p("")
        + "".join(p(push + one) for one in (*letter.to, letter.copy) if one)
        + p("") + p("")
        + (p(letter.topic) if letter.topic else "")
        + p("")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + p("")
        + "".join(p(r("      " + one), look='<w:jc w:val="both"/>') for one in letter.text)
        + p("")
        + lines_of(letter.note)
        + _regards(letter)
        + p("") + p("")
        + (p(f"{letter.position}:" + " " * 12 + "____________ " + letter.person) if letter.position or letter.person else "")
        + page_of(letter, "footer:default:footer1")
    )  # fmt: skip
    return pack(body, styles=styles_of(letter), footer1=mark_foot(letter))


def office_word(letter: Letter) -> bytes:
    """Word's own styles of a letter: «Дата», «Приветствие», «Основной текст», «Подпись», «Адрес на конверте», latent and linked."""
    base = '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
    styles = (
        defaults('<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>' + size(11), '<w:spacing w:after="160" w:line="259" w:lineRule="auto"/>')
        + style("a", "Normal", look=base, run=family(letter.font) + size(letter.size))
        + style("a3", "header", based="a", look=_CENTRE)
        + style("a4", "footer", based="a", run=mark_look(letter))
        + style("a5", "Body Text", based="a", look='<w:spacing w:after="120"/>' + _RED_LINE)
        + style("a6", "Salutation", based="a", look=greeting(letter, '<w:spacing w:before="200" w:after="200"/>'))
        + style("a7", "envelope address", based="a", look='<w:ind w:left="4536"/>')
        + style("a8", "Date", based="a")
        + style("a9", "Signature", based="a", look='<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs><w:spacing w:before="480"/>')
        + style("aa", "Subtitle", based="a", look='<w:ind w:right="4536"/>', run="<w:i/>")
        + style("ab", "Closing", based="a", look='<w:spacing w:before="240"/>')
    )  # fmt: skip
    body = (
        lines_of(letter.letterhead, style="a3")
        + lines_of(letter.reference, style="a8")
        + lines_of((*letter.to, letter.copy), style="a7")
        + (p(letter.topic, style="aa") if letter.topic else "")
        + (p(letter.salutation, style="a6") if letter.salutation else "")
        + _flow(letter, "", style="a5")
        + lines_of(letter.note, style="a")
        + (p(letter.regards, style="ab") if letter.regards else "")
        + (p(f"{letter.position}\t{letter.person}".strip(), style="a9") if letter.position or letter.person else "")
        + _sheets(letter)
        + page_of(letter, "footer:first:footer1", more="<w:titlePg/>")
    )
    return pack(body, styles=styles, footer1=lines_of(letter.mark, style="a4") or p(""))


def both_sign(letter: Letter) -> bytes:
    """Two officials, each as position above and name below at the right; the names of both parted by «|»."""
    pairs = zip(letter.position.split("¦"), letter.person.split("¦"), strict=False)
    signed = "".join(p(post, look='<w:spacing w:before="240"/>') + p(name, look=_RIGHT) for post, name in pairs)
    body = (
        table([[lines_of(letter.letterhead, run=size(11)), lines_of(letter.reference, look=_RIGHT)]], [5500, 3855])
        + p("", look=_UNDER)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="4900"/>')
        + p("")
        + (p(letter.topic, look=_CENTRE, run="<w:b/>") if letter.topic else "")
        + _said(letter)
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + signed
        + page_of(letter, "footer:default:footer1")
    )
    return pack(body, styles=styles_of(letter), footer1=mark_foot(letter))


def tagged(letter: Letter) -> bytes:
    """Names in smart tags, addresses as links, numbers in simple fields, a soft page break mark in the runs."""

    def marked(text: str) -> str:
        words = text.split(" ")
        tag = '<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="PersonName">'
        made = ""
        for at, word in enumerate(words):
            piece = r(word + (" " if at + 1 < len(words) else ""))
            if "@" in word:
                made += f'<w:hyperlink w:history="1">{piece}</w:hyperlink>'
            elif word[:1].isupper() and len(word) > 4:
                made += f"{tag}{piece}</w:smartTag>"
            elif word.isdigit():
                made += f'<w:fldSimple w:instr=" QUOTE ">{piece}</w:fldSimple>'
            else:
                made += piece + ("<w:r><w:lastRenderedPageBreak/></w:r>" if at == 5 else "")
        return made

    body = (
        "".join(p(marked(one), look=_CENTRE) for one in letter.letterhead)
        + "".join(p(marked(one)) for one in letter.reference)
        + "".join(p(marked(one), look='<w:ind w:left="5040"/>') for one in (*letter.to, letter.copy) if one)
        + (p(marked(letter.topic), look='<w:spacing w:before="200"/>') if letter.topic else "")
        + (p(marked(letter.salutation), look=greeting(letter, '<w:spacing w:before="200" w:after="200"/>')) if letter.salutation else "")
        + "".join(p(marked(one), look=_RED_LINE) for one in letter.text)
        + "".join(p(marked(one)) for one in letter.note)
        + _regards(letter)
        + p("")
        + (table([[p(letter.position), p(letter.person, look=_RIGHT)]], [6200, 3155]) if letter.position or letter.person else "")
        + _corner_box(letter)
        + _sheets(letter)
        + page_of(letter)
    )  # fmt: skip
    return pack(body, styles=styles_of(letter))


BODIES: Final[dict[str, Callable[[Letter], bytes]]] = {
    made.__name__: made for made in (blank, registry, typist, office_word, both_sign, tagged)
}
