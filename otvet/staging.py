"""Staging the demonstration: staff, clients and post, once per installation."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from desk.settings import DemoLogin
from otvet.demo.people import DemoClient, load_clients, load_people
from otvet.demo.post import MAILS, SCANS, lay_out
from otvet.settings import MailFolderSettings, ScanFolderSettings, Settings
from registry import staff
from registry.actor import system
from registry.clients import table
from registry.clients.record import EVERYTHING, Record
from registry.database import Session
from registry.models import Person
from steps.house import House

POST: Final = "почта-демо"
SETTLE: Final = 1.0  # seconds: nobody scans into the demonstration's folder

# One log-in for each kind of work, offered on the desk's front page.
SHOWN: Final = ("registrar", "clerk", "queue_head", "signatory", "front_office", "manager", "admin")


def demo_settings(settings: Settings) -> Settings:
    """The settings with the demonstration's own sources and log-ins."""
    folder = settings.home.absolute() / POST
    mails = tuple(
        MailFolderSettings(path=folder / name, name=f"почта:{name}", channel_address=address, settle_seconds=SETTLE)
        for address, name in MAILS.items()
    )
    scans = (ScanFolderSettings(path=folder / SCANS, name="скан:канцелярия", stable_seconds=SETTLE),)
    desk = settings.desk.model_copy(update={"demo": True, "demo_logins": demo_logins(settings)})
    # Invented people must get no real mail: whatever server is set, the demonstration uses its own.
    own = {"demo": True, "scan_folders": scans, "mail_folders": mails, "mailboxes": (), "smtp": None, "desk": desk}
    return settings.model_copy(update=own)


def demo_logins(settings: Settings) -> tuple[DemoLogin, ...]:
    """One person of each kind of work, with the position as title."""
    password = settings.demo_password.get_secret_value()
    people = load_people()
    found = (next((one for one in people if role in one.roles), None) for role in SHOWN)
    return tuple(DemoLogin(login=one.login, password=password, title=one.position) for one in found if one)


def stage(house: House, settings: Settings, today: dt.date) -> Path:
    """Put staff, clients and post in place; a second call changes nothing. Returns the folder of the post."""
    _people(house, settings)
    folder = settings.home.absolute() / POST
    lay_out(folder, today, with_bad=True)  # the records office sees what happens to files that cannot be read
    return folder


def _people(house: House, settings: Settings) -> None:
    actor = system("demo")
    password = settings.demo_password.get_secret_value()
    with house.db.session() as session:
        for one in load_people():
            if staff.by_login(session, one.login) is None:
                staff.save(actor, session, Person(**one.model_dump(exclude={"signatory"})), password)
        table.apply(actor, session, table.plan(actor, session, [_record(session, one) for one in load_clients()]))


def _record(session: Session, one: DemoClient) -> Record:
    managers = (staff.by_login(session, login or "") for login in (one.manager, one.curator))
    manager, curator = (person.id if person else None for person in managers)
    return Record(
        name=one.name,
        segment=one.segment.value,
        accounts=(one.account_number,) if one.account_number else (),
        contracts=(one.contract_number,) if one.contract_number else (),
        inn=one.inn,
        confirmed_emails=dict.fromkeys(one.confirmed_emails, ""),
        confirmed_address=one.confirmed_address,
        is_vip=one.is_vip,
        manager_id=manager,
        curator_id=curator,
        given=EVERYTHING,
    )
