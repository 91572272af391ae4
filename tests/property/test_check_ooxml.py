"""Letters whose elements were taken out, doubled, moved, renamed or given other values: a report or a plain refusal."""

from __future__ import annotations

import copy
import io
import zipfile
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from support_makers import DATA, read
from support_odd import odd_letters

from outbox.check import UnreadableLetterError, check, load_rules
from rules.wire import LetterContext

RULES: Final = load_rules()
LETTERS: Final[list[tuple[bytes, LetterContext]]] = [
    *((one.docx(), one.case) for one in list(read(DATA / "letters_first.yaml"))[:12]),
    *((one.made, one.case) for one in odd_letters() if one.suffix == "docx"),
]
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES: Final = (
    "p",
    "r",
    "t",
    "tbl",
    "tr",
    "tc",
    "sdt",
    "sdtContent",
    "ins",
    "del",
    "txbxContent",
    "sectPr",
    "pPr",
    "x",
)
VALUES: Final = ("", "-1", "99999999999999999999", "NaN", "ё", "center", "0", "auto", "100%", "\u202e", "a" * 3000)
CHANGE: Final = st.tuples(
    st.sampled_from(["drop", "double", "move", "rename", "value", "wrap", "text"]),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)


def change(root: etree._Element, kind: str, at: int, other: int) -> None:
    """One change of the tree; what cannot be done is left."""
    elements = list(root.iter(tag=etree.Element))[1:]
    if not elements:
        return
    one, two = elements[at % len(elements)], elements[other % len(elements)]
    parent = one.getparent()
    assert parent is not None
    if kind == "drop":
        parent.remove(one)
    elif kind == "double":
        parent.insert(0, copy.deepcopy(one))
    elif kind == "move" and one not in {two, *two.iterancestors()}:
        two.append(one)
    elif kind == "rename":
        one.tag = W + NAMES[other % len(NAMES)]
    elif kind == "value" and one.attrib:
        one.attrib[list(one.attrib)[other % len(one.attrib)]] = VALUES[at % len(VALUES)]
    elif kind == "wrap":
        wrapper = etree.SubElement(parent, W + NAMES[other % len(NAMES)])
        wrapper.append(one)
    elif kind == "text":
        one.text = VALUES[other % len(VALUES)].strip("\x00")


@settings(max_examples=25)
@given(st.sampled_from(LETTERS), st.integers(0, 50), st.lists(CHANGE, min_size=1, max_size=12))
def test_changed_elements(letter: tuple[bytes, LetterContext], part: int, changes: list[tuple[str, int, int]]) -> None:
    data, case = letter
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        chosen = names[part] if part < len(names) else "word/document.xml"
        for name in names:
            content = old.read(name)
            if name == chosen:
                root = etree.fromstring(content)
                for one in changes:
                    change(root, *one)
                content = etree.tostring(root)
            new.writestr(name, content)
    told: object = None
    try:
        told = check(stream.getvalue(), pdf=None, context=case, rulebook=RULES).human
    except UnreadableLetterError as error:
        told = str(error)
    assert told
