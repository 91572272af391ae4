"""HTML of a mail as text: nothing is fetched, nothing is run, hidden text stays hidden."""

from __future__ import annotations

import html as entities
import re
import textwrap
from typing import TYPE_CHECKING

from structlog import get_logger

from intake.mailtext import has_forward_mark

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_log = get_logger(__name__)

_UNSEEN = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"<\s*/?\s*(?:br|p|div|tr|li|h[1-6]|blockquote|table)\b[^>]*>", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_HAS_QUOTE = re.compile(r"blockquote|quote", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_CITED_CLASS = re.compile(r"\b(?:gmail_quote|yahoo_quoted)\b")
_PLACE = "\ue000{}\ue001"
_PRIVATE = re.compile("[\ue000-\ue0ff]")


def html_to_text(html: str, limit: int) -> str:
    """Text of an HTML body as a reader would see it.

    Args:
        html: Decoded source.
        limit: Size, in characters, beyond which tags are only stripped.

    Returns:
        Text with line breaks and aligned tables. Blocks that the mail program marked as a quote have ``>`` before each
        line, as in a plain text.
    """
    if not html.strip():
        return ""
    text = _laid_out(html) if len(html) <= limit and html.count("<") <= limit // 20 else ""
    return text if text.strip() else _stripped(html)


def _laid_out(source: str) -> str:
    from inscriptis import get_text
    from lxml.etree import LxmlError

    try:
        rest, quotes = _parted(_PRIVATE.sub("", _DECLARATION.sub("", source)))
        text: str = get_text(rest)
        for number, quote in enumerate(quotes):
            lines = str(get_text(quote)).strip().split("\n")
            text = text.replace(_PLACE.format(number), "\n" + "\n".join(f"> {line}" for line in lines) + "\n")
    except (LxmlError, ValueError, RecursionError, AssertionError, AttributeError, TypeError, LookupError) as error:
        _log.warning("html_not_laid_out", error=type(error).__name__)
        return ""
    return textwrap.dedent(text)  # the library sets whole letters in by two blanks


def _parted(source: str) -> tuple[str, list[str]]:
    """The source with a token in the place of each block that is cited in a reply, and those blocks."""
    from lxml import html as lxml_html

    if not _HAS_QUOTE.search(source):
        return source, []
    tree = lxml_html.document_fromstring(source)
    quotes: list[str] = []
    for node in list(tree.iter("div", "blockquote")):
        parent = node.getparent()
        already_out = node.getroottree().getroot() is not tree
        if parent is None or already_out or not _is_cited(node) or has_forward_mark("".join(map(str, node.itertext()))):
            continue
        place = lxml_html.Element("p")
        place.text = _PLACE.format(len(quotes))
        place.tail, node.tail = node.tail, None
        parent.replace(node, place)
        quotes.append(lxml_html.tostring(node, encoding="unicode"))
    return lxml_html.tostring(tree, encoding="unicode"), quotes


def _is_cited(node: HtmlElement) -> bool:
    return (
        (node.tag == "blockquote" and node.get("type") == "cite")
        or node.get("id") == "mail-app-auto-quote"
        or bool(_CITED_CLASS.search(node.get("class") or ""))
    )


def _stripped(html: str) -> str:
    text = _TAG.sub("", _BREAKS.sub("\n", _UNSEEN.sub(" ", html)))
    return entities.unescape(text)
