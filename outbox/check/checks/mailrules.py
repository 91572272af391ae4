"""The e-mail that carries the letter (12.5.1, 12.5.17, 7.15, 7.16). These rules look at the mail and the case alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from classifiers.lemmas import lemmas
from outbox.check.facts import Letter
from outbox.check.mail import AttachedFile
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import fold, squeeze
from rules.wire import Channel, Segment, Severity

MAIL: Final = "электронное письмо"
_MEGABYTE: Final = 2**20
_EXTENSION: Final = re.compile(r"\.(\w{1,5})\s*$")
_STARTS: Final = (b"MZ", b"\x7fELF", b"#!")
_REVERSED: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FILE_NAME: Final = re.compile(r"[\w()«»№ .-]{1,80}?\.(?:pdf|docx?|xlsx?|odt|rtf|zip|rar)\b", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w.-]+\w")
_LINK: Final = re.compile(r"(?:href|src)\s*=\s*[\"']?\s*(?:https?:)?//([^/\"'\s>]+)", re.IGNORECASE)
_ACTIVE: Final = re.compile(r"<\s*(?:script|iframe|object|embed|form)\b|javascript:", re.IGNORECASE)
_SALUTATION: Final = re.compile(
    r"^\s*(?:\w+[,!]?\s+){0,2}?(?:глубоко|много)?уважаем(?:ый|ая|ые)\b", re.IGNORECASE | re.MULTILINE
)
_REGARDS: Final = re.compile(r"с\s+(?:\w+\s+)?уважением|^--\s*$", re.IGNORECASE | re.MULTILINE)
_ATTACHED: Final = re.compile(r"вложен|прилага|приложен|архив|файл", re.IGNORECASE)


@rule("EM-1")
def to_the_client(letter: Letter) -> Iterator[Hit]:
    """«Кому» is the client's address."""
    mail, client = letter.mail, letter.case.client
    if not mail.to or "?" in mail.to:
        yield Hit(MAIL, variant="empty")
        return
    if client is None or not client.email:
        raise NotCheckedError("в деле не указан адрес электронной почты клиента")
    if client.email.lower() not in mail.to or len(mail.to) > 1:
        yield Hit(MAIL)


@rule("EM-2")
def no_extra_copy(letter: Letter) -> Iterator[Hit]:
    """A copy goes out only when the case has one."""
    copy_to = letter.case.copy_to
    known = set(_EMAIL.findall((copy_to or "").lower()))
    if letter.mail.cc and (not copy_to or (known and set(letter.mail.cc) - known)):
        yield Hit(MAIL)


@rule("EM-3")
def subject(letter: Letter) -> Iterator[Hit]:
    """The subject is filled; it names the matter (a hint)."""
    text = re.sub(r"^\s*(?:re|fwd?|отв|пер)\s*:\s*", "", letter.mail.subject, flags=re.IGNORECASE).strip()
    if not text:
        yield Hit(MAIL)
        return
    topic = letter.case.letter.topic
    wanted = {one for one in lemmas(fold(topic or "")) if len(one) > 3}  # noqa: PLR2004 - shorter ones are particles
    incoming = letter.case.incoming
    numbered = bool(incoming and incoming.number and squeeze(incoming.number) in squeeze(text))
    if wanted and not numbered and not wanted & set(lemmas(fold(text))):
        yield Hit(MAIL, {"found": text[:60]}, variant="topic", severity=Severity.HINT)


@rule("EM-4")
def no_programs(letter: Letter) -> Iterator[Hit]:
    """Nothing that runs, by name and by content, inside archives too."""
    for file in letter.mail.all_files:
        if _ends(file, letter, "programs") or file.start.startswith(_STARTS) or _REVERSED.search(file.name):
            yield Hit(MAIL, {"found": _shown(file)})


def _ends(file: AttachedFile, letter: Letter, names: str) -> bool:
    """Whether the extension of a file is one of a list."""
    found = _EXTENSION.search(file.name)
    return found is not None and fold(found[1]) in letter.rulebook.lists[names]


def _shown(file: AttachedFile) -> str:
    return _REVERSED.sub("", file.name)[-60:]


@rule("EM-5")
def archived(letter: Letter) -> Iterator[Hit]:
    """Attachments go as an archive, unless the client's card says why not to him."""
    client = letter.context.client if letter.context else None
    if client and client.unzipped:
        return
    bare = [file for file in letter.mail.files if not file.archived]
    if bare:
        yield Hit(MAIL, {"found": ", ".join(_shown(file) for file in bare[:3])})


