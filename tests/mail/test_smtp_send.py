from __future__ import annotations

import datetime as dt
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import support_tls
from pydantic import ValidationError
from smtpsink import running_sink, wait_for

from outbox.mailout import MailOrder, build_mail, make_message_id
from outbox.smtp import OutcomeKind, SmtpSettings, send

pytestmark = pytest.mark.mail

CLIENT = "client@example.org"


def settings(port: int, **changes: object) -> SmtpSettings:
    made = SmtpSettings(host="127.0.0.1", port=port, security="plain", timeout=5)
    return SmtpSettings.model_validate(made.model_dump() | changes)


def message(text: str = "Ответ на Ваше обращение.") -> bytes:
    return build_mail(
        MailOrder(
            message_id=make_message_id("eirc-rb.example"),
            otvet_id="D-1",
            date=dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC),
            from_name="ООО «ЕИРЦ РБ»",
            from_address="office@eirc-rb.example",
            to=[CLIENT],
            subject="О перерасчёте платы",
            text=text,
        )
    )


def test_a_message_arrives_byte_for_byte(tmp_path: Path) -> None:
    raw = message() + b"..two dots\r\n.\r\n.one dot\r\n"
    with running_sink(tmp_path) as sink:
        outcome = send(raw, "bounce+1@eirc-rb.example", [CLIENT], settings(sink.port))
        assert outcome.kind is OutcomeKind.SENT
        assert outcome.code == 250
        (stored,) = sink.stored
    assert stored.split(b"\r\n", 2)[2] == raw
    assert b"X-Envelope-From: bounce+1@eirc-rb.example" in stored


@pytest.mark.parametrize(
    ("behaviour", "kind", "code", "kept"),
    [
        ("451", OutcomeKind.RETRY, 451, 0),
        ("greylist", OutcomeKind.RETRY, 451, 0),
        ("550", OutcomeKind.FAILED, 550, 0),
        ("552", OutcomeKind.FAILED, 552, 0),
        ("drop", OutcomeKind.UNCLEAR, 0, 1),
    ],
)
def test_trouble_has_its_own_outcome(tmp_path: Path, behaviour: str, kind: OutcomeKind, code: int, kept: int) -> None:
    with running_sink(tmp_path, behaviour) as sink:
        outcome = send(message(), "", [CLIENT], settings(sink.port))
        assert (outcome.kind, outcome.code) == (kind, code)
        assert len(sink.stored) == kept
    assert CLIENT not in outcome.model_dump_json()


def test_silence_after_data_is_unclear(tmp_path: Path) -> None:
    with running_sink(tmp_path, "silent") as sink:
        outcome = send(message(), "", [CLIENT], settings(sink.port, timeout=1))
        assert outcome.kind is OutcomeKind.UNCLEAR
        assert len(sink.stored) == 1


def test_each_recipient_has_its_answer(tmp_path: Path) -> None:
    with running_sink(tmp_path, "mixed") as sink:
        outcome = send(message(), "", ["bad@example.org", CLIENT], settings(sink.port))
    assert outcome.kind is OutcomeKind.SENT
    assert [(result.position, result.accepted, result.code) for result in outcome.recipients] == [
        (0, False, 550),
        (1, True, 250),
    ]
    assert "bad@" not in outcome.recipients[0].text


def test_no_server_means_retry() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = send(message(), "", [CLIENT], settings(taken.getsockname()[1]))
    assert outcome.kind is OutcomeKind.RETRY


def test_a_server_that_says_nothing_means_retry() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        outcome = send(message(), "", [CLIENT], settings(mute.getsockname()[1], timeout=1))
    assert outcome.kind is OutcomeKind.RETRY


def test_plain_is_for_this_machine_only() -> None:
    with pytest.raises(ValidationError, match="Без шифрования"):
        SmtpSettings(host="mail.example.org", port=25, security="plain")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return support_tls.certificate(tmp_path_factory.mktemp("tls") / "server.pem")


def test_starttls_and_log_in(tmp_path: Path, certificate: Path) -> None:
    with running_sink(tmp_path, "take", "--certificate", str(certificate), "--login") as sink:
        safe = settings(sink.port, security="starttls", ca_file=str(certificate), username="otvet", password="secret")
        assert send(message(), "", [CLIENT], safe).kind is OutcomeKind.SENT
        wrong = send(
            message(),
            "",
            [CLIENT],
            safe.model_copy(
                update={"password": SmtpSettings.model_validate({"host": "x", "password": "other"}).password}
            ),
        )
        assert (wrong.kind, wrong.settings_trouble) == (OutcomeKind.RETRY, True)
        unknown = send(message(), "", [CLIENT], safe.model_copy(update={"ca_file": None}))
        assert (unknown.kind, unknown.settings_trouble) == (OutcomeKind.RETRY, True)
        assert len(sink.stored) == 1


def test_sink_of_the_demonstration_keeps_mail_and_stops_on_a_signal(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "outbox.sink", "--port", str(port), "--folder", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: send(message(), "", [CLIENT], settings(port)).kind is OutcomeKind.SENT)
        assert len(list((tmp_path / "new").iterdir())) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
