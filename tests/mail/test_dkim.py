"""DKIM: what leaves is signed so that a verifier with the published key believes it, and nothing else."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from outbox.attachments import MailAttachment
from outbox.dkim import DkimSettings, signed
from outbox.errors import MailBuildError
from outbox.mailout import MailOrder, build_mail

pytestmark = pytest.mark.mail


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@pytest.fixture
def settings(key: rsa.RSAPrivateKey, tmp_path: Path) -> DkimSettings:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (tmp_path / "dkim.pem").write_bytes(pem)
    return DkimSettings(domain="eirc-rb.example", selector="otvet", key_file=tmp_path / "dkim.pem")


def mail(subject: str = "О перерасчёте платы за отопление в жилом помещении (вх. № ВХ-2026-000123)") -> bytes:
    return build_mail(
        MailOrder(
            message_id="<otvet.1.2@eirc-rb.example>",
            otvet_id="17",
            date=dt.datetime(2026, 11, 24, 15, 30, tzinfo=dt.UTC),
            from_name="ООО «ЕИРЦ РБ»",
            from_address="info@eirc-rb.example",
            to=["client@example.org"],
            subject=subject,
            text="Направляем ответ.\n\n.\nС точкой в начале строки.",
            attachments=[MailAttachment(name="Ответ.pdf", data=b"%PDF-1.4 x")],
        )
    )


def believed(raw: bytes, key: rsa.RSAPrivateKey) -> bool:
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    def resolver(name: bytes, timeout: int = 5) -> bytes | None:
        return record if name.rstrip(b".") == b"otvet._domainkey.eirc-rb.example" else None

    return bool(dkim.verify(raw, dnsfunc=resolver))


def test_what_is_signed_is_believed_and_what_is_changed_is_not(settings: DkimSettings, key: rsa.RSAPrivateKey) -> None:
    raw = signed(mail(), settings)
    assert believed(raw, key)
    assert believed(raw.replace(b"\r\nTo: client", b"\r\nX-Trace: on the way\r\nTo: client", 1), key)
    assert not believed(raw.replace(b"client@example.org", b"other@example.org"), key)
    assert not believed(raw + b"more\r\n", key)
    assert not believed(b"Subject: another\r\n" + raw, key), "a second subject cannot be put on top"
    assert not believed(mail(), key)


def test_a_key_that_is_no_key_stops_the_letter(settings: DkimSettings) -> None:
    settings.key_file.write_text("no key", encoding="ascii")
    with pytest.raises(MailBuildError, match="DKIM"):
        signed(mail(), settings)
    settings.key_file.unlink()
    with pytest.raises(MailBuildError, match="DKIM"):
        signed(mail(), settings)
