"""Every rule file has a title for the desk's page of rules."""

from rules.book import FILES
from steps.rules import TITLES


def test_every_rule_file_has_a_title() -> None:
    assert set(TITLES) == set(FILES)
