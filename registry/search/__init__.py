"""Search: what appeals are found by, kept in the transaction of every deed, and who finds what."""

from registry.search.find import Found, find, rows, words
from registry.search.index import attach, forget, rebuild, refresh, refresh_clients
from registry.search.store import scrub

__all__ = ["Found", "attach", "find", "forget", "rebuild", "refresh", "refresh_clients", "rows", "scrub", "words"]
