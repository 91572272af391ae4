"""Further makers of letters for ``support_makers``: stamps, framed marks, tables of charges, Word's own numbers.

In the text of a letter «#» begins a heading numbered by the word processor, «|» a table: a row a line, a cell a bar.
"""

# ruff: noqa: E501 - markup as offices write it, a line a tag

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from support_bodies import BODIES
from support_forms import FORMS
from support_habits import HABITS
from support_makers import DATA, MAKERS, Letter, Made, greeting, lines_of, mark_foot, mark_look, read, styles_of
from support_ooxml import box, defaults, family, p, pack, r, section, size, style, table
from support_scripts import SCRIPTS
from support_ways import WAYS

_RIGHT: Final = '<w:jc w:val="right"/>'
_CENTRE: Final = '<w:jc w:val="center"/>'
_BOTH: Final = '<w:jc w:val="both"/>'
_RED_LINE: Final = '<w:ind w:firstLine="709"/><w:jc w:val="both"/>'
_BORDERS: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_NUMBERED: Final = (
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1069" w:hanging="360"/></w:pPr></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
_ITEM: Final = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
_WIDE: Final = 9355


def _grid(text: str) -> str:
    rows = [one.strip("|").split("|") for one in text.splitlines()]
    widths = [_WIDE // len(rows[0])] * len(rows[0])
    return table(
        [[p(cell, run=size(11)) for cell in row] for row in rows],
        widths,
        look=f"<w:tblBorders>{_BORDERS}</w:tblBorders>",
    )


def _flow(letter: Letter, look: str = _RED_LINE, **more: str) -> str:
    """The text with its tables and numbered headings."""
    made = ""
    for one in letter.text:
        if one.startswith("|"):
            made += _grid(one)
        elif one.startswith("#"):
            made += p(one[1:], look=_ITEM, run="<w:b/>")
        else:
            made += p(one, look=look, **more)
    return made


def _boxed(letter: Letter) -> str:
    if not letter.mark:
        return ""
    inner = lines_of(letter.mark, run=mark_look(letter))
    across = f'relativeFrom="margin"><wp:align>{letter.mark_side}</wp:align>'
    down = 'relativeFrom="bottomMargin"><wp:posOffset>-540000</wp:posOffset>'
    return box(inner, across=across, down=down, width=8000, height=1400)


def _signed(letter: Letter, between: str = "") -> str:
    if not letter.position and not letter.person:
        return ""
    return table([[p(letter.position), between or p(""), p(letter.person, look=_RIGHT)]], [4300, 2555, 2500])


def _regards(letter: Letter) -> str:
    return p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else ""


def word_stamp(letter: Letter) -> bytes:
    """A corner stamp of a cell with its arms and rules, «Основной текст с отступом», signature in a table without rules."""
    styles = styles_of(letter, style("a3", "Body Text Indent", based="n", look=_RED_LINE))
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="1" w:color="auto"/></w:pBdr>' + _CENTRE
    stamp = p("", look=_CENTRE) + lines_of(letter.letterhead[:-1], look=_CENTRE, run="<w:b/>" + size(11))
    stamp += p(letter.letterhead[-1], look=rule, run=size(9)) + lines_of(letter.reference, look=_CENTRE, run=size(11))
    body = (
        table([[stamp, p("") + lines_of((*letter.to, letter.copy))]], [4700, 4655])
        + p("", look="<w:keepNext/>")
        + (p(letter.topic, look='<w:ind w:right="4536"/>') if letter.topic else "")
        + p("")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + p("")
        + _flow(letter, "", style="a3")
        + lines_of(letter.note)
        + _regards(letter)
        + p("")
        + _signed(letter)
        + section("footer:default:footer1")
    )
    return pack(body, styles=styles, footer1=mark_foot(letter))


def state_letterhead(letter: Letter) -> bytes:
    """A letterhead across the sheet with its lower half in small type, date and number at a row's two ends, topic between dashes' place."""
    head, *rest = letter.letterhead
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs>'
    signed = p(f"{letter.position}\t{letter.person}".strip(), look=tabs) if letter.position or letter.person else ""
    body = (
        p(head, look=_CENTRE, run="<w:b/><w:spacing w:val='20'/>" + size(15))
        + lines_of(tuple(rest), look='<w:pBdr><w:top w:val="double" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>' + _CENTRE, run=size(9))
        + p("\t".join(letter.reference), look=tabs, run="<w:u w:val='single'/>")
        + p("")
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="4956"/>')
        + p("")
        + (p(letter.topic) if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter, '<w:spacing w:before="240" w:after="240"/>')) if letter.salutation else "")
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + p("")
        + signed
        + p(_boxed(letter))
        + section()
    )  # fmt: skip
    return pack(body, styles=styles_of(letter))


