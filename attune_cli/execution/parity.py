"""Where the platform's own engine would have done otherwise on this very run, and what a person
should know of a run besides. Each warning has a code; `RULES` is the list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attune_cli.pack.keywords import OUTPUT_KEYS

if TYPE_CHECKING:
    from attune_cli.pack.model import Action
    from attune_cli.process import Member, Outcome

#: What a pipe holds before whoever writes has to wait, in bytes; pipe(7).
PIPE_SIZE = 64 * 1024


class RunWarning(NamedTuple):
    """One thing to know about a run. code: see `RULES`."""

    code: str
    message: str

    def to_document(self) -> dict[str, object]:
        """JSON data."""
        return {"code": self.code, "message": self.message}


class Facts(NamedTuple):
    """What is judged.

    outcome:        None before the run.
    result_problem: why the result could not be read, or only in part.
    stdin_bytes:    how much standard input there was.
    api_missing:    variables of the API that the entry point names and the run does not have.
    too_short:      secrets too short to be masked.
    exposed:        secret parameters given on the command line.
    undeclared:     secrets that are no parameters of the action.
    unreadable:     parameters whose variable a shell cannot name.
    artifacts:      the folder in which the action left files.
    flaws:          what keeps a native program from being loaded.
    api_problems:   what went wrong between the action and the API that attune served for it.
    """

    action: Action | None = None
    outcome: Outcome | None = None
    timeout: float | None = None
    result_problem: str | None = None
    stdin_bytes: int = 0
    api_missing: tuple[str, ...] = ()
    too_short: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    artifacts: Path | None = None
    api_problems: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()


class Rule(NamedTuple):
    """One thing that is looked for. judge: the message, or None where there is nothing to say."""

    code: str
    title: str
    judge: Callable[[Facts], str | None]


def judge(facts: Facts) -> tuple[RunWarning, ...]:
    """All that there is to say about a run, in order of the codes."""
    found = ((rule.code, rule.judge(facts)) for rule in RULES)
    return tuple(RunWarning(code, message) for code, message in found if message)


def _pipe_held(facts: Facts) -> str | None:
    if facts.outcome is None or not facts.outcome.holders:
        return None
    streams = sorted({stream for holder in facts.outcome.holders for stream in holder.streams})
    who = _listed(f"{holder.name} (pid {holder.pid})" for holder in facts.outcome.holders)
    return (
        f"the action has exited, and {who} still held its {_listed(streams)} open: the platform would wait for that; "
        "give background processes other outputs (>/dev/null 2>&1)"
    )


def _timeout_unseen(facts: Facts) -> str | None:
    if facts.outcome is None or not facts.outcome.timed_out:
        return None
    return (
        "the platform looks at its timeout only when stdout and stderr are closed: "
        "it would not have stopped this action, which had them open"
    )


def _left_behind(facts: Facts) -> str | None:
    outcome = facts.outcome
    if outcome is None:
        return None
    if outcome.leftovers:
        them, on = ("them", "they go") if len(outcome.leftovers) > 1 else ("it", "it goes")
        return f"{_members(outcome.leftovers)} outlived the action and attune killed {them}; on the platform {on} on"
    if outcome.timed_out and len(outcome.tree) > 1:
        others = tuple(member for member in outcome.tree if member.pid != outcome.pid)
        return f"the platform kills only the process it started: {_members(others)} would have gone on"
    return None


def _not_killed(facts: Facts) -> str | None:
    if facts.outcome is None or not facts.outcome.survivors:
        return None
    return f"{_members(facts.outcome.survivors)} could not be killed and may still be running"


def _deadlock(facts: Facts) -> str | None:
    outcome = facts.outcome
    if outcome is None or facts.stdin_bytes <= PIPE_SIZE:
        return None
    written = max(outcome.stdout.total_bytes, outcome.stderr.total_bytes)
    if written <= PIPE_SIZE:
        return None
    return (
        f"the platform writes all of standard input ({facts.stdin_bytes} bytes) before it reads any output "
        f"({written} bytes): both pipes can fill up, and the run then hangs; read all input before writing much"
    )


def _no_result(facts: Facts) -> str | None:
    return facts.result_problem


def _output_key(facts: Facts) -> str | None:
    action = facts.action
    if action is None or not action.delivery_declared or action.output_key in (None, OUTPUT_KEYS[0]):
        return None
    return f"the platform does not read `{action.output_key}`: write `{OUTPUT_KEYS[0]}`"


def _no_api(facts: Facts) -> str | None:
    if not facts.api_missing:
        return None
    return f"the entry point speaks of {_listed(facts.api_missing)}: a worker sets it, and this run had none"


def _short_secret(facts: Facts) -> str | None:
    if not facts.too_short:
        return None
    return f"too short to be masked in the output: {_listed(facts.too_short)}"


def _timeout_key(facts: Facts) -> str | None:
    if facts.action is None or facts.action.timeout is None or facts.timeout is not None:
        return None
    written = f"timeout: {facts.action.timeout:g}"
    return f"the platform does not read `{written}` in the action, so it was not applied; --timeout sets one"


def _disabled(facts: Facts) -> str | None:
    if facts.action is None or facts.action.enabled:
        return None
    return "the action is disabled (`enabled: false`): the platform would not run it"


def _undeclared(facts: Facts) -> str | None:
    if not facts.undeclared:
        return None
    return f"no parameter of the action, and given to it all the same: {_listed(facts.undeclared)}"


def _exposed(facts: Facts) -> str | None:
    if not facts.exposed:
        return None
    return (
        f"secret, and given on the command line, where the process list and the shell's history show it: "
        f"{_listed(facts.exposed)}; use --secret"
    )


def _unreadable(facts: Facts) -> str | None:
    if not facts.unreadable:
        return None
    return f"no shell can read the variable of a parameter with such a name: {_listed(facts.unreadable)}"


def _artifacts(facts: Facts) -> str | None:
    return f"the action left files in {facts.artifacts}" if facts.artifacts else None


def _api_problems(facts: Facts) -> str | None:
    return "; ".join(facts.api_problems) or None


def _flaws(facts: Facts) -> str | None:
    return f"the program {'; it '.join(facts.flaws)}" if facts.flaws else None


def _members(members: Iterable[Member]) -> str:
    return _listed(f"{member.name} (pid {member.pid})" for member in members)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


#: Every warning a run can carry. A code keeps its meaning for good.
RULES = (
    Rule("PAR001", "a pipe was held open after the action had exited", _pipe_held),
    Rule("PAR002", "the platform would not have seen the timeout", _timeout_unseen),
    Rule("PAR003", "processes outlived the action", _left_behind),
    Rule("PAR004", "standard input and output could block each other", _deadlock),
    Rule("PAR005", "the result could not be read as declared", _no_result),
    Rule("PAR006", "the output schema stands under a key that is not read", _output_key),
    Rule("PAR007", "the action wants an API that this run does not have", _no_api),
    Rule("PAR008", "a secret is too short to be masked", _short_secret),
    Rule("PAR009", "the action's timeout key is not read", _timeout_key),
    Rule("PAR010", "the action is disabled", _disabled),
    Rule("PAR011", "a secret is no parameter of the action", _undeclared),
    Rule("PAR012", "a secret stood on the command line", _exposed),
    Rule("PAR013", "a parameter's variable cannot be read by a shell", _unreadable),
    Rule("PAR014", "the action left artifacts", _artifacts),
    Rule("PAR015", "processes could not be killed", _not_killed),
    Rule("PAR016", "a call to the local API did not do what it was meant to", _api_problems),
    Rule("PAR017", "the program could not be loaded", _flaws),
)
