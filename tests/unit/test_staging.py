from pathlib import Path

from otvet.settings import load_settings
from otvet.staging import demo_settings
from outbox.smtp import SmtpSettings


def test_the_demonstration_uses_neither_real_sources_nor_a_real_mail_server(tmp_path: Path) -> None:
    real = load_settings(home=tmp_path, smtp=SmtpSettings(host="mail.example", port=465))
    demo = demo_settings(real)
    assert demo.smtp is None
    assert demo.mailboxes == ()
    assert all(Path(folder.path).is_relative_to(tmp_path) for folder in (*demo.scan_folders, *demo.mail_folders))
    assert {one.password for one in demo.desk.demo_logins} == {"otvet-demo"}
