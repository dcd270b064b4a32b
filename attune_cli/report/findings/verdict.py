"""What a validation came to, as every format gets it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from attune_cli.diagnostics import Diagnostic, Severity


class Counts(NamedTuple):
    """How many findings there are of each severity."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0

    @staticmethod
    def of(findings: Iterable[Diagnostic]) -> Counts:
        """Counted."""
        numbers = dict.fromkeys(Severity, 0)
        for finding in findings:
            numbers[finding.severity] += 1
        return Counts(numbers[Severity.ERROR], numbers[Severity.WARNING], numbers[Severity.INFO])


class Verdict(NamedTuple):
    """What was found.

    findings:   those that are listed, sorted.
    counts:     of all that were found, listed or not; suppressed and known ones are not among them.
    files:      how many files were read.
    suppressed: findings that a comment or a setting takes away.
    known:      findings that stand in the baseline.
    seconds:    how long it took.
    strict:     warnings count as well.
    command:    what has found it, as one calls it.
    """

    findings: tuple[Diagnostic, ...]
    counts: Counts
    files: int
    suppressed: int = 0
    known: int = 0
    seconds: float = 0.0
    strict: bool = False
    command: str = "attune pack validate"

    @property
    def failed(self) -> bool:
        """Whether anything was found that has to be put right."""
        return bool(self.counts.errors or (self.strict and self.counts.warnings))

    def counts_against(self, finding: Diagnostic) -> bool:
        """Whether this finding alone would make it fail."""
        return finding.severity >= (Severity.WARNING if self.strict else Severity.ERROR)