def writer(letter: Letter) -> bytes:
    """As LibreOffice Writer saves: styles by numbers, «start» and «end», a typeface in every style, hyphenation off."""
    face = family(letter.font) + size(letter.size)
    styles = (
        defaults(family("Liberation Serif") + size(12), '<w:suppressAutoHyphens w:val="true"/>')
        + style("Normal", "Normal", look='<w:widowControl/><w:jc w:val="start"/>', run=face)
        + style("Style14", "Heading", based="Normal", run=family("Liberation Sans") + size(14))
        + style("Style15", "Text Body", based="Normal", look='<w:spacing w:before="0" w:after="140" w:line="276" w:lineRule="auto"/>')
        + style("Style16", "Красная строка", based="Style15", look='<w:ind w:start="0" w:end="0" w:firstLine="720"/><w:jc w:val="both"/>')
        + style("Style17", "Приветствие", based="Style15", look=f'<w:jc w:val="{ {"left": "start", "right": "end"}.get(letter.greet, letter.greet)}"/>')
        + style("Style18", "Нижний колонтитул", based="Normal")
    )  # fmt: skip
    body = (
        lines_of(letter.letterhead, style="Style15", look=_CENTRE)
        + lines_of(letter.reference, style="Normal")
        + lines_of((*letter.to, letter.copy), style="Normal", look='<w:ind w:start="5102" w:end="0"/>')
        + (p(letter.topic, style="Style15") if letter.topic else "")
        + (p(letter.salutation, style="Style17") if letter.salutation else "")
        + _flow(letter, "", style="Style16")
        + lines_of(letter.note, style="Style15")
        + _regards(letter)
        + (p(f"{letter.position}\t\t\t{letter.person}".strip(), style="Style15") if letter.position or letter.person else "")
        + section("footer:default:footer1", more="<w:formProt w:val='false'/><w:textDirection w:val='lrTb'/>")
    )  # fmt: skip
    foot = lines_of(letter.mark, style="Style18", run=mark_look(letter)) or p("")
    return pack(body, styles=styles, footer1=foot)


def numbered(letter: Letter) -> bytes:
    """Headings numbered by the word processor, name and position one below the other, mark in the footer."""
    body = (
        lines_of(letter.letterhead, look=_CENTRE, run="<w:b/>")
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look=_RIGHT)
        + (p(letter.topic, run="<w:b/>") if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + p("")
        + (p(letter.position) if letter.position else "")
        + (p(letter.person, look=_RIGHT) if letter.person else "")
        + section("footer:default:footer1")
    )
    return pack(body, styles=styles_of(letter), numbering=_NUMBERED, footer1=mark_foot(letter))


