"""What the tests of the desk over HTTP share: a module brings its house, and gets the address of its desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import support_desk

from steps.house import House


@pytest.fixture(scope="module")
def url(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with support_desk.site(house, tmp_path_factory.mktemp("home")) as url:
        yield url
