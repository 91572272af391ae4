"""The tables of the system of record."""

from registry.models.appeal import Appeal, AppealItem, AppealKey, Checking, Correction, Party, Subtask
from registry.models.arrival import Arrival, Document, Mailbox, Page, PageEdit, Part, Portion
from registry.models.autoanswer import AutoAnswer, AutoSwitch
from registry.models.base import Base
from registry.models.case import ClientRequest, Conflict, Control, Extension, Outcome, Proposal
from registry.models.client import Client, ClientContact, ClientKey, CrmCursor
from registry.models.filing import CaseEntry, DestructionAct, Erasure, NormReview, RuleEdition
from registry.models.history import Access, Anchor, Cursor, Event, EventValue, FeedEntry, FeedPending
from registry.models.journal import Counter, Number, Reservation
from registry.models.learning import Learning, LearntModel
from registry.models.line import Trouble
from registry.models.paper import Paper, PaperAct, PaperEnclosure, ReturnedPost
from registry.models.reply import Dispatch, DispatchList, Enclosure, Override, Reply, ReplyVersion
from registry.models.search import SearchSlip
from registry.models.staff import Absence, Login, Person
from registry.models.store import Blob

__all__ = [
    "Absence",
    "Access",
    "Anchor",
    "Appeal",
    "AppealItem",
    "AppealKey",
    "Arrival",
    "AutoAnswer",
    "AutoSwitch",
    "Base",
    "Blob",
    "CaseEntry",
    "Checking",
    "Client",
    "ClientContact",
    "ClientKey",
    "ClientRequest",
    "Conflict",
    "Control",
    "Correction",
    "Counter",
    "CrmCursor",
    "Cursor",
    "DestructionAct",
    "Dispatch",
    "DispatchList",
    "Document",
    "Enclosure",
    "Erasure",
    "Event",
    "EventValue",
    "Extension",
    "FeedEntry",
    "FeedPending",
    "Learning",
    "LearntModel",
    "Login",
    "Mailbox",
    "NormReview",
    "Number",
    "Outcome",
    "Override",
    "Page",
    "PageEdit",
    "Paper",
    "PaperAct",
    "PaperEnclosure",
    "Part",
    "Party",
    "Person",
    "Portion",
    "Proposal",
    "Reply",
    "ReplyVersion",
    "Reservation",
    "ReturnedPost",
    "RuleEdition",
    "SearchSlip",
    "Subtask",
    "Trouble",
]