def charges(letter: Letter) -> bytes:
    """A plain letter whose text holds a ruled table; the mark in a box of the last paragraph."""
    body = (
        lines_of(letter.letterhead)
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="4820"/>')
        + p("")
        + (p(letter.topic) if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + _flow(letter, _BOTH)
        + lines_of(letter.note)
        + _regards(letter)
        + _signed(letter)
        + p(_boxed(letter))
        + section()
    )
    return pack(body, styles=styles_of(letter))


def chained(letter: Letter) -> bytes:
    """Every look by a style of a style of a style, typeface by the theme of headings, the mark's size by its style."""
    theme = '<w:rFonts w:asciiTheme="majorHAnsi" w:hAnsiTheme="majorHAnsi" w:cstheme="majorBidi"/>'
    mark = size(letter.small) + (family(letter.mark_font) if letter.mark_font else "")
    styles = (
        defaults(theme + size(11))
        + style("n", "Normal", run=size(letter.size))
        + style("s1", "Письмо", based="n", look='<w:spacing w:line="288" w:lineRule="auto"/>')
        + style("s2", "Письмо абзац", based="s1", look=_RED_LINE)
        + style("s3", "Письмо строка", based="s2", look='<w:ind w:firstLine="0"/><w:jc w:val="left"/>')
        + style("s4", "Письмо обращение", based="s3", look=greeting(letter))
        + style("s5", "Письмо адресат", based="s3", look='<w:ind w:left="4800" w:firstLine="0"/>')
        + style("s6", "Исполнитель письма", based="s3", run=mark)
    )
    body = (
        lines_of(letter.letterhead, style="s4")
        + lines_of(letter.reference, style="s3")
        + lines_of((*letter.to, letter.copy), style="s5")
        + (p(letter.topic, style="s3") if letter.topic else "")
        + (p(letter.salutation, style="s4") if letter.salutation else "")
        + _flow(letter, "", style="s2")
        + lines_of(letter.note, style="s3")
        + _regards(letter)
        + (
            p(f"{letter.position}\t\t\t\t{letter.person}".strip(), style="s3")
            if letter.position or letter.person
            else ""
        )
        + section("footer:default:footer1")
    )
    return pack(body, styles=styles, fonts=(letter.font, "Calibri"), footer1=lines_of(letter.mark, style="s6") or p(""))


def sections(letter: Letter) -> bytes:
    """Appendices in a section of their own with an empty footer; the mark in the footer of the letter's section."""
    sheets = ""
    for at, one in enumerate(letter.enclosures):
        head, *rest = one.split("|")
        sheets += p(head, look=("<w:pageBreakBefore/>" if at else "") + _RIGHT) + lines_of(tuple(rest))
    own = p("", look=section("footer:default:footer1")) if sheets else ""
    body = (
        lines_of(letter.letterhead, look=_CENTRE)
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="5100"/>')
        + (p(letter.topic, look='<w:ind w:right="4800"/>') if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + _signed(letter)
        + own
        + sheets
        + section("footer:default:footer2" if sheets else "footer:default:footer1")
    )
    return pack(body, styles=styles_of(letter), footer1=mark_foot(letter), footer2=p(""))


def stamped(letter: Letter) -> bytes:
    """The stamp of an electronic signature between position and name."""
    said = (
        "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ",
        "Сертификат: 00D3C1A9F4B7E25586",
        f"Владелец: {letter.person}",
        "Действителен с 11.02.2026 по 07.05.2027",
    )
    stamp = table(
        [[lines_of(said, look=_CENTRE, run=size(8))]], [2500], look=f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
    )
    body = (
        lines_of(letter.letterhead, look=_CENTRE)
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look=_RIGHT)
        + (p(letter.topic, look=_CENTRE) if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + p("")
        + _signed(letter, stamp + p(""))
        + section("footer:default:footer1")
    )
    return pack(body, styles=styles_of(letter), footer1=mark_foot(letter))


def google(letter: Letter) -> bytes:
    """As a web editor exports: every property in every run, borders named and nil, a name above its position."""
    run = family(letter.font) + size(letter.size) + '<w:b w:val="0"/><w:i w:val="0"/><w:color w:val="000000"/>'
    nil = "".join(f'<w:{side} w:val="nil"/>' for side in ("top", "left", "bottom", "right"))
    look = f"<w:pBdr>{nil}</w:pBdr>" + '<w:spacing w:after="0" w:line="276" w:lineRule="auto"/>'
    body = (
        lines_of(letter.letterhead, look=look + _RIGHT, run=run)
        + lines_of(letter.reference, look=look + _RIGHT, run=run)
        + p("", look=look)
        + lines_of((*letter.to, letter.copy), look=look, run=run)
        + p("", look=look)
        + (p(letter.topic, look=look, run=run + "<w:i/>") if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter, look), run=run) if letter.salutation else "")
        + _flow(letter, look, run=run)
        + lines_of(letter.note, look=look, run=run)
        + _regards(letter)
        + p("", look=look)
        + (p(letter.person, look=look, run=run) if letter.person else "")
        + (p(letter.position, look=look, run=run) if letter.position else "")
        + section("footer:default:footer1", more='<w:pgNumType w:start="1"/>')
    )
    styles = defaults(family("Arial") + size(11), '<w:spacing w:line="276" w:lineRule="auto"/>') + style(
        "Normal", "Normal"
    )
    foot = lines_of(letter.mark, run=family(letter.font) + mark_look(letter)) or p("")
    return pack(body, styles=styles, footer1=foot)


