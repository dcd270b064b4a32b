"""What is remembered of a run, however long it goes on."""

from __future__ import annotations

from attune_cli.diagnostics import Diagnostic, Position, Severity
from attune_cli.sensor.journal import FIRST_FINDINGS, LAST_BYTES, LAST_EVENTS, Journal
from attune_cli.sensor.model import Event


def event(number: int, size: int = 10, status: int = 201, trigger: str = "demo.alert", *, wrong: bool = False) -> Event:
    finding = Diagnostic("demo.watch", Position(number, 1), "ATN143", "it is wrong", Severity.ERROR)
    return Event(
        id=number,
        status=status,
        trigger_ref=trigger,
        rule_ref=None,
        payload={},
        config=None,
        source="demo.watch",
        received=1.0,
        size=size,
        findings=(finding,) if wrong else (),
    )


def test_what_is_counted() -> None:
    journal = Journal(["demo.alert", "demo.free"])
    for one in (event(1), event(2), event(3, wrong=True), event(4, status=404, trigger="demo.none", wrong=True)):
        journal.note(one)
    counts = {ref: (count.events, count.accepted, count.wrong) for ref, count in journal.triggers.items()}
    assert counts == {"demo.alert": (3, 3, 1), "demo.free": (0, 0, 0)}
    assert (journal.total.events, journal.total.accepted, journal.total.wrong) == (4, 3, 2)
    assert journal.has_errors


def test_of_many_events_the_last_are_kept_and_of_findings_the_first() -> None:
    journal = Journal()
    for number in range(LAST_EVENTS + 20):
        journal.note(event(number, wrong=True))
    events, findings = journal.snapshot()
    assert [each.id for each in events] == list(range(20, LAST_EVENTS + 20))
    assert [each.start.line for each in findings] == list(range(FIRST_FINDINGS))
    assert journal.severities[Severity.ERROR] == LAST_EVENTS + 20


def test_of_large_events_fewer_are_kept() -> None:
    journal = Journal()
    for number in range(10):
        journal.note(event(number, size=LAST_BYTES // 3))
    assert [each.id for each in journal.snapshot()[0]] == [7, 8, 9]
    journal.note(event(10, size=2 * LAST_BYTES))
    assert [each.id for each in journal.snapshot()[0]] == [10]
