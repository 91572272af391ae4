"""A template put in by a business user: whatever is code, unknown, lost or foreign is refused before anything runs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from outbox import template_build
from outbox.check import load_rules
from outbox.templatelint import lint

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"
RULES = load_rules()
Change = Callable[[Document], None]


def made(change: Change | None = None) -> bytes:
    document = template_build.build()
    if change:
        change(document)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def says(text: str) -> Change:
    def change(document: Document) -> None:
        closing = next(one for one in document.paragraphs if "{{ closing }}" in one.text)
        closing.insert_paragraph_before(text, style="Письмо Текст")

    return change


def without(field: str) -> Change:
    def change(document: Document) -> None:
        for paragraph in document.paragraphs:
            for run in paragraph.runs:
                run.text = re.sub(rf"{{{{ {field} }}}}", "", run.text)

    return change


def restyled(old: str, new: str) -> Change:
    def change(document: Document) -> None:
        for paragraph in document.paragraphs:
            if paragraph.style is not None and paragraph.style.name == old:
                paragraph.style = document.styles[new]

    return change


def with_xml(xml: str) -> Change:
    def change(document: Document) -> None:
        document.paragraphs[-1]._p.append(parse_xml(re.sub(r"^<(w:\w+)", rf"<\1 {nsdecls('w')}", xml)))

    return change


@pytest.mark.parametrize(("name", "large"), [("letter.docx", False), ("letter-large.docx", True)])
def test_our_own_templates_pass(name: str, *, large: bool) -> None:
    assert lint((TEMPLATES / name).read_bytes(), RULES, large=large) == []


def test_a_business_users_own_words_pass() -> None:
    assert lint(made(says("Мы работаем с 8 до 17 часов. Тел. 8 (347) 200-00-00, скидка 100 %.")), RULES) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ ''.__class__.__mro__ }}", "код"),
        ("{{ body.__class__ }}", "Неизвестное поле «body.__class__»"),
        ("{{ cycler.__init__.__globals__.os.popen('id') }}", "код"),
        ("{{ executor.name.__class__ }}", "код"),
        ("{{ 7*7 }}", "код"),
        ("{{ body|length }}", "код"),
        ("{{ body[0] }}", "код"),
        ("{{ topic() }}", "код"),
        ("{% set a = 1 %}", "код"),
        ("{% include 'x' %}", "код"),
        ("{% macro m() %}{% endmacro %}", "код"),
        ("{% raw %}{{ x }}{% endraw %}{% filter upper %}а{% endfilter %}", "код"),
        ("{% for x in range(999999999) %}а{% endfor %}", "не по списку"),
        ("{% for x in topic %}{{ x }}{% endfor %}", "не по списку"),
        ("{% for a in body %}{% for b in body %}{% for c in body %}а{% endfor %}{% endfor %}{% endfor %}", "глубоко"),
        ("{% for a in body if a %}а{% endfor %}", "не по форме"),
        ("{{ salutaton }}", "Неизвестное поле «salutaton»"),
        ("{{ executor.passport }}", "нет части «passport»"),
        ("{% for a in body %}", "endfor"),
        ("{{ topic }", "метке"),
    ],
)
def test_what_is_no_field_condition_or_loop_is_refused(text: str, words: str) -> None:
    problems = lint(made(says(text)), RULES)
    assert any(words in one for one in problems), problems


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without("salutation"), "нет полей: обращение"),
        (without("preamble"), "нет полей: преамбула"),
        (without("signature_name"), "имя подписанта"),
        (restyled("Письмо Обращение", "Письмо Текст"), "стили: Письмо Обращение"),
        (with_xml('<w:fldSimple w:instr="INCLUDETEXT &quot;http://x.example&quot;"/>'), "INCLUDETEXT"),
        (says("{%p if topic %} С наступающим!"), "С наступающим!"),
        (with_xml('<w:ins w:id="1" w:author="а"><w:r><w:t>слово</w:t></w:r></w:ins>'), "исправления"),
    ],
)
def test_what_is_lost_or_foreign_is_refused(change: Change, words: str) -> None:
    problems = lint(made(change), RULES)
    assert any(words in one for one in problems), problems


def test_a_letter_made_from_it_must_pass_the_check() -> None:
    def crooked(document: Document) -> None:
        document.styles["Письмо Обращение"].paragraph_format.alignment = 0

    assert any("по центру" in one for one in lint(made(crooked), RULES))


def repacked(change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made())) as source, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
        for name, data in (extra or {}).items():
            target.writestr(name, data)
    return output.getvalue()


def _link(name: str, data: bytes) -> bytes:
    if name != "word/_rels/document.xml.rels":
        return data
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    link = b'<Relationship Id="rX" TargetMode="External" Target="http://x.example/a.dotm" Type="' + kind + b'"/>'
    return data.replace(b"</Relationships>", link + b"</Relationships>")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "пуст"),
        (b"no docx at all", "docx"),
        (repacked(lambda name, data: data if name != "word/document.xml" else data[:500]), "повреж"),
        (repacked(_link), "внешняя ссылка"),
        (repacked(lambda _, data: data, {"word/embeddings/oleObject1.bin": b"x"}), "вложенный объект"),
        (repacked(lambda _, data: data, {"word/media/bomb.bin": b"0" * 60_000_000}), "20 МБ"),
        (repacked(lambda name, data: data.ljust(60_000_000) if name == "word/document.xml" else data), "распак"),
    ],
    ids=["empty", "text", "torn", "link", "object", "large", "bomb"],
)
def test_a_file_that_is_no_honest_template_is_refused(data: bytes, words: str) -> None:
    problems = lint(data, RULES)
    assert problems
    assert any(words in one for one in problems), problems
