"""Which parts of a message are its text and which are its files."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from intake.attachments import Attachment, describe
from intake.charset import decode
from intake.htmltext import html_to_text
from intake.mailparts import MailLimits, Part
from intake.mailtext import tidy
from intake.unpack import NotOpenedError, is_archive, members

_LOGO_BYTES = 40_000
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_REPORT_PARTS = frozenset({"message/delivery-status", "message/disposition-notification", "message/feedback-report"})


@dataclass(slots=True)
class MailBody:
    """Text, HTML and files of a message, nested messages included.

    Attributes:
        text: The whole text, quotes included.
        html: The HTML source that the text may have come from; empty when there is none.
        attachments: Files in order; ``inline`` ones are no documents.
        from_nested: True when the message says nothing itself and the text is that of a message inside it.
    """

    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    from_nested: bool = False


def read_body(root: Part, limits: MailLimits) -> MailBody:
    """Gather text and files of a message."""
    reader = _Reader(limits)
    text = tidy(reader.text(root))
    html = "\n".join(reader.html)
    files = _Files(html)
    files.gather(root)
    body = MailBody(text, html, files.found)
    if not text.strip():
        _take_from_nested(body, root, limits)
    return body


def _take_from_nested(body: MailBody, root: Part, limits: MailLimits) -> None:
    inner = next((part.children[0] for part in root.walk() if _is_nested_message(part)), None)
    if inner is not None:
        nested = _Reader(limits)
        body.text = tidy(nested.text(inner))
        body.html = body.html or "\n".join(nested.html)
        body.from_nested = bool(body.text.strip())


_WINMAIL = "application/ms-tnef"
_MOST_FILES = 1_000
_DEPTH = 3  # archives within archives


def _is_nested_message(part: Part) -> bool:
    return bool(part.children) and not part.media_type.startswith("multipart/")


def _is_file(part: Part) -> bool:
    """Whether a leaf is a file and not a piece of the text."""
    if part.disposition.startswith("attachment") or not part.media_type.startswith("text/"):
        return True
    return part.filename is not None or part.media_type not in {"text/plain", "text/html", "text/enriched"}


class _Reader:
    """Walks the tree for its text: the first readable form of alternatives, all pieces of the others in order."""

    def __init__(self, limits: MailLimits) -> None:
        self._limits = limits
        self.html: list[str] = []

    def text(self, part: Part) -> str:
        if part.media_type == "multipart/alternative":
            return self._alternative(part)
        if part.is_multipart:
            return "\n".join(text for text in (self.text(child) for child in part.children) if text.strip())
        if part.children or _is_file(part):
            return ""
        return self._leaf(part)

    def _alternative(self, part: Part) -> str:
        forms = [(child, self.text(child)) for child in part.children]
        plain = next((text for child, text in forms if child.media_type == "text/plain" and text.strip()), "")
        return plain or next((text for _, text in reversed(forms) if text.strip()), "")

    def _leaf(self, part: Part) -> str:
        text = decode(part.data(), part.parameters.get("charset"))
        if part.media_type == "text/plain":
            return text
        if part.media_type == "text/html":
            self.html.append(text)
        return html_to_text(text, self._limits.html_bytes)


class _Files:
    """Walks the tree for its files."""

    def __init__(self, html: str) -> None:
        self._html = html
        self.found: list[Attachment] = []

    def gather(self, part: Part) -> None:
        if _is_nested_message(part) and part.media_type != _WINMAIL:
            name = part.filename or f"{part.children[0].headers.text('subject')[:80] or 'письмо'}.eml"
            told = part.media_type if part.media_type.startswith("application/") else "message/rfc822"
            self._add(name, told, part.data(), inline=False)
        for child in part.children:
            self.gather(child)
        if not part.children and part.media_type not in _REPORT_PARTS and _is_file(part):
            data = part.data()
            if data or part.filename:
                self._add(part.filename, part.media_type, data, inline=self._is_decoration(part, len(data)))

    def _is_decoration(self, part: Part, size: int) -> bool:
        """A detached signature, or a small picture that the HTML shows by its Content-ID (a logo)."""
        if part.media_type in _SIGNATURES:
            return True
        if not part.media_type.startswith("image/") or size > _LOGO_BYTES or not part.content_id:
            return False
        return f"cid:{part.content_id}" in self._html

    def _add(self, name: str | None, media_type: str, data: bytes, *, inline: bool, depth: int = 0) -> None:
        file = describe(name, media_type, data, number=len(self.found) + 1, inline=inline)
        self.found.append(file)
        if file.risk != "none" or not is_archive(data):
            return
        place = len(self.found) - 1
        try:
            inside = members(data) if depth < _DEPTH else None
        except NotOpenedError as trouble:
            self.found[place] = replace(file, risk=trouble.risk)
            return
        if inside is None or len(self.found) + len(inside) > _MOST_FILES:
            self.found[place] = replace(file, risk="suspicious")
            return
        self.found[place] = replace(file, opened=True)
        for one in inside:
            self._add(one.name, "application/octet-stream", one.data, inline=False, depth=depth + 1)
