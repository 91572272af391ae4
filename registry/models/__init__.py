"""The tables of the system of record."""

from registry.models.appeal import Appeal, AppealItem, Correction, Party, Subtask
from registry.models.arrival import Arrival, Document, Page, Part
from registry.models.base import Base
from registry.models.history import Cursor, Event, EventValue, FeedEntry
from registry.models.journal import Counter, Number
from registry.models.reply import Dispatch, DispatchList, Override, Reply, ReplyVersion
from registry.models.staff import Client, Login, Person
from registry.models.store import Blob

__all__ = [
    "Appeal",
    "AppealItem",
    "Arrival",
    "Base",
    "Blob",
    "Client",
    "Correction",
    "Counter",
    "Cursor",
    "Dispatch",
    "DispatchList",
    "Document",
    "Event",
    "EventValue",
    "FeedEntry",
    "Login",
    "Number",
    "Override",
    "Page",
    "Part",
    "Party",
    "Person",
    "Reply",
    "ReplyVersion",
    "Subtask",
]
