"""Own reader of .docx: blocks, effective look with its source, sections, footers, traces of unfinished work."""

from __future__ import annotations

from outbox.check.reader.blocks import read_letter
from outbox.check.reader.model import Align, Block, Cell, Document, Place, Section, Sourced, Span

__all__ = ["Align", "Block", "Cell", "Document", "Place", "Section", "Sourced", "Span", "read_letter"]
