"""A finding about a file as a whole, before it has a place in a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from attune_cli.diagnostics import WHOLE_FILE, Diagnostic, Rule, Severity


class Problem(NamedTuple):
    """What is wrong, and what to do."""

    rule: Rule
    message: str
    help: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether it would not start, or not for long."""
        return self.rule.severity is Severity.ERROR


def as_diagnostics(path: str, problems: Iterable[Problem]) -> tuple[Diagnostic, ...]:
    """The findings of a file; path: as the user gave it."""
    return tuple(
        Diagnostic(path, WHOLE_FILE, rule.code, message, rule.severity, help=help_) for rule, message, help_ in problems
    )
