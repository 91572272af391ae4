"""What goes wrong with rules: always a Russian message that says where and how to mend it."""

from __future__ import annotations


class RuleError(Exception):
    """A data file of ``rules/`` cannot be used.

    The message names file and line and says what to do. It never holds personal data: rule files have none of clients.
    """

    def __init__(self, file: str, line: int | None, problem: str, mend: str) -> None:
        """Keep the parts for whoever shows them apart: file name, 1-based line (None: whole file), problem, mend."""
        self.file = file
        self.line = line
        self.problem = problem
        self.mend = mend
        where = file if line is None else f"{file}, строка {line}"
        super().__init__(f"{where}: {problem}. Что сделать: {mend}.")

    def __reduce__(self) -> tuple[type[RuleError], tuple[str, int | None, str, str]]:
        """Let the error cross a process border whole."""
        return RuleError, (self.file, self.line, self.problem, self.mend)


class UnknownRuleError(Exception):
    """Somebody asked for a rule, topic or stage that the rules in force do not have."""
