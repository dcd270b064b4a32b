"""What codes stand for: those of findings, and those of warnings about a run."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from attune_cli.report.style import Style

#: Wider than this, a paragraph is no pleasure to read.
_WIDEST = 100
_OF_RUNS = "attune run"
#: Who says the codes from there on.
_TELLERS = (
    ("ATN140", "attune run sensor"),
    ("ATN120", "attune binary verify"),
    ("ATN100", "attune binary check"),
    ("ATN", "attune pack validate"),
)
_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule in words; texts that it has not are empty.

    of: what says the code: a command.  good, bad: examples.
    """

    code: str
    name: str
    severity: str
    title: str
    why: str
    good: str
    bad: str
    of: str

    def to_document(self) -> dict[str, str]:
        """JSON data."""
        return asdict(self)


def explanations() -> dict[str, Explanation]:
    """All of them by code, sorted."""
    from attune_cli.execution.parity import RULES as WARNINGS
    from attune_cli.pack.catalogue import RULES

    found = [
        Explanation(
            rule.code, rule.name, str(rule.severity), rule.title, rule.why, rule.good, rule.bad, _teller(rule.code)
        )
        for rule in RULES.values()
    ]
    found += [Explanation(rule.code, "", "warning", rule.title, "", "", "", _OF_RUNS) for rule in WARNINGS]
    return {each.code: each for each in sorted(found, key=lambda each: each.code)}


def _teller(code: str) -> str:
    return next(teller for first, teller in _TELLERS if code >= first)


def explanation_lines(explanation: Explanation, style: Style, columns: int | None = None) -> Iterator[str]:
    """For people. columns: of the terminal."""
    room = min(columns or _WIDEST, _WIDEST)
    severity = style(explanation.severity, _COLOURS[explanation.severity], "bold")
    name = f" {explanation.name}" if explanation.name else ""
    yield f"{style(explanation.code + name, 'bold')}  {severity}{style(f', {explanation.of}', 'dim')}"
    title = explanation.title[:1].upper() + explanation.title[1:]
    for paragraph in (f"{title}.", explanation.why):
        if paragraph:
            yield ""
            yield from textwrap.wrap(paragraph, room, break_long_words=False, break_on_hyphens=False)
    for label, colour, example in (("Wrong:", "red", explanation.bad), ("Right:", "green", explanation.good)):
        if example:
            yield ""
            yield style(label, colour)
            yield from (f"  {line}".rstrip() for line in example.strip("\n").split("\n"))
