"""Wiring: the house of steps from the settings. The one place where the parts meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otvet.settings import Settings

UNDO = 60.0  # seconds in which a signed letter may be taken back
DEMO_UNDO = 5.0

if TYPE_CHECKING:
    from classifiers.reader import Classifier
    from intake.limits import ReadSettings
    from intake.port import Source
    from rules.recognition import Recognition
    from steps.house import House


def build_house(settings: Settings, *, pages: bool = True) -> House:
    """Open the database (bringing its schema up to date), load the rules, and wire sources and readers.

    Args:
        settings: The installation's settings.
        pages: Start worker processes for reading pages when they are first needed.
    """
    from intake.crmhttp import HttpCrm
    from intake.imap import ImapMailbox
    from intake.malware import Clamd
    from intake.pool import PagePool
    from outbox.check import load_rules
    from outbox.smtp import SmtpSettings
    from registry import clock
    from registry.database import Database
    from rules.editions import load_editions
    from steps.house import House, StepSettings

    settings.home.mkdir(parents=True, exist_ok=True)
    editions = load_editions(settings.rules_dir)
    read = read_settings(settings, editions.on(clock.today()).recognition)
    database = Database(settings.database, lambda: editions.on(clock.today()).roles, settings.home / "хранилище")
    database.migrate()
    smtp = settings.smtp or SmtpSettings(host="127.0.0.1", port=settings.sink_port, security="plain")
    return House(
        db=database,
        rules=editions,
        letter_rules=load_rules(settings.rules_dir),
        settings=StepSettings(
            read=read,
            smtp=smtp,
            mail_from=settings.mail_from,
            mail_return=settings.mail_return,
            quote_client=settings.quote_client,
            dkim=settings.dkim,
            journal_address=settings.journal.address if settings.journal else None,
            journal_wait=settings.journal.wait_seconds if settings.journal else 0,
            undo_seconds=undo_seconds(settings),
            acknowledge=settings.acknowledge or settings.demo,
            auto_daily=settings.auto_daily,
            desk_url=settings.desk_url,
            demo=settings.demo,
        ),
        sources=sources(settings),
        pages=PagePool(read) if pages else None,
        journal=ImapMailbox(settings.journal.mailbox) if settings.journal else None,
        malware=Clamd(settings.malware) if settings.malware else None,
        crm=HttpCrm(settings.crm) if settings.crm else None,
    )


def undo_seconds(settings: Settings) -> float:
    """How long a signed letter waits, in which it may be taken back."""
    if settings.undo_seconds is not None:
        return settings.undo_seconds
    return DEMO_UNDO if settings.demo else UNDO


def sources(settings: Settings) -> list[Source]:
    """Every source that the settings name."""
    from intake.imap import ImapMailbox
    from intake.maildir import EmlFolder
    from intake.scanfolder import ScanFolder

    scans = [
        ScanFolder(
            scan.path,
            name=scan.name,
            settings=settings.read,
            stable_seconds=scan.stable_seconds,
            channels=scan.channels,
        )
        for scan in settings.scan_folders
    ]
    mails = [
        EmlFolder(mail.path, mail.name, channel_address=mail.channel_address, settle_seconds=mail.settle_seconds)
        for mail in settings.mail_folders
    ]
    return [*scans, *mails, *(ImapMailbox(box) for box in settings.mailboxes)]


def read_settings(settings: Settings, recognition: Recognition) -> ReadSettings:
    """Return how files are read: by the installation's settings, believed by its rules."""
    return settings.read.model_copy(update={"recognition": recognition})


def build_classifier(settings: Settings | None = None) -> Classifier:
    """The reader of meaning for the rules, with no database near."""
    from rules.book import load
    from steps.training import trained

    return trained(load(settings.rules_dir if settings else None))
