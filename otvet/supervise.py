"""`otvet run`: one machine, everything. Starts the parts, shows progress, prints the addresses, ends cleanly."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from otvet.children import Child, end_all
from otvet.settings import Settings, SettingsError
from otvet.staging import demo_settings, stage
from otvet.wiring import build_house
from registry import clock
from registry.actor import system

if TYPE_CHECKING:
    from flows.server import PrefectSettings
    from steps.house import House

LOGS: Final = "журналы"
SENT: Final = "отправленная-почта"
POLL: Final = 1.0
DESK_SECONDS: Final = 60.0
PREFECT_SECONDS: Final = 120.0
QUIET_SECONDS: Final = 240.0  # how long the demonstration's progress is shown at most

WATCHER: Final = system("run")


def run(settings: Settings, *, demo: bool) -> int:
    """Start everything and stay until Ctrl-C or SIGTERM; return the exit code."""
    settings = demo_settings(settings) if demo else settings
    if not settings.has_sources:
        raise SettingsError(
            "Не указан ни один источник писем. Запустите `otvet run --demo` для демонстрации или опишите scan_folders, "
            "mail_folders или mailboxes в otvet.toml (образец — в docs/settings.md)."
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.home / "otvet.lock", timeout=0):
            return _supervised(settings)
    except Timeout:
        raise SettingsError(
            f"Otvet уже запущен для папки {settings.home}. Остановите его или укажите другую."
        ) from None


def desk(settings: Settings) -> None:
    """Child: the desk."""
    from desk.serve import run as serve

    settings = demo_settings(settings) if settings.demo else settings
    house = build_house(settings)
    ui = f"http://{settings.prefect.host}:{settings.prefect.port}"
    shown = settings.desk.model_copy(update={"home": settings.home, "prefect_ui_url": ui})
    try:
        serve(house, shown)
    finally:
        house.close()


def flows(settings: Settings) -> None:
    """Child: the flows. Prefect reads its own settings from the environment that the parent gave."""
    from flows.serve import run as serve

    settings = demo_settings(settings) if settings.demo else settings
    house = build_house(settings)
    try:
        serve(house, prefect_settings(settings))
    finally:
        house.close()


def worker(settings: Settings, name: str | None) -> None:
    """A Prefect worker of this machine; the server may run on another one."""
    from flows.server import client_environment

    prefect = prefect_settings(settings)
    os.environ.update(client_environment(prefect, settings.home.absolute()))  # before Prefect is imported
    from flows.worker import run as take_runs

    house = build_house(settings)
    try:
        take_runs(house, name)
    finally:
        house.close()


def prefect_settings(settings: Settings) -> PrefectSettings:
    """The Prefect part's own settings."""
    from flows.server import PrefectSettings

    return PrefectSettings(**settings.prefect.model_dump(), demo=settings.demo)


def _supervised(settings: Settings) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    _require_free_ports(settings)
    _say("Открываю базу и правила…")
    house = build_house(settings, pages=False)
    if settings.demo:
        _say("Готовлю демонстрационную почту…")
        stage(house, settings, clock.today())
    children = _children(settings)
    with _running(children) as start:
        _say("Запускаю сервер Prefect…")
        start("prefect")
        _wait_for_prefect(children["prefect"], prefect_settings(settings), stop)
        _say("Запускаю потоки и рабочее место…")
        for name in children:
            if name != "prefect":
                start(name)
        _wait_for_port(settings.desk.host, settings.desk.port, stop)
        _greet(settings)
        code = _watch(house, list(children.values()), stop, show=settings.demo)
        _say("Останавливаю…")
    house.close()
    _say("Остановлено. Следующий запуск продолжит с того же места.")
    return code


def _children(settings: Settings) -> dict[str, Child]:
    from flows.server import client_environment, server_command, server_environment

    prefect = prefect_settings(settings)
    home = settings.home.absolute()
    own = {"OTVET_DEMO": "true" if settings.demo else "false", "PYTHONUNBUFFERED": "1"}
    ours = [sys.executable, "-m", "otvet"]
    found = {
        "prefect": Child("сервер Prefect", server_command(), server_environment(prefect, home), _log(home, "prefect")),
        "flows": Child("потоки", [*ours, "flows"], {**client_environment(prefect, home), **own}, _log(home, "потоки")),
        "desk": Child("рабочее место", [*ours, "desk"], own, _log(home, "рабочее-место")),
    }
    if settings.demo:
        sink = [sys.executable, "-m", "outbox.sink", "--port", str(settings.sink_port), "--folder", str(home / SENT)]
        found["sink"] = Child("почтовый сервер демонстрации", sink, own, _log(home, "почта"))
    return found


