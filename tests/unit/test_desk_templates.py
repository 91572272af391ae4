"""Every page of the desk can be compiled: a slip in a template is found here, not by the clerk who opens the page."""

from __future__ import annotations

import pytest

from desk.render import templates

ENVIRONMENT = templates().env


@pytest.mark.parametrize("name", sorted(ENVIRONMENT.list_templates(extensions=["html"])))
def test_a_template_compiles(name: str) -> None:
    assert ENVIRONMENT.get_template(name).name == name
