"""What can go wrong on the way out: each message is Russian, says what to do and holds no personal data."""

from __future__ import annotations


class OutboxError(Exception):
    """Base of the errors of this room."""


class TextTooLongError(OutboxError):
    """A value is longer than a letter can hold; it is refused whole, never cut."""


class ComposeError(OutboxError):
    """The letter could not be made from its content and template, or lost a value on the way."""


class TemplateMissingError(ComposeError):
    """There is no template for the kind of letter."""


class ConverterError(OutboxError):
    """LibreOffice is missing, failed, ran out of time or made a PDF that does not hold the letter."""


class ScriptError(OutboxError):
    """A topic script is missing or written wrongly."""


class PlaceholdersLeftError(OutboxError):
    """The letter still has fields that a person must fill."""


class MailBuildError(OutboxError):
    """The e-mail could not be built, or did not read back as it was meant."""


class MailTooLargeError(MailBuildError):
    """Attachments exceed what may be sent without the client's consent (12.5.17.2)."""


class AttachmentRefusedError(MailBuildError):
    """An attachment is of a kind that must not be sent (12.5.17.1)."""


class EnclosureError(OutboxError):
    """A file cannot be an enclosure: unreadable, protected, of a wrong kind, too long."""


class SignatureCheckError(OutboxError):
    """The proof of signing cannot be read or does not belong to this letter or this signatory."""


class PostListError(OutboxError):
    """The dispatch list or a label cannot be printed."""