def _log(home: Path, name: str) -> Path:
    return home / LOGS / f"{name}.log"


@contextlib.contextmanager
def _running(children: dict[str, Child]) -> Iterator[Callable[[str], None]]:
    started: list[Child] = []

    def start(name: str) -> None:
        children[name].start()
        started.append(children[name])

    try:
        yield start
    finally:
        end_all(started)


def _watch(house: House, children: list[Child], stop: threading.Event, *, show: bool) -> int:
    """Keep the children alive until told to stop; 1 when one of them cannot be kept alive."""
    progress = _Progress(house) if show else None
    while not stop.wait(POLL):
        for child in children:
            if not child.alive and not stop.is_set() and not child.revive():
                _say(f"Не удаётся запустить: {child.title}. Причина — в конце файла {child.log}.")
                return 1
        if progress is not None and not progress.tell():
            progress = None
    return 0


class _Progress:
    """Tells how far the demonstration's letters have come, until they stand in their queues."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._last = ""
        self._until = time.monotonic() + QUIET_SECONDS

    def tell(self) -> bool:
        """Say what has changed; False when there is nothing more to tell."""
        from steps.progress import look

        seen = look(WATCHER, self._house)
        line = f"Писем получено: {seen.received}, зарегистрировано: {seen.registered}, прочитано: {seen.read}"
        if line != self._last:
            self._last = line
            _say(line)
        if seen.registered and seen.waiting == 0:
            _say("Демонстрационная почта разобрана: обращения ждут в очередях.")
            return False
        return time.monotonic() < self._until


def _require_free_ports(settings: Settings) -> None:
    wanted = {
        "рабочее место": (settings.desk.host, settings.desk.port, "OTVET_DESK__PORT"),
        "Prefect": (settings.prefect.host, settings.prefect.port, "OTVET_PREFECT__PORT"),
    }
    if settings.demo:
        wanted["почта"] = ("127.0.0.1", settings.sink_port, "OTVET_SINK_PORT")
    for title, (host, port, variable) in wanted.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise SettingsError(
                    f"Порт {port} ({title}) занят другой программой. Освободите его или задайте другой: {variable}."
                ) from None


def _wait_for_prefect(child: Child, settings: PrefectSettings, stop: threading.Event) -> None:
    """Wait for the server, but not for one that has died already."""
    from flows.server import ServerUnavailableError, wait_healthy

    until = time.monotonic() + PREFECT_SECONDS
    while not stop.is_set():
        try:
            wait_healthy(settings, timeout=POLL)
        except ServerUnavailableError:
            if child.alive and time.monotonic() < until:
                continue
            raise SettingsError(f"Сервер Prefect не запустился. Причина — в конце файла {child.log}.") from None
        return


def _wait_for_port(host: str, port: int, stop: threading.Event) -> None:
    until = time.monotonic() + DESK_SECONDS
    while time.monotonic() < until and not stop.is_set():
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.2)


def _greet(settings: Settings) -> None:
    from flows.bookmarks import bookmarks

    prefect = prefect_settings(settings)
    lines = ["", f"Рабочее место:  {settings.desk_url}"]
    if settings.demo:
        password = settings.demo_password.get_secret_value()
        lines += [f"    вход: {one.login} — {one.title}" for one in settings.desk.demo_logins]
        lines.append(f"    пароль у всех: {password}")
    lines += [f"Prefect:        {prefect.ui_url}", f"    вход одной строкой: admin:{_shown_password(settings)}"]
    lines += [f"    {title}: {url}" for title, url in bookmarks(prefect.ui_url)]
    if settings.demo:
        lines.append(f"Отправленные письма: {settings.home.absolute() / SENT}")
    lines += [f"Журналы:        {settings.home.absolute() / LOGS}", "Остановить: Ctrl-C", ""]
    _say("\n".join(lines))


def _shown_password(settings: Settings) -> str:
    """The demonstration shows its password; a real one stays where it was set."""
    return settings.prefect.password.get_secret_value() if settings.demo else "ПАРОЛЬ из настроек"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
