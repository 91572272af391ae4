"""Mail that a form of a site sent in a client's stead: its fields, and whose address the client's is.

Forms and their labels are data (rules/mail.yaml). The mail comes from the site; the client's address stands in a field,
where anybody may write any address: it is nobody's proved address unless the site checks it and our mail server
says that the mail is the site's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from intake.mailheaders import Headers
from rules.mailrules import FormFields, MailForm, MailRules, folded

_EMAIL = re.compile(r"[\w.+=%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_ENOUGH = 2  # fields: a letter that happens to have one line like a form's is no form
_LONGEST_LABEL = 80
_MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class FormMail:
    """What a form said.

    Attributes:
        id, title: Which form.
        sender: The address that the mail itself came from.
        fields: Values by the names of rules/mail.yaml: name, email, phone, address, account, topic, text.
        proved: The client's address was checked by the site, and the mail is the site's.
    """

    id: str
    title: str
    sender: str
    fields: dict[str, str] = field(default_factory=dict)
    proved: bool = False


def find_form(headers: Headers, text: str, rules: MailRules) -> FormMail | None:
    """Read the fields of a form's mail; None when no form sends from this address or the fields are not there."""
    senders = [one.email for one in headers.addresses("from") if one.email]
    form = rules.form_from(set(senders))
    if form is None:
        return None
    fields = read_fields(text, rules.form_fields)
    address = _EMAIL.search(fields.pop("email", ""))
    if address is not None:
        fields["email"] = address[0]
    if "text" not in fields or len(fields) < _ENOUGH:
        return None
    return FormMail(form.id, form.title, senders[0], fields, proved=_is_proved(form, senders[0], headers))


def read_fields(text: str, labels: FormFields) -> dict[str, str]:
    """Values of the known fields: «Поле: значение», a table of two columns, or the value below its label.

    The first value of a field counts; what follows it up to the next label belongs to it.
    """
    pattern = _pattern(labels)
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.split("\n")[:_MOST_LINES]:
        match = pattern.match(folded(line[:_LONGEST_LABEL]))
        if match is not None:
            name = labels.by_label[match["label"]]
            current = found.setdefault(name, []) if name not in found else None
            if current is not None:
                current.append(line[match.end() :].strip())
        elif current is not None:
            current.append(line.strip())
    values = {name: "\n".join(lines).strip() for name, lines in found.items()}
    return {name: value for name, value in values.items() if value}


@lru_cache(maxsize=8)
def _pattern_of(labels: tuple[str, ...]) -> re.Pattern[str]:
    any_label = "|".join(re.escape(one) for one in sorted(labels, key=len, reverse=True))
    return re.compile(rf"^[\s*>•-]*(?P<label>{any_label})[\s*]*(?:[:—–|\t]|-\s|(?<=\s\s)|$)[\s*]*")


def _pattern(labels: FormFields) -> re.Pattern[str]:
    return _pattern_of(tuple(labels.by_label))


def _is_proved(form: MailForm, sender: str, headers: Headers) -> bool:
    """Whether the site vouches for the client's address and our own server for the site.

    Only the topmost Authentication-Results is our server's; the ones below may be the sender's invention.
    """
    if not form.address_proved or form.authserv is None:
        return False
    said = headers.text("authentication-results").casefold()
    domain = re.escape(sender.rpartition("@")[2].casefold())
    signed = re.search(rf"\bdkim=pass\b[^;]*\bheader\.(?:d|i)=@?{domain}(?![\w.-])", said)
    return said.split(";")[0].split()[:1] == [form.authserv.casefold()] and signed is not None
