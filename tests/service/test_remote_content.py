"""What a letter links to outside is never fetched: whoever wrote it must not learn who reads it, and when."""

from __future__ import annotations

import http.server
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import support_house as support
from PIL import Image

from intake.mime import understand
from steps import views, work
from steps.house import House

pytestmark = pytest.mark.service


@pytest.fixture
def spy() -> Iterator[tuple[str, list[str]]]:
    """A server that writes down who asks."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def odt(url: str) -> bytes:
    """A text document whose picture and template lie on a stranger's server."""
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for name, full in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces} office:version="1.2" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>'
        "<text:p>Прошу сделать перерасчёт платы за отопление за октябрь.</text:p><text:p>"
        f'<draw:frame svg:width="1cm" svg:height="1cm"><draw:image xlink:href="{url}/odt.png" xlink:type="simple"/>'
        "</draw:frame></text:p></office:text></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def letter(url: str) -> bytes:
    page = (
        f'<html><head><link rel="stylesheet" href="{url}/css"><base href="{url}/"><script src="{url}/js"></script>'
        f'</head><body background="{url}/back"><img src="{url}/pixel.gif"><iframe src="{url}/frame"></iframe>'
        "<p>Прошу пересчитать плату.</p></body></html>"
    )
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "client@mail.example", "info@eirc-rb.example", "Перерасчёт"
    mail.set_content(page, subtype="html")
    mail.add_attachment(page.encode(), maintype="text", subtype="html", filename="страница.html")
    mail.add_attachment(odt(url), maintype="application", subtype="octet-stream", filename="заявление.odt")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/svg.png" width="1" height="1"/></svg>'
    mail.add_attachment(svg.encode(), maintype="image", subtype="svg+xml", filename="рисунок.svg")
    return mail.as_bytes()


def test_nothing_outside_is_asked_for_from_arrival_to_the_card(
    make_house: Callable[..., House], tmp_path: Path, spy: tuple[str, list[str]]
) -> None:
    url, asked = spy
    house = make_house(people=False, sources=[support.mail_folder(tmp_path / "mail")])
    (tmp_path / "mail" / "1.eml").write_bytes(letter(url))
    for step in ("receive", "triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    card = views.card(support.SYSTEM, house, "ВХ-2026-000001")
    assert "пересчитать плату" in card.text
    assert asked == []


def test_names_of_files_lead_nowhere_and_hide_nothing() -> None:
    names = {
        "../../etc/cron.d/x.txt": "none",
        "C:\\Windows\\evil.txt": "none",
        "счёт.pdf.exe": "refused",
        "счёт\u202efdp.exe": "refused",
        "фото.jpg .scr. ": "refused",
    }
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "client@mail.example", "x"
    mail.set_content("Прошу принять.")
    for name in names:
        mail.add_attachment(b"words", maintype="application", subtype="octet-stream", filename=name)
    files = understand(mail.as_bytes()).attachments
    assert [file.risk for file in files] == list(names.values())
    for file in files:
        assert not {"/", "\\", "\u202e", "\x00"} & set(file.name)
        assert ".." not in file.name


def test_line_breaks_hidden_in_a_header_do_not_come_out_of_it() -> None:
    raw = (
        b"From: =?utf-8?B?SXZhbg0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?= <ivan@mail.example>\n"
        b"Subject: =?utf-8?B?VGhlbWUNCkJjYzogZXZpbEBldmlsLmV4YW1wbGU=?=\n\nx"
    )
    view = understand(raw).view
    assert not {"\r", "\n"} & set(view.subject + (view.from_name or ""))
    assert view.from_email == "ivan@mail.example"


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "client@mail.example", "info@eirc-rb.example", "Перерасчёт"
    mail.set_content("Прошу сделать перерасчёт, снимок во вложении.")
    mail.add_attachment(buffer.getvalue(), maintype="image", subtype="png", filename="снимок.png")
    house = make_house(people=False, sources=[support.mail_folder(tmp_path / "mail")])
    (tmp_path / "mail" / "1.eml").write_bytes(mail.as_bytes())
    for step in ("receive", "triage", "register", "read"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    card = views.card(support.SYSTEM, house, "ВХ-2026-000001")
    file = next(one for one in card.documents if one.name == "снимок.png")
    assert file.state == "refused"
