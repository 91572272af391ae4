"""Triage of mail on a corpus with truth, forms of a site, and the signs that a person may change."""

from __future__ import annotations

from pathlib import Path

import pytest
import support_triage as corpus

from intake.mime import Message, understand
from rules import book
from rules.errors import RuleError
from rules.mailrules import MailRules, shipped
from rules.source import Source
from rules.wire import Triage

FORM = """From: Сайт <noreply@eirc-rb.example>
Subject: Новое обращение
Content-Type: text/plain; charset=utf-8
{head}
ФИО: Иванова Мария
E-mail: maria@mail.example
Лицевой счёт: 1002003004
Текст обращения: Прошу пересчитать.
> так было написано в квитанции
Жду ответа.
"""


def form(head: str = "", rules: MailRules | None = None) -> Message:
    return understand(FORM.format(head=head).encode(), rules=rules)


@pytest.mark.parametrize(("half", "least"), [("seen", 1.0), ("held", 0.95)])
def test_mails_are_told_apart(half: str, least: float) -> None:
    """What was not looked at while the signs were written is told as well as docs/benchmarks.md says."""
    table = corpus.confusion(half)
    right = sum(count for (what, said), count in table.items() if what == said)
    assert right / table.total() >= least, table


@pytest.mark.parametrize("half", ["seen", "held"])
def test_no_letter_of_a_person_is_taken_for_a_robot(half: str) -> None:
    """The dear mistake: what a person wrote would get no number and no answer."""
    table = corpus.confusion(half)
    of_people = {"new_appeal", "thread_reply", "form"}
    lost = {"auto_reply", "bounce", "loop", "spam_suspect"}
    assert not {pair: count for pair, count in table.items() if pair[0] in of_people and pair[1] in lost}


@pytest.mark.parametrize("name", ["fresh", "second"])
def test_whole_mails_of_other_systems_are_told_apart_and_bounces_name_the_address(name: str) -> None:
    """Written before the signs for them were (docs/benchmarks.md has the first look)."""
    wrong = []
    for case in corpus.whole(name):
        message = corpus.understood(case)
        said = corpus.verdict(message)
        bad = message.view.bounce.recipient if message.view.bounce else ""
        if (said, bad) != (case.what, case.mail):
            wrong.append((case.name, case.what, said, bad))
    assert wrong == []


@pytest.mark.parametrize(
    ("mark", "is_spam"),
    [
        ("X-Spam-Flag: YES", True),
        ("X-Spam-Flag: NO", False),
        ("X-KSMG-AntiSpam-Status: not scanned, disabled by settings", False),
        ("X-KSMG-AntiSpam-Status: spam", True),
        ("X-Forefront-Antispam-Report: CIP:192.0.2.1;SFV:NSPM;SCL:1", False),
        ("X-MS-Exchange-Organization-SCL: -1", False),
    ],
)
def test_a_mark_of_the_server_holds_a_letter_and_says_which(mark: str, *, is_spam: bool) -> None:
    message = understand(f"From: a@mail.example\nSubject: x\n{mark}\n\nПрошу помочь.\n".encode())
    assert (message.view.triage is Triage.SPAM_SUSPECT) is is_spam
    assert any(mark.split(":", maxsplit=1)[0].lower() in one for one in message.view.reasons) is is_spam


def test_a_person_s_answer_about_his_absence_is_no_note_of_a_robot() -> None:
    """Words that people use as well are believed only with a sign besides."""
    head = f"From: a@mail.example\nSubject: Re: Поверка\nIn-Reply-To: <{corpus.OURS[0]}>\n"
    text = "Меня не будет дома до марта, ключи у соседки."
    for more, what in (("", Triage.THREAD_REPLY), ("Return-Path: <>\n", Triage.AUTO_REPLY)):
        message = understand(f"{head}{more}\n{text}\n".encode(), is_ours=corpus.OURS.__contains__)
        assert message.view.triage is what


def test_the_client_of_a_form_is_the_sender_and_nobodys_proved_address() -> None:
    message = form("Auto-Submitted: auto-generated\nReturn-Path: <>\n")
    assert message.form is not None
    assert (message.view.from_name, message.view.from_email) == ("Иванова Мария", "maria@mail.example")
    assert (message.form.sender, message.form.proved) == ("noreply@eirc-rb.example", False)
    assert message.form.fields["account"] == "1002003004"
    assert message.form.fields["text"].endswith("Жду ответа.")
    assert "> так было" in message.view.text, "lines of a form are no quotes"
    assert not message.view.auto
    assert "Адрес клиента в форме никем не подтверждён" in message.view.reasons


PROVED = "Authentication-Results: mx.eirc.example; dkim=pass header.d=eirc-rb.example"


@pytest.mark.parametrize(
    ("head", "proved"),
    [
        (PROVED, True),
        (PROVED.replace("mx.eirc", "mx.evil"), False),
        (PROVED.replace("pass", "fail"), False),
        (PROVED.replace("eirc-rb.example", "eirc-rb.example.evil"), False),
        (f"Authentication-Results: mx.other; dkim=none\n{PROVED}", False),
        ("", False),
    ],
)
def test_an_address_is_proved_by_site_and_server_together(head: str, *, proved: bool) -> None:
    rules = shipped()
    site = rules.forms[0].model_copy(update={"address_proved": True, "authserv": "mx.eirc.example"})
    message = form(f"{head}\n" if head else "", rules.model_copy(update={"forms": (site,)}))
    assert message.form is not None
    assert message.form.proved is proved


def test_a_letter_from_elsewhere_that_looks_like_a_form_is_a_letter() -> None:
    raw = FORM.format(head="").replace("noreply@eirc-rb", "ivan@mail").encode()
    message = understand(raw)
    assert message.form is None
    assert message.view.from_email == "ivan@mail.example"


def test_colleagues_write_from_our_domain_and_are_no_loop() -> None:
    raw = b"From: boss@eirc-rb.example\nMessage-ID: <12345@eirc-rb.example>\n\nPlease look into this."
    assert understand(raw, own_domains=["eirc-rb.example"]).view.triage is Triage.NEW_APPEAL
    ours = raw.replace(b"12345@", b"otvet.65f.0123abcd@")
    assert understand(ours, own_domains=["eirc-rb.example"]).view.triage is Triage.AUTO_REPLY


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("Спасибо большое за ответ! Всё понятно.", True),
        ("Благодарю, вопрос решён.", True),
        ("Спасибо, но с расчётом не согласен.", False),
        ("Спасибо. А когда будет перерасчёт?", False),
        ("Спасибо! Прошу также выслать акт.", False),
        ("Ответ получен.", False),
    ],
)
def test_thanks_ask_for_nothing(text: str, *, thanks: bool) -> None:
    raw = f"From: a@mail.example\nContent-Type: text/plain; charset=utf-8\n\n{text}".encode()
    assert understand(raw).thanks is thanks


def test_a_sign_that_does_not_read_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (book.HERE / "mail.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "mail.yaml"
    broken.write_text(text.replace(r"'автоответ\b'", "'автоответ('"), encoding="utf-8")
    with pytest.raises(RuleError, match="не читается"):
        Source(broken).parse(MailRules)
