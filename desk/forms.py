"""From the fields of a form to the values that the steps take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from rules.wire import LetterContent, Sender
from steps.titles import SENDER_FIELDS

FIELD: Final = "field:"
LISTS: Final = frozenset({"phones", "emails"})
DATES: Final = frozenset({"letter_date", "client_ref_date"})


class FormError(Exception):
    """A field is empty or malformed; the message says which."""


def text(form: FormData, name: str, *, strip: bool = True) -> str:
    """Return a text field, empty when absent."""
    value = form.get(name, "")
    plain = value if isinstance(value, str) else ""
    plain = plain.replace("\r\n", "\n").replace("\x00", "")
    return plain.strip() if strip else plain


def number(form: FormData, name: str) -> int | None:
    """Return a whole number, None when absent or malformed."""
    value = text(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004 - fits 32 bits


def day(form: FormData, name: str, title: str) -> dt.date | None:
    """Return a date field, None when empty. Raises FormError."""
    value = text(form, name)
    if not value:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise FormError(f"{title}: дата записана не по форме ДД.ММ.ГГГГ.") from error


def lines(form: FormData, name: str) -> list[str]:
    """Return the lines of a field that are not empty."""
    return [line.strip() for line in text(form, name).split("\n") if line.strip()]


def content(form: FormData, before: LetterContent) -> LetterContent:
    """Return the letter as typed; what the form does not hold (numbers, people) stays as it was. Raises FormError."""
    body = [part.strip() for part in texts(form, "body") if part.strip()]
    changed = {
        "addressee": lines(form, "addressee"),
        "copy_to": text(form, "copy_to") or None,
        "topic": text(form, "topic"),
        "salutation": text(form, "salutation"),
        "preamble": text(form, "preamble"),
        "body": body,
        "closing": text(form, "closing"),
        **_enclosures(form, before),
        "copies": list(_copies(form, before)),
        "large_print": text(form, "large_print") == "on",
        "plain": text(form, "plain") == "on",
        "fault": text(form, "fault") or None,
        "salutation_reason": text(form, "salutation_reason") or None,
    }
    try:
        return LetterContent.model_validate({**before.model_dump(), **changed})
    except ValidationError as error:
        raise FormError("Поля письма заполнены не по форме. Проверьте их и повторите.") from error


def _enclosures(form: FormData, before: LetterContent) -> dict[str, Any]:
    """Titles as typed, each with its file; only files that this letter has already are taken by their digest."""
    known = {one.digest: one for one in before.files if one}
    titles = [" ".join(value.split()) for value in texts(form, "enclosure")]
    digests = [*texts(form, "enclosure_file"), *[""] * len(titles)]
    listed = [(title, known.get(digest)) for title, digest in zip(titles, digests, strict=False)]
    kept = [(title or "Документ", one) for title, one in listed if title or one]
    files = [one for _, one in kept]
    return {"enclosures": [title for title, _ in kept], "files": files if any(files) else []}


def _copies(form: FormData, before: LetterContent) -> Iterator[dict[str, Any]]:
    """Other recipients as typed; number and date of the request of a body stay those of its card."""
    known = {one.name: {"number": one.number, "date": one.date} for one in before.copies}
    rows = zip(texts(form, "copy_name"), texts(form, "copy_channel"), texts(form, "copy_address"), strict=False)
    for name, channel, address in rows:
        who, where = " ".join(name.split()), " ".join(address.split())
        if not who:
            continue
        if not where:
            raise FormError(f"Получатель «{who}»: укажите адрес или уберите строку.")
        yield {"name": who, "channel": channel, "address": where, **known.get(who, {})}


def fields(form: FormData) -> dict[str, str]:
    """Return what was typed into the open places of a draft: field name → words, one line each."""
    found = {name.removeprefix(FIELD): text(form, name) for name in form if name.startswith(FIELD)}
    return {name: " ".join(value.split()) for name, value in found.items() if value}


def sender_changes(form: FormData, before: Sender) -> dict[str, Any]:
    """Return the author's fields that a person changed. Raises FormError."""
    old = before.model_dump()
    new = sender_values(form)
    return {name: value for name, value in new.items() if value != old[name]}


def sender_values(form: FormData) -> dict[str, Any]:
    """Return the author's fields that stand in the form."""
    return {name: _sender_value(form, name) for name in SENDER_FIELDS if name in form}


def texts(form: FormData, name: str) -> Iterator[str]:
    """Yield the values of a field that stands in a form several times, as typed."""
    for value in form.getlist(name):
        if isinstance(value, str):
            yield value.replace("\r\n", "\n").replace("\x00", "")


def uploads(form: FormData, name: str) -> Iterator[UploadFile]:
    """Yield the files of a field that have a name."""
    for value in form.getlist(name):
        if isinstance(value, UploadFile) and value.filename:
            yield value


def _sender_value(form: FormData, name: str) -> Any:
    if name in LISTS:
        return [part.strip() for part in text(form, name).replace("\n", ",").split(",") if part.strip()]
    if name in DATES:
        return day(form, name, SENDER_FIELDS[name])
    return text(form, name) or None