@rule("EM-6")
def size(letter: Letter) -> Iterator[Hit]:
    """Up to 5 MB without asking; from 3 MB on it is a warning. The size is that before base64."""
    total = sum(file.size for file in letter.mail.files)
    limits = letter.rulebook.limits
    client = letter.context.client if letter.context else None
    agreed = client is not None and client.agreed_large
    if total > limits.mail_warning_mb * _MEGABYTE and not agreed:
        severity = None if total > limits.mail_error_mb * _MEGABYTE else Severity.WARNING
        yield Hit(MAIL, {"found": f"{total / _MEGABYTE:.1f}".replace(".", ",")}, severity=severity)


@rule("EM-7")
def nothing_doubtful(letter: Letter) -> Iterator[Hit]:
    """No macros, no locked archives, no active content, no links to hosts of others."""
    mail = letter.mail
    for file in mail.all_files:
        if _ends(file, letter, "macros") or file.locked:
            yield Hit(MAIL, {"found": _shown(file)})
    active = _ACTIVE.search(mail.html)
    if active:
        yield Hit(MAIL, {"found": active.group()})
    own = _domains(letter)
    for host in _LINK.findall(mail.html):
        if own and not host.lower().endswith(tuple(own)):
            yield Hit(MAIL, {"found": host[:60]})


def _domains(letter: Letter) -> list[str]:
    """Domains of the company: of its mail and of its site."""
    company = letter.case.company
    site = re.sub(r"^(?:https?://)?(?:www\.)?", "", str(company.get("website") or "")).split("/")[0]
    return [str(one).lower() for one in (company.get("email_domain"), site) if one]


@rule("EM-8")
def names_its_files(letter: Letter) -> Iterator[Hit]:
    """The text says what is attached."""
    if letter.mail.files and not _ATTACHED.search(letter.mail.text):
        yield Hit(MAIL)


@rule("EM-9")
def complete_covering(letter: Letter) -> Iterator[Hit]:
    """The covering text has a salutation and a signature of its own."""
    text = letter.mail.text
    missing = [
        what
        for what, there in (("обращения", _SALUTATION.search(text)), ("подписи", _REGARDS.search(text)))
        if not there
    ]
    if missing:
        yield Hit(MAIL, {"missing": " и ".join(missing)})


@rule("EM-10")
def clean_headers(letter: Letter) -> Iterator[Hit]:
    """No line ends and control characters in the values of headers."""
    if letter.mail.broken:
        yield Hit(MAIL, {"found": ", ".join(letter.mail.broken)})


@rule("CH-1")
def asked_channel(letter: Letter) -> Iterator[Hit]:
    """The client who asked for post gets post (7.16, 7.26)."""
    incoming = letter.case.incoming
    asked = incoming.reply_channel if incoming else None
    if asked in {Channel.POST, Channel.HAND_DELIVERED}:
        yield Hit(MAIL)


@rule("CH-2")
def official_address(letter: Letter) -> Iterator[Hit]:
    """The mail leaves from an address of the company (7.15)."""
    domains = _domains(letter)
    if not domains:
        raise NotCheckedError("в реквизитах не указан почтовый домен организации")
    if letter.mail.sender.rpartition("@")[2] not in domains:
        yield Hit(MAIL, {"found": letter.mail.sender.rpartition("@")[2]})


@rule("CH-4")
def vip_by_post(letter: Letter) -> Iterator[Hit]:
    """Official letters to a VIP organisation go by post (15.2)."""
    client = letter.case.client
    if client and client.is_vip and client.segment in {Segment.B2B, Segment.B2B2C}:
        yield Hit(MAIL)


@rule("AP-5")
def listed_enclosures(letter: Letter) -> Iterator[Hit]:
    """Enclosures that go as files of their own are there."""
    names = squeeze(" ".join(file.name for file in letter.mail.all_files)) + squeeze(letter.mail.text)
    missing = [one for one in letter.case.enclosures if letter.mail.files and not _named(one, names)]
    inside = len(list(letter.mail.all_files))
    if missing and inside <= len(letter.mail.files) + 1:
        yield Hit(MAIL, {"found": "; ".join(missing)[:120]}, severity=Severity.HINT)


def _named(title: str, names: str) -> bool:
    return any(squeeze(word)[:6] in names for word in re.findall(r"\w{5,}", title)) or not title.strip()


@rule("BO-5")
def promised_files(letter: Letter) -> Iterator[Hit]:
    """A file named in the covering text is attached."""
    names = squeeze(" ".join(file.name for file in letter.mail.all_files))
    for match in _FILE_NAME.finditer(letter.mail.text):
        last = re.split(r"[«»\s]", match.group().strip())[-1]
        if squeeze(last) not in names:
            yield Hit(MAIL, {"found": last})
