"""Letters read by two Prefect workers: `otvet worker` twice, as on two machines. A sample: test_flows_mirror.py."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import support_postgres
import support_prefect
import support_workers
from pydantic import SecretStr

from flows.server import PrefectSettings

pytestmark = [pytest.mark.service, pytest.mark.ocr, pytest.mark.full, pytest.mark.timeout(900)]


@pytest.mark.parametrize("letters", [20, 200])
def test_two_workers_share_letters_and_pages_and_the_living_one_does_what_the_killed_one_held(
    letters: int, tmp_path: Path, postgres: str
) -> None:
    prefect = PrefectSettings(port=support_prefect.free_port(), password=SecretStr("proba"))
    house = support_workers.build(tmp_path, prefect, support_postgres.new_database(postgres, f"t{uuid.uuid4().hex}"))
    with support_prefect.server(prefect, tmp_path / "var"):
        support_workers.share_and_kill(house, letters, tmp_path / "otvet.toml", prefect, fresh=True)
    house.close()
