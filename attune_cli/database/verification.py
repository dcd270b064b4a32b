"""Verification patterns tried against the real output of their commands, before workers rely on them.

A worker asks `python3 --version` and looks for `Python 3\\.` in the answer. A pattern with a slip of the pen
would match nowhere, and no worker would ever have that runtime. What is not installed here cannot be asked:
that is told, and is no error.

Only commands of seeds and packs are started, never those that a database holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from attune_cli.database.plan import Step
from attune_cli.database.runtimes import VERSION, Json, Key

if TYPE_CHECKING:
    from attune_cli.process import Outcome

#: A command that does not answer in this time is of no use to a worker either. Seconds.
_TIMEOUT: Final = 15.0
#: Of an answer this much is looked at, and that much is told, in bytes and characters.
_BOUND, _SHOWN = 64 * 1024, 60


class Verdict(StrEnum):
    """What a trial showed.

    MATCHED: the answer has the pattern. ABSENT: there is no such command here. FAILED: it does not work here,
    which says nothing of the pattern. OTHER: another version answers than the row is for, or another command of
    the row fits. WRONG: the command works, and the pattern does not fit what it says.
    """

    MATCHED = "matched"
    ABSENT = "not_installed"
    FAILED = "failed"
    OTHER = "other_version"
    WRONG = "wrong"


#: What shells, and the stand-ins of version managers (pyenv, asdf), end with when there is no such command.
_NOT_FOUND: Final = (126, 127)


@dataclass(frozen=True, slots=True)
class Trial:
    """One pattern and what came of it.

    answer: the first line of the command's output, cut; None: it was not started, or said nothing.
    why: what is wrong with it.
    """

    key: Key
    command: tuple[str, ...]
    pattern: str
    verdict: Verdict
    answer: str | None = None
    why: str | None = None


def try_patterns(steps: Iterable[Step]) -> tuple[Trial, ...]:
    """The patterns of all rows that are to be written, each tried."""
    trials: list[Trial] = []
    for step in steps:
        of_row = [_tried(step.key, command) for command in _commands(step.values.get("distributions"))]
        trials += _settled(of_row)
    return tuple(trials)


def _settled(trials: list[Trial]) -> Iterator[Trial]:
    """One command that fits is enough for a worker: the others of the row are its second choices."""
    fits = any(trial.verdict is Verdict.MATCHED for trial in trials)
    for trial in trials:
        is_second = fits and trial.verdict is Verdict.WRONG and trial.answer is not None
        yield replace(trial, verdict=Verdict.OTHER) if is_second else trial


def _commands(distributions: Json) -> Iterator[Mapping[str, Json]]:
    """Those with a pattern; whatever else stands there is for workers to make sense of."""
    verification = distributions.get("verification") if isinstance(distributions, Mapping) else None
    commands = verification.get("commands") if isinstance(verification, Mapping) else None
    for command in commands if isinstance(commands, list) else ():
        if isinstance(command, Mapping) and isinstance(command.get("binary"), str) and command.get("pattern"):
            yield command


def _tried(key: Key, command: Mapping[str, Json]) -> Trial:
    argv = (command["binary"], *map(str, command.get("args") or ()))
    text = str(command["pattern"])
    try:
        pattern = re.compile(text)
    except re.error as error:
        return Trial(key, argv, text, Verdict.WRONG, why=f"the pattern is no regular expression: {error}")
    outcome = _asked(argv)
    if outcome is None:
        return Trial(key, argv, text, Verdict.ABSENT)
    return _judged(Trial(key, argv, text, Verdict.MATCHED), pattern, outcome, command.get("exit_code"))


def _judged(trial: Trial, pattern: re.Pattern[str], outcome: Outcome, wanted: Json) -> Trial:
    said = f"{outcome.stdout.text}\n{outcome.stderr.text}".strip()
    answer = said.partition("\n")[0][:_SHOWN] or None
    verdict, why = Verdict.MATCHED, None
    if wanted is not None and outcome.exit_code != wanted:
        verdict = _of_failure(outcome)
        why = f"it ends with {_end(outcome)}, and {wanted} is asked for"
    elif not pattern.search(said):
        is_other = trial.key.table == VERSION and not _tells(said, trial.key.version)
        verdict, why = (Verdict.OTHER if is_other else Verdict.WRONG), "the pattern does not match what it says"
    return replace(trial, verdict=verdict, answer=answer, why=why)


def _of_failure(outcome: Outcome) -> Verdict:
    """A command that ends otherwise than it should: only one that works can show that a row is wrong."""
    if outcome.exit_code in _NOT_FOUND:
        return Verdict.ABSENT
    return Verdict.WRONG if outcome else Verdict.FAILED


def _end(outcome: Outcome) -> str:
    if outcome.timed_out:
        return f"no answer in {_TIMEOUT:g} seconds"
    return outcome.signal_name or f"exit code {outcome.exit_code}"


def _tells(said: str, version: str) -> bool:
    """Whether an answer is of this version: `Python 3.11.2` is of 3.11, and not of 3.1."""
    return re.search(rf"(?<![\d.]){re.escape(version)}(?!\d)", said) is not None


def _asked(argv: tuple[str, ...]) -> Outcome | None:
    """The command's end and output; None: there is none such here, or it cannot be started."""
    # Imported here: the first generation has no patterns, and mostly there is nothing to write.
    import shutil

    from attune_cli.process import Request, SpawnError, run

    path = shutil.which(argv[0])
    if path is None:
        return None
    request = Request(
        argv=(path, *argv[1:]), env=dict(os.environ), timeout=_TIMEOUT, max_stdout=_BOUND, max_stderr=_BOUND
    )
    try:
        return run(request)
    except SpawnError:
        return None
