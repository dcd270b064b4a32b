"""From an event to the rules it meets and the actions they start, a few at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from queue import Full, Queue
from typing import NamedTuple

from attune_cli.diagnostics import Diagnostic, Position, Rule
from attune_cli.errors import AttuneError
from attune_cli.execution.action import ActionRequest, Execution, Live, run_action
from attune_cli.execution.environment import API_TOKEN, API_URL
from attune_cli.execution.sources import Sources
from attune_cli.execution.strict_json import compact
from attune_cli.pack.reaction_codes import ACTION_REFUSED, CONDITION_UNDECIDED, TEMPLATE_MISSING
from attune_cli.process import Process
from attune_cli.sensor.conditions import met
from attune_cli.sensor.model import Event
from attune_cli.sensor.records import moment
from attune_cli.sensor.rules import LocalRule
from attune_cli.sensor.templates import fill

#: So many events wait at most, of so many bytes together; those that come then start nothing.
WAITING, WAITING_BYTES = 256, 32 * 1024 * 1024

SKIPPED, REFUSED, DROPPED = "skipped", "refused", "dropped"


class Reaction(NamedTuple):
    """What came of one event and one rule.

    status:    that of an execution; or skipped (its conditions are not met), refused (it cannot be
               started with what the event gives it), dropped (too many were waiting, or it was over).
    execution: None where none came of it; its output is masked by the action's own secrets only.
    """

    event_id: int
    rule_ref: str
    action_ref: str
    status: str
    execution: Execution | None = None
    findings: tuple[Diagnostic, ...] = ()


class Setting(NamedTuple):
    """What actions are started with.

    api:    its URL and token.
    config: a pack's folder → its configuration, for `{{ pack.config.… }}`.
    """

    packs_dirs: tuple[Path, ...]
    env: tuple[str, ...]
    clean_env: bool
    api: Callable[[], tuple[str, str]]
    config: Callable[[Path], Mapping[str, object]]


class Reactions:
    """Workers that start the actions. `offer` never waits.

    told: gets each reaction, from a worker's thread or from whoever offers.
    """

    def __init__(
        self, rules: Iterable[LocalRule], setting: Setting, concurrency: int, told: Callable[[Reaction], None]
    ) -> None:
        self._rules = [rule for rule in rules if rule.rule.action_ref]
        self._setting = setting
        self._told = told
        self._queue: Queue[tuple[Event, LocalRule] | None] = Queue(WAITING)
        self._bytes = 0
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, name=f"action {number}", daemon=True) for number in range(concurrency)
        ]
        self._running: dict[int, Process] = {}
        self._cancels = 0
        for thread in self._threads:
            thread.start()

    def offer(self, event: Event) -> None:
        """React to an event, as soon as a worker is free."""
        if not event.accepted:
            return
        for rule in self._rules:
            if event.rule_ref in {None, rule.rule.ref} and event.trigger_ref == rule.rule.trigger_ref:
                self._put(event, rule)

    def cancel(self) -> None:
        """End what runs and start nothing more; a second time: at once. For signal handlers too."""
        self._cancels += 1
        for process in tuple(self._running.values()):
            process.cancel()

    def finish(self) -> None:
        """Wait until all has been done that was offered."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _put(self, event: Event, rule: LocalRule) -> None:
        with self._lock:
            is_full = self._bytes + event.size > WAITING_BYTES
            self._bytes += 0 if is_full else event.size
        try:
            if not is_full:
                self._queue.put_nowait((event, rule))
                return
        except Full:
            self._free(event)
        self._told(_reaction(event, rule, DROPPED))

    def _free(self, event: Event) -> None:
        with self._lock:
            self._bytes -= event.size

    def _work(self) -> None:
        while task := self._queue.get():
            event, rule = task
            self._free(event)
            self._told(_reaction(event, rule, DROPPED) if self._cancels else self._react(event, rule))

    def _react(self, event: Event, rule: LocalRule) -> Reaction:
        seen = _as_seen(event)
        verdict = met(rule.conditions, seen)
        if not verdict.holds:
            wrong = (_finding(rule, CONDITION_UNDECIDED, "conditions", verdict.problem),) if verdict.problem else ()
            return _reaction(event, rule, SKIPPED)._replace(findings=wrong)
        filled = fill(rule.rule.action_params, self._context(seen, rule))
        missing = tuple(
            _finding(rule, TEMPLATE_MISSING, "action_params", f"{place}: the event has no `{path}`")
            for place, path in filled.missing
        )
        try:
            execution = run_action(self._request(filled.value, event, rule), Live(started=self._started))
        except AttuneError as error:
            refused = _finding(rule, ACTION_REFUSED, "action_params", str(error))
            return _reaction(event, rule, REFUSED)._replace(findings=(*missing, refused))
        finally:
            self._running.pop(threading.get_ident(), None)
        return _reaction(event, rule, execution.status)._replace(execution=execution, findings=missing)

    def _started(self, process: Process) -> None:
        self._running[threading.get_ident()] = process
        # Asked for before it was known.
        if self._cancels:
            process.cancel()

    def _request(self, values: object, event: Event, rule: LocalRule) -> ActionRequest:
        setting = self._setting
        url, token = setting.api()
        own = (f"ATTUNE_RULE={rule.rule.ref}", f"ATTUNE_TRIGGER={event.trigger_ref}")
        document = compact(values).encode()
        return ActionRequest(
            subject=str(rule.rule.action_ref),
            # As a file is read: what an event brings did not stand on a command line.
            sources=Sources(files=("-",), stdin=lambda: document),
            packs_dirs=setting.packs_dirs,
            clean_env=setting.clean_env,
            env=(*own, f"{API_URL}={url}", f"{API_TOKEN}={token}", *setting.env),
        )

    def _context(self, seen: Mapping[str, object], rule: LocalRule) -> Mapping[str, object]:
        """What templates can ask for."""
        event = {name: value for name, value in seen.items() if name != "trigger_ref"}
        config = self._setting.config(rule.declared.path) if rule.declared else {}
        system = {
            "timestamp": datetime.now(UTC).isoformat(),
            "rule": {"id": rule.rule.id, "ref": rule.rule.ref},
        }
        return {"event": event, "pack": {"config": config}, "system": system}


def _as_seen(event: Event) -> dict[str, object]:
    """As conditions see it."""
    return {
        "id": event.id,
        "trigger": event.trigger_ref,
        "trigger_ref": event.trigger_ref,
        "payload": event.payload,
        "created": moment(event.received),
    }


def _reaction(event: Event, rule: LocalRule, status: str) -> Reaction:
    return Reaction(event.id, rule.rule.ref, str(rule.rule.action_ref), status)


def _finding(rule: LocalRule, code: Rule, key: str, message: str) -> Diagnostic:
    at = rule.declared.place(key) if rule.declared else Position(1, 1)
    return Diagnostic(rule.origin, at, code.code, f"{rule.rule.ref}: {message}", severity=code.severity)
