"""Letters whose fault is seen on paper alone: ten ways to break each rule of places and sheets, each built differently.

The words are those of ``support_check``; the markup is by hand, so that every way of placing a mark, a page break or an
appendix that Word knows is met at least once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from support_check import Text, context
from support_ooxml import box, defaults, family, p, pack, r, section, size, style, table, vml_box

from rules.wire import LetterContext

_WORDS: Final = Text()
_SMALL: Final = size(10.5)
_CENTRE: Final = '<w:jc w:val="center"/>'
_RIGHT: Final = '<w:jc w:val="right"/>'
_BREAK: Final = '<w:r><w:br w:type="page"/></w:r>'
_NEW: Final = "<w:pageBreakBefore/>"
_LEFT_EDGE: Final = 'relativeFrom="margin"><wp:align>left</wp:align>'
_LOW: Final = 'relativeFrom="margin"><wp:align>bottom</wp:align>'
_SELF: Final = {"last_name": "Иванова", "first_name": "Светлана", "patronymic": "Викторовна"}
_NO_MARK: Final[dict[str, Any]] = {"executor": _SELF}
STYLES: Final = defaults(family("Times New Roman") + size(14)) + style("n", "Normal") + style("m", "Мелкий", run=_SMALL)

HEAD: Final = (
    "".join(p(line, run=size(11)) for line in _WORDS.letterhead)
    + "".join(p(line) for line in ("Кому: Петрову Андрею Павловичу", "Тема: О перерасчёте платы за отопление"))
    + p(_WORDS.salutation, look=_CENTRE)
)
TEXT: Final = "".join(p(line) for line in (_WORDS.preamble, *_WORDS.body))
CLOSING: Final = p(_WORDS.closing)
SIGNATURE: Final = p("Генеральный директор\t\t\t\tС.В. Иванова", look='<w:spacing w:before="480"/>')
_LINES: Final = tuple(_WORDS.mark)
MARK: Final = "".join(p(line, run=_SMALL) for line in _LINES)
LONG: Final = p(_WORDS.preamble) + "".join(
    p(f"{line} " * (850 // len(line))) for line in (*_WORDS.body[:2], *_WORDS.body)
)
"""Fills the first sheet and goes over to the second."""
FILLER: Final = "Плата складывается из объёма и тарифа, а объём берётся по показаниям прибора учёта. "


def gap(points: float) -> str:
    """Empty space of a height."""
    return p("", look=f'<w:spacing w:before="{round(points * 20)}"/>')


def low_box(across: str = _LEFT_EDGE, down: str = _LOW) -> str:
    """The mark in a text box; by default in the lower left corner of the text area."""
    return box(MARK, across=across, down=down, width=8000, height=1100)


def marked(where: str = "") -> str:
    """The signature with the mark's text box anchored in it."""
    return SIGNATURE.replace("</w:p>", f"{where or low_box()}</w:p>")


def enclosure(number: int, *lines: str, look: str = _NEW, title: str = "Расчёт платы") -> str:
    """An appendix, on a sheet of its own by default."""
    return p(f"Приложение № {number}", look=look + _RIGHT) + p(title) + "".join(p(line) for line in lines)


def note(*sheets: int) -> str:
    """The note of the appendices."""
    if len(sheets) == 1:
        return p(f"Приложение: расчёт платы на {sheets[0]} л. в 1 экз.")
    listed = (p(f"{at}. Расчёт {at} на {count} л. в 1 экз.") for at, count in enumerate(sheets, 1))
    return p("Приложения:") + "".join(listed)


@dataclass(frozen=True)
class Sheet:
    """A letter broken on paper.

    Attributes:
        may: Other rules that the same fault violates.
    """

    rule: str
    number: int
    docx: bytes
    case: LetterContext
    may: frozenset[str]