def merged(letter: Letter) -> bytes:
    """A head of merged cells with a nested table of date and number; the topic in the head's last row."""
    inner = table([[p(one) for one in letter.reference]], [2300] * len(letter.reference))
    left = lines_of(letter.letterhead, look=_CENTRE, run=size(12)) + inner + p("")
    rows = [[left, lines_of((*letter.to, letter.copy))]]
    if letter.topic:
        rows.append([p(letter.topic), p("")])
    signed = p(f"{letter.position}\t\t{letter.person}".strip(), look='<w:ind w:firstLine="0"/>')
    body = (
        table(rows, [4800, 4555])
        + p("")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + p("")
        + signed
        + p(_boxed(letter))
        + section()
    )
    return pack(body, styles=styles_of(letter))


def two_signers(letter: Letter) -> bytes:
    """Two officials sign, each in a row of one table."""
    rows = [
        [p(letter.position), p(letter.person, look=_RIGHT)],
        [p("Главный бухгалтер"), p("Е.Н. Ходырева", look=_RIGHT)],
    ]
    body = (
        lines_of(letter.letterhead, look=_CENTRE)
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="4820"/>')
        + (p(letter.topic) if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + p("")
        + table(rows, [6000, 3355])
        + section("footer:default:footer1")
    )
    return pack(body, styles=styles_of(letter), footer1=mark_foot(letter))


def two_columns(letter: Letter) -> bytes:
    """The head in two columns of a section: letterhead in one, addressee in the other; then one column."""
    cols = '<w:type w:val="continuous"/><w:cols w:num="2" w:space="708"/>'
    over = r("").replace('<w:t xml:space="preserve"></w:t>', '<w:br w:type="column"/>')
    to = (*letter.to, letter.copy)
    body = (
        lines_of((*letter.letterhead, *letter.reference), run=size(12))
        + p(over + r(to[0]))
        + lines_of(to[1:])
        + p("", look=section(more=cols))
        + (p(letter.topic) if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + p("")
        + (p(f"{letter.position}\t\t\t\t\t{letter.person}".strip()) if letter.position or letter.person else "")
        + p(_boxed(letter))
        + section(more='<w:type w:val="continuous"/>')
    )
    return pack(body, styles=styles_of(letter))


def framed(letter: Letter) -> bytes:
    """The mark in a frame at the bottom margin with a paragraph to hold it; the addressee in a frame as well."""
    at_bottom = f'<w:framePr w:w="5200" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="{letter.mark_side}" w:yAlign="bottom"/>'
    body = (
        lines_of(letter.letterhead, look='<w:ind w:right="5000"/>' + _CENTRE)
        + lines_of(letter.reference, look='<w:ind w:right="5000"/>')
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="5000"/>')
        + (p(letter.topic, look='<w:ind w:right="5000"/>') if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter)) if letter.salutation else "")
        + _flow(letter)
        + lines_of(letter.note)
        + _regards(letter)
        + p("")
        + _signed(letter)
        + lines_of(letter.mark, look=at_bottom, run=mark_look(letter))
        + p("", run=size(1))
        + section()
    )
    return pack(body, styles=styles_of(letter))


OFFICES: Final[dict[str, Callable[[Letter], bytes]]] = {
    made.__name__: made
    for made in (word_stamp, state_letterhead, writer, numbered, charges, chained, sections, stamped, google, merged,
                 two_signers, two_columns, framed)
}  # fmt: skip
MAKERS.update(OFFICES, **SCRIPTS, **FORMS, **BODIES, **HABITS, **WAYS)  # a letter of a file names its maker


def every_letter() -> list[Made]:
    """The letters of all sets, in the order in which they were written."""
    sets = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
            "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth")  # fmt: skip
    return [one for name in sets for one in read(DATA / f"letters_{name}.yaml")]
