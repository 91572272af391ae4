"""Databases that are ready at once: migrated and filled a single time in each test process, then copied.

A third of the time of a test over a house went into running the same migrations again; the migrations have tests of
their own (`service/test_migrations.py`), over databases that are empty indeed.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, inspect
from sqlalchemy.engine import make_url

from registry.database import Database

Make = Callable[[str], Database]
Fill = Callable[[Database], None]

_folder = tempfile.TemporaryDirectory(prefix="otvet-templates-")
_templates: dict[tuple[str, str], str] = {}  # (name of the filling, server or "sqlite") → file or database


def opened(url: str, name: str, make: Make, fill: Fill) -> Database:
    """Open the database at ``url``, migrated; an empty one gets what ``fill`` gives, copied where that was done before.

    ``name`` stands for the filling: what has one name has one content.
    """
    address = make_url(url)
    if not _is_empty(make, address):
        db = make(url)
        db.migrate()
        return db
    if address.drivername == "sqlite":
        assert address.database is not None
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(
            _template(f"sqlite:///{Path(_folder.name) / f'{name}.db'}", "sqlite", name, make, fill), address.database
        )
    else:
        _copy(address, name, make, fill)
    return make(url)


def _is_empty(make: Make, address: URL) -> bool:
    if address.drivername == "sqlite":
        return address.database is None or not Path(address.database).exists()
    db = make(address.render_as_string(hide_password=False))
    try:
        return not inspect(db.engine).get_table_names()
    finally:
        db.close()


def _template(url: str, server: str, name: str, make: Make, fill: Fill) -> str:
    if (name, server) not in _templates:
        db = make(url)
        db.migrate()
        fill(db)
        db.close()  # SQLite folds its log in; PostgreSQL copies only what nobody is connected to
        database = make_url(url).database
        assert database is not None
        _templates[name, server] = database
    return _templates[name, server]


def _copy(address: URL, name: str, make: Make, fill: Fill) -> None:
    server = f"{address.host}:{address.port}"
    with psycopg.connect(_plain(address.set(database="postgres")), autocommit=True) as connection:
        if (name, server) not in _templates:
            fresh = f"template_{uuid.uuid4().hex}"
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
            _template(address.set(database=fresh).render_as_string(hide_password=False), server, name, make, fill)
        target = sql.Identifier(str(address.database))
        connection.execute(sql.SQL("DROP DATABASE {}").format(target))
        template = sql.Identifier(_templates[name, server])
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(target, template))


def _plain(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)
