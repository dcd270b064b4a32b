"""How one run of an action went, as a value."""

from __future__ import annotations

import signal as signals
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attune_cli.errors import AttuneError, ExitCode
from attune_cli.process import NO_SECRETS, Outcome, Secrets, Usage

if TYPE_CHECKING:
    from attune_cli.execution.output import Reading
    from attune_cli.execution.parity import RunWarning
    from attune_cli.execution.plan import Plan

SCHEMA = "attune.execution/1"

SUCCEEDED = "succeeded"
FAILED = "failed"
TIMED_OUT = "timed_out"
CANCELLED = "cancelled"
NOT_STARTED = "not_started"


class Execution(NamedTuple):
    """Secrets are masked in every field. True when it succeeded.

    action:      the ref, or the path as it was given.
    runtime:     the runtime's name; None when none was found.
    status:      succeeded, failed, timed_out, cancelled or not_started.
    exit_code:   0–255; None when a signal ended it, or it did not start.
    signal:      the name of the signal that ended it.
    stdout, stderr: what was kept of them, with a notice at the end of one that was cut.
    result:      JSON data, only after an exit with 0.
    duration_ms: whole milliseconds from the start to the exit.
    error:       why it did not succeed.
    artifacts:   the folder in which the action left files; None: it left none.
    exit_status: what `attune run` exits with.
    failure:     what kept it from starting.
    """

    action: str
    runtime: str | None
    status: str
    exit_code: int | None = None
    signal: str | None = None
    stdout: str = ""
    stderr: str = ""
    result: object = None
    duration_ms: int = 0
    error: str | None = None
    stdout_truncated: bool = False
    stderr_truncated: bool = False
    stdout_bytes_truncated: int = 0
    stderr_bytes_truncated: int = 0
    usage: Usage = Usage()
    warnings: tuple[RunWarning, ...] = ()
    artifacts: Path | None = None
    exit_status: int = 0
    failure: AttuneError | None = None

    def __bool__(self) -> bool:
        return self.status == SUCCEEDED

    def to_document(self) -> dict[str, object]:
        """JSON data, as the published schema has it."""
        return {
            "schema": SCHEMA,
            "action": self.action,
            "runtime": self.runtime,
            "status": self.status,
            "exit_code": self.exit_code,
            "signal": self.signal,
            "stdout": self.stdout,
            "stderr": self.stderr,
            "result": self.result,
            "duration_ms": self.duration_ms,
            "error": self.error,
            "stdout_truncated": self.stdout_truncated,
            "stderr_truncated": self.stderr_truncated,
            "stdout_bytes_truncated": self.stdout_bytes_truncated,
            "stderr_bytes_truncated": self.stderr_bytes_truncated,
            "usage": {
                "cpu_ms": round(self.usage.cpu_seconds * 1000),
                "peak_memory_bytes": self.usage.peak_memory_bytes,
            },
            "warnings": [warning.to_document() for warning in self.warnings],
        }


def not_started(action: str, runtime: str | None, error: AttuneError, secrets: Secrets = NO_SECRETS) -> Execution:
    """An execution that could not begin. Its exit status says why, as those of shells do."""
    return Execution(
        action=action,
        runtime=runtime,
        status=NOT_STARTED,
        error=secrets.mask_text(str(error)),
        exit_status=int(error.run_exit_code),
        failure=error,
    )


def ended(plan: Plan, outcome: Outcome, reading: Reading) -> Execution:
    """An execution that ran; its warnings are still to be added."""
    status = status_of(outcome)
    return Execution(
        action=plan.subject.name,
        runtime=plan.runtime.name,
        status=status,
        exit_code=outcome.exit_code,
        signal=signal_name(outcome.signal),
        stdout=outcome.stdout.text,
        stderr=outcome.stderr.text,
        result=plan.secrets.mask_data(reading.result),
        duration_ms=round(outcome.duration * 1000),
        error=_reason(status, outcome, plan.request.timeout),
        stdout_truncated=outcome.stdout.truncated,
        stderr_truncated=outcome.stderr.truncated,
        stdout_bytes_truncated=outcome.stdout.bytes_cut,
        stderr_bytes_truncated=outcome.stderr.bytes_cut,
        usage=outcome.usage,
        exit_status=exit_status(outcome),
    )


def with_warnings(execution: Execution, warnings: tuple[RunWarning, ...], artifacts: Path | None) -> Execution:
    """The same with what there is to say about it."""
    return execution._replace(warnings=warnings, artifacts=artifacts)


def status_of(outcome: Outcome) -> str:
    """A run that was cancelled is cancelled, even if its deadline passed as well."""
    if outcome.cancelled:
        return CANCELLED
    if outcome.timed_out:
        return TIMED_OUT
    return SUCCEEDED if outcome else FAILED


def exit_status(outcome: Outcome) -> int:
    """What `attune run` exits with."""
    if outcome.cancelled:
        return ExitCode.INTERRUPTED
    if outcome.timed_out:
        return ExitCode.TIMED_OUT
    if outcome.exit_code is not None:
        return outcome.exit_code
    return ExitCode.SIGNALLED + int(outcome.signal or 0)


def signal_name(number: int | None) -> str | None:
    """`SIGKILL`; `SIG34` and the like for those without a name of their own."""
    if number is None:
        return None
    try:
        return signals.Signals(number).name
    except ValueError:
        return f"SIG{int(number)}"


def _reason(status: str, outcome: Outcome, timeout: float | None) -> str | None:
    if status == SUCCEEDED:
        return None
    if status == CANCELLED:
        return "the action was interrupted"
    if status == TIMED_OUT:
        return f"the action was stopped: it ran longer than {timeout or 0:g} s"
    if outcome.exit_code is None:
        return f"the action was killed by {signal_name(outcome.signal)}"
    return f"the action exited with status {outcome.exit_code}"