def _ways() -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """By rule: the body, and the parts and facts that go with it (``may``, ``facts``, parts of the package)."""
    foot = {"footer1": MARK}
    with_foot = section("footer:default:footer1")
    one, two = {"enclosures": ["Расчёт"]}, {"enclosures": ["Расчёт 1", "Расчёт 2"]}
    plain = section()
    letter = HEAD + TEXT + CLOSING
    new_section = f"<w:p><w:pPr>{plain}</w:pPr></w:p>"
    frame = (
        '<w:framePr w:w="4500" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="{x}" w:yAlign="{y}"/>'
    )
    framed = "".join(p(line, run=_SMALL, look=frame.format(x="left", y="bottom")) for line in _LINES)
    right_frame = framed.replace('w:xAlign="left"', 'w:xAlign="right"')
    high_frame = framed.replace('w:yAlign="bottom"', 'w:yAlign="top"')
    paged = framed.replace('w:vAnchor="margin"', 'w:vAnchor="page"').replace('w:yAlign="bottom"', 'w:y="13400"')
    cells = table([[MARK, ""]], [4700, 4700])
    lower = '<w:spacing w:before="{}"/>'.format
    return {
        "EX-3": [
            (letter + SIGNATURE + note(1) + p(low_box() + r("Приложение № 1"), look=_NEW) + p("Расчёт") + plain,
             {"facts": one}),
            (HEAD.replace(p(_WORDS.salutation, look=_CENTRE), p(low_box() + r(_WORDS.salutation), look=_CENTRE)) + LONG + CLOSING + SIGNATURE + plain, {}),
            (HEAD + LONG + CLOSING + SIGNATURE + with_foot, foot),
            (HEAD + LONG + CLOSING + SIGNATURE + section("footer:first:footer1", more="<w:titlePg/>"), foot),
            (letter + SIGNATURE + p(_BREAK) + gap(500) + MARK + plain, {}),
            (letter + SIGNATURE + note(1) + new_section + enclosure(1, look="") + with_foot,
             {**foot, "facts": one}),
            (letter + SIGNATURE + p("", look=_NEW) + gap(560) + cells + p("") + plain, {}),
            (letter + gap(250) + MARK + SIGNATURE.replace("<w:pPr>", f"<w:pPr>{_NEW}") + plain, {"may": ["SG-11", "ST-1"]}),
            (letter + SIGNATURE + new_section + gap(520) + MARK + plain, {}),
            (letter + SIGNATURE + note(1) + framed + enclosure(1) + plain, {"facts": one}),
        ],
        "EX-4": [
            (letter + SIGNATURE + gap(260) + MARK.replace("<w:pPr>", f"<w:pPr>{_RIGHT}") + plain, {}),
            (letter + marked(low_box(across='relativeFrom="margin"><wp:align>right</wp:align>')) + plain, {}),
            (letter + SIGNATURE + with_foot, {"footer1": MARK.replace("<w:pPr>", f"<w:pPr>{_RIGHT}")}),
            (letter + SIGNATURE + with_foot, {"footer1": MARK.replace("<w:pPr>", f"<w:pPr>{_CENTRE}")}),
            (letter + marked(low_box(down='relativeFrom="paragraph"><wp:posOffset>500000</wp:posOffset>')) + plain,
             {"may": ["EX-5"]}),
            (letter + SIGNATURE + MARK + plain, {}),
            (letter + SIGNATURE + with_foot, {"footer1": MARK.replace("<w:pPr>", '<w:pPr><w:ind w:left="4500"/>')}),
            (letter + right_frame + SIGNATURE + plain, {}),
            (letter + SIGNATURE + with_foot, {"footer1": "".join(p(f"\t\t\t\t{line}", run=_SMALL) for line in _LINES)}),
            (letter + SIGNATURE + gap(60) + cells + p("") + plain, {}),
        ],
        "EX-5": [
            (letter + gap(310) + MARK + SIGNATURE + plain, {"may": ["ST-1"]}),
            (letter + paged + gap(370) + SIGNATURE + plain, {}),
            (letter + p(low_box().replace("wrapTopAndBottom", "wrapNone")) + gap(385) + SIGNATURE + plain, {}),
            (letter + p(vml_box(MARK, "width:230pt;height:34pt;mso-position-horizontal-relative:margin;margin-left:0;"
                                "mso-position-vertical-relative:page;margin-top:640pt")) + gap(330) + SIGNATURE + plain, {}),
            (letter + gap(310) + table([["", ""], [MARK, ""]], [4700, 4700]) + SIGNATURE + plain, {"may": ["ST-1"]}),
            (letter + gap(300) + cells + SIGNATURE + plain, {"may": ["ST-1"]}),
            (letter + p(low_box(down='relativeFrom="page"><wp:posOffset>8400000</wp:posOffset>')
                        .replace("wrapTopAndBottom", 'wrapSquare wrapText="bothSides"')) + gap(368) + SIGNATURE + plain, {}),
            (letter + high_frame + SIGNATURE + plain, {"may": ["EX-4"]}),
            (letter + marked(low_box(down='relativeFrom="margin"><wp:align>top</wp:align>')) + plain, {"may": ["EX-4"]}),
            (letter + gap(315) + "".join(p(line, style="m") for line in _LINES) + SIGNATURE + plain, {"may": ["ST-1"]}),
        ],
        "AP-1": [
            (letter + SIGNATURE + note(1) + enclosure(1, look="") + plain, {"facts": one | _NO_MARK}),
            (letter + note(1) + SIGNATURE + enclosure(1, look="") + plain, {"facts": one | _NO_MARK}),
            (letter + note(1) + SIGNATURE + p("Приложение", look=_CENTRE) + p("Расчёт") + plain,
             {"facts": one | _NO_MARK}),
            (letter + note(1) + marked() + gap(20) + enclosure(1, look="") + plain, {"facts": one}),
            (letter + note(1) + SIGNATURE + f'<w:p><w:pPr>{section(more="")}</w:pPr></w:p>'
             + enclosure(1, look="") + section(more='<w:type w:val="continuous"/>'), {"facts": one | _NO_MARK}),
            (letter + note(1) + SIGNATURE + p("Приложение № 1 к письму от 16.11.2026") + p("Расчёт") + plain,
             {"facts": one | _NO_MARK}),
            (HEAD + LONG + CLOSING + note(1) + SIGNATURE + enclosure(1, look="") + plain,
             {"facts": one | _NO_MARK}),
            (letter + note(1) + SIGNATURE + gap(80) + enclosure(1, *[FILLER] * 3, look="") + plain,
             {"facts": one | _NO_MARK}),
            (letter + note(1) + SIGNATURE + p("ПРИЛОЖЕНИЕ № 1", look=_RIGHT) + table([[p("1"), p("2")]], [3000, 3000])
             + p("") + plain, {"facts": one | _NO_MARK}),
            (letter + note(1, 1) + SIGNATURE + enclosure(1, look="") + enclosure(2) + plain,
             {"facts": two | _NO_MARK, "may": ["AP-2"]}),
        ],
        "AP-2": [
            (letter + note(1, 1) + SIGNATURE + enclosure(1) + enclosure(2, look="") + plain, {}),
            (letter + note(1, 1) + marked() + enclosure(1) + enclosure(2, look="") + plain, {"facts": two}),
            (letter + note(1, 1) + SIGNATURE + p(_BREAK) + enclosure(1, look="") + gap(100) + enclosure(2, look="")
             + plain, {}),
            (letter + note(1, 1) + SIGNATURE + new_section + enclosure(1, look="") + enclosure(2, look="") + plain, {}),
            (letter + note(1) + SIGNATURE + p("Справка о начислениях", look=_NEW) + enclosure(1, look="") + plain,
             {"facts": one | _NO_MARK, "may": ["ST-1"]}),
            (letter + note(1, 1) + SIGNATURE + enclosure(1, *[FILLER] * 4) + enclosure(2, look=lower(800)) + plain, {}),
            (letter + note(1, 1, 1) + SIGNATURE + enclosure(1) + enclosure(2) + enclosure(3, look="") + plain,
             {"facts": {"enclosures": ["1", "2", "3"]} | _NO_MARK}),
            (letter + note(1, 1, 1) + SIGNATURE + enclosure(1) + enclosure(2, look="") + enclosure(3) + plain,
             {"facts": {"enclosures": ["1", "2", "3"]} | _NO_MARK}),
            (letter + note(1, 1) + SIGNATURE + p("", look=_NEW) + table([[enclosure(1, look="")]], [9300])
             + table([[enclosure(2, look="")]], [9300]) + p("") + plain, {}),
            (letter + note(1, 1) + SIGNATURE + f"<w:p><w:pPr>{plain}</w:pPr></w:p>" + enclosure(1, look="")
             + f"<w:p><w:pPr>{plain}</w:pPr></w:p>" + enclosure(2, look="")
             + section(more='<w:type w:val="continuous"/>'), {}),
        ],
        "AP-4": [
            (letter + note(2) + SIGNATURE + enclosure(1) + plain, {"facts": one | _NO_MARK}),
            (letter + note(1) + SIGNATURE + enclosure(1, *[FILLER] * 60) + plain, {"facts": one | _NO_MARK}),
            (letter + note(5) + marked() + enclosure(1) + plain, {"facts": one}),
            (letter + note(1, 2) + SIGNATURE + enclosure(1) + enclosure(2) + plain, {}),
            (letter + note(2, 1) + SIGNATURE + enclosure(1) + enclosure(2) + plain, {}),
            (letter + note(1, 1) + SIGNATURE + enclosure(1, *[FILLER] * 60) + enclosure(2) + plain, {}),
            (letter + note(1, 1) + SIGNATURE + enclosure(1) + enclosure(2, *[FILLER] * 60) + plain, {}),
            (letter + note(9) + SIGNATURE + new_section + enclosure(1, *[FILLER] * 60, look="") + plain,
             {"facts": one | _NO_MARK}),
            (letter + note(1) + SIGNATURE + enclosure(1) + p("Продолжение", look=_NEW) + plain,
             {"facts": one | _NO_MARK}),
            (letter + note(1, 1) + SIGNATURE + p(_BREAK) + enclosure(1, look="") + p(_BREAK) + p("Оборот") + p(_BREAK)
             + enclosure(2, look="") + plain, {}),
        ],
        "SG-11": [
            (letter + SIGNATURE.replace("<w:pPr>", f"<w:pPr>{_NEW}") + plain, {}),
            (letter + p(_BREAK) + SIGNATURE + plain, {}),
            (letter + new_section + SIGNATURE + plain, {}),
            (letter + p("С уважением,", look=_NEW) + SIGNATURE + plain, {}),
            (HEAD + TEXT + p(_WORDS.closing, look=_NEW) + SIGNATURE + plain, {}),
            (letter + SIGNATURE.replace("<w:pPr>", f"<w:pPr>{_NEW}").replace("</w:p>", low_box() + "</w:p>") + plain,
             {"mark": True}),
            (letter + gap(560) + SIGNATURE + plain, {}),
            (letter + p("", look=_NEW) + table([[p("Генеральный директор"), p("С.В. Иванова")]], [5000, 4400]) + p("")
             + plain, {}),
            (HEAD + LONG + CLOSING + SIGNATURE.replace("<w:pPr>", f"<w:pPr>{_NEW}") + plain, {}),
            (letter + p(_BREAK) + p("Генеральный директор") + p("С.В. Иванова") + plain, {}),
        ],
    }  # fmt: skip


def broken_sheets() -> Iterator[Sheet]:
    """Every way; the executor is the signatory where the letter has no mark, so that nothing else is wrong."""
    for rule, ways in _ways().items():
        for number, (body, more) in enumerate(ways):
            own = dict(more)
            may, facts = own.pop("may", []), own.pop("facts", None)
            unmarked = rule.startswith(("AP", "SG")) and not own.pop("mark", False)
            own.pop("mark", None)
            if facts is None:
                facts = {"enclosures": ["Расчёт 1", "Расчёт 2"]} if rule.startswith("AP") else {}
                facts |= _NO_MARK if unmarked and "wp:anchor" not in body else {}
            docx = pack(body, styles=STYLES, **own)
            yield Sheet(rule, number, docx, context(**facts), frozenset(may))
