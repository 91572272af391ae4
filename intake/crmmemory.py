"""A CRM in memory, the twin of the real one: for tests, trials and whoever writes the other side of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from classifiers.addresskeys import address_key
from classifiers.clientkeys import account_key, contract_key, inn_key, name_key, phone_key
from intake.crm import MOST_FOUND, PAGE, Asked, CrmClient, CrmContact, CrmPage, CrmUnavailableError

_KEYS: Final[dict[str, Callable[[str | None], str | None]]] = {
    "account": account_key,
    "contract": contract_key,
    "inn": inn_key,
    "phone": phone_key,
}


class MemoryCrm:
    """A journal of changes; a cursor is how many of them were told."""

    def __init__(self, changes: Iterable[CrmClient | CrmContact] = (), *, name: str = "crm:memory") -> None:
        self.name = name
        self._journal: list[CrmClient | CrmContact] = list(changes)

    def tell(self, *changes: CrmClient | CrmContact) -> None:
        """Write changes at the end of the journal."""
        self._journal.extend(changes)

    def find(self, asked: Asked) -> list[CrmClient]:
        """Find clients as they stand now."""
        now: dict[str, dict[str, Any]] = {}
        for one in self._journal:
            if isinstance(one, CrmClient):
                now.setdefault(one.id, {}).update(one.model_dump(exclude_unset=True))
        fits = [CrmClient.model_validate(told) for told in now.values()]
        return [one for one in fits if asked.asks_enough and _fits(one, asked)][:MOST_FOUND]

    def changes(self, after: str | None, limit: int = PAGE) -> CrmPage:
        """Tell a page of the journal."""
        try:
            start = int(after or 0)
        except ValueError:
            raise CrmUnavailableError("CRM не узнаёт отметку загрузки: начните загрузку сначала.") from None
        told = self._journal[start : start + limit]
        end = start + len(told)
        return CrmPage(
            cursor=str(end),
            more=end < len(self._journal),
            clients=tuple(one for one in told if isinstance(one, CrmClient)),
            contacts=tuple(one for one in told if isinstance(one, CrmContact)),
        )

    def close(self) -> None:
        """Nothing is held."""


def _fits(client: CrmClient, asked: Asked) -> bool:
    told = {
        "account": client.accounts,
        "contract": [one.number for one in client.contracts],
        "inn": [client.inn] if client.inn else [],
        "phone": [one.value for one in client.phones],
    }
    for kind, values in told.items():
        wanted = getattr(asked, kind)
        if wanted and _KEYS[kind](wanted) not in [_KEYS[kind](one) for one in values]:
            return False
    return _same_name(client, asked.name) and _same_address(client, asked.address)


def _same_name(client: CrmClient, name: str | None) -> bool:
    person = (client.segment or "B2C") == "B2C"
    return not name or name_key(name, is_person=person) == name_key(client.name, is_person=person)


def _same_address(client: CrmClient, address: str | None) -> bool:
    wanted: Any = address_key(address)
    known = address_key(client.address)
    return not address or (wanted is not None and known is not None and wanted.same_place(known))
