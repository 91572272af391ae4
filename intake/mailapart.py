"""Understanding mail in worker processes, under limits of time and memory: what it holds is a stranger's."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from structlog import get_logger

from intake.mailparts import MailLimits
from intake.mime import Message, rescued, understand, unreadable
from intake.pool import PageFailedError, PagePool
from intake.worker import TaskFailedError
from rules.mailrules import MailRules

_log = get_logger(__name__)


def understand_apart(
    raw: bytes,
    pool: PagePool,
    limits: MailLimits = MailLimits(),  # noqa: B008  # frozen
    *,
    ours: frozenset[str] = frozenset(),
    own_domains: Collection[str] = (),
    rules: MailRules | None = None,
) -> Message:
    """Understand one message; see `understand_all`."""
    return understand_all([raw], pool, limits, ours=ours, own_domains=own_domains, rules=rules)[0]


def understand_all(
    messages: Sequence[bytes],
    pool: PagePool,
    limits: MailLimits = MailLimits(),  # noqa: B008  # frozen
    *,
    ours: frozenset[str] = frozenset(),
    own_domains: Collection[str] = (),
    rules: MailRules | None = None,
) -> list[Message]:
    """Understand messages side by side in the workers. Never raises, but for a closed pool.

    Args:
        messages: The messages.
        pool: The workers.
        limits: Bounds of what is opened.
        ours: Those of the ids in their headers (``header_ids``) that are of letters that we sent.
        own_domains: Domains under which our Message-IDs are made.
        rules: Signs of mail; None takes those that come with the program.
    """
    started = [pool.submit(limits.seconds, _task, raw, limits, ours, tuple(own_domains), rules) for raw in messages]
    understood = []
    for raw, future in zip(messages, started, strict=True):
        try:
            understood.append(future.result())
        except (PageFailedError, TaskFailedError) as failure:
            _log.warning("mail_worker_failed", error=type(failure).__name__, size=len(raw))
            reason = "Письмо не разобрано: разбор не уложился в пределы времени или памяти. Откройте исходный файл"
            understood.append(unreadable("", reason, rescued(raw, limits)))
    return understood


def _task(
    raw: bytes, limits: MailLimits, ours: frozenset[str], own_domains: tuple[str, ...], rules: MailRules | None
) -> Message:
    return understand(raw, limits, is_ours=ours.__contains__, own_domains=own_domains, rules=rules)
