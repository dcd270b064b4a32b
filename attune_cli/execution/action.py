"""One action, from what was asked for to how it went."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attune_cli.errors import AttuneError, CannotExecuteError, NotFoundError
from attune_cli.execution.environment import EXEC_ID
from attune_cli.execution.execution import Execution, ended, not_started, with_warnings
from attune_cli.execution.folders import artifacts_folder, parameter_file, sweep
from attune_cli.execution.plan import ActionRequest, Plan, plan_action
from attune_cli.execution.subject import find_subject
from attune_cli.process import AT_ONCE, LiveOutput, Outcome, Process, Request, Rung, start
from attune_cli.runtime.base import Progress, ignore_progress

if TYPE_CHECKING:
    from attune_cli.execution.output import Reading

__all__ = ["ActionRequest", "Execution", "Live", "Plan", "plan", "run_action"]

#: How a program ends whose libraries the loader does not find, or of which a part is missing.
_NOT_LOADED = 127
_CRASHES = frozenset((signal.SIGBUS, signal.SIGSEGV))


class Live(NamedTuple):
    """Who is told while it runs.

    stdout, stderr: get the streams as they come, masked and bounded.
    starting:       called right before the process is started.
    started:        gets the process; its `cancel` may be called from a signal handler.
    progress:       gets lines about what is set up before the start.
    """

    stdout: Callable[[bytes], None] | LiveOutput | None = None
    stderr: Callable[[bytes], None] | LiveOutput | None = None
    starting: Callable[[], None] | None = None
    started: Callable[[Process], None] | None = None
    progress: Progress = ignore_progress


def plan(request: ActionRequest) -> Plan:
    """What would be started, without starting it. Raises what `plan_action` and `find_subject` raise."""
    return plan_action(request, find_subject(request.subject, request.packs_dirs))


def run_action(request: ActionRequest, live: Live | None = None) -> Execution:
    """Run an action to its end.

    Raises UsageError, ParameterError or AttuneError for what was asked for wrongly, and
    NotFoundError when there is no such action. One that is there and cannot be started is an
    execution with the status not_started.
    """
    live = live or Live()
    subject = find_subject(request.subject, request.packs_dirs)
    try:
        planned = plan_action(request, subject)
    except (NotFoundError, CannotExecuteError) as error:
        return not_started(subject.name, None, error)
    try:
        planned.runtime.set_up(planned.target, live.progress)
        outcome = _run(planned, live)
    except AttuneError as error:
        return not_started(subject.name, planned.runtime.name, error, planned.secrets)
    return _judged(planned, outcome)


def _run(planned: Plan, live: Live) -> Outcome:
    sweep()
    with ExitStack() as stack:
        stack.enter_context(artifacts_folder(planned.artifacts))
        if planned.parameter_file and planned.delivery.document is not None:
            stack.enter_context(parameter_file(planned.parameter_file, planned.delivery.document))
        if live.starting:
            live.starting()
        process = stack.enter_context(start(_request(planned, live)))
        if live.started:
            live.started(process)
        # It runs by now: the time that these imports take, for later, is not waited for.
        from attune_cli.execution import output, parity  # noqa: F401

        return process.wait()


def _request(planned: Plan, live: Live) -> Request:
    asked = planned.request
    return Request(
        argv=planned.argv,
        env=planned.env,
        cwd=planned.cwd,
        stdin=planned.delivery.stdin,
        timeout=asked.timeout,
        on_timeout=(Rung(signal.SIGTERM, asked.grace), *AT_ONCE) if asked.grace else AT_ONCE,
        max_stdout=asked.max_stdout,
        max_stderr=asked.max_stderr,
        live_stdout=live.stdout,
        live_stderr=live.stderr,
        secrets=planned.secrets,
        marker=EXEC_ID,
    )


def _judged(planned: Plan, outcome: Outcome) -> Execution:
    from attune_cli.execution.parity import RunWarning, judge

    reading = _read(planned, outcome)
    left = planned.artifacts if _holds_files(planned.artifacts) else None
    own_api = planned.request.own_api
    facts = planned.facts._replace(
        outcome=outcome,
        result_problem=reading.problem,
        artifacts=left,
        api_problems=own_api.problems() if own_api else (),
        flaws=_flaws(planned, outcome),
    )
    mask = planned.secrets.mask_text
    warnings = tuple(RunWarning(warning.code, mask(warning.message)) for warning in judge(facts))
    return with_warnings(ended(planned, outcome, reading), warnings, left)


def _flaws(planned: Plan, outcome: Outcome) -> tuple[str, ...]:
    """What is wrong with a native program that has ended as one does which could not be loaded."""
    if planned.runtime.name != "native" or (outcome.exit_code != _NOT_LOADED and outcome.signal not in _CRASHES):
        return ()
    from attune_cli.binary.start import flaws

    found = flaws(planned.target.entry_point, planned.env.get("LD_LIBRARY_PATH"))
    return tuple(f"{each.message} ({each.help})" if each.help else each.message for each in found)


def _read(planned: Plan, outcome: Outcome) -> Reading:
    from attune_cli.execution.output import Reading, read_result

    if not outcome:
        return Reading()
    action = planned.subject.action
    stdout = outcome.stdout
    return read_result(stdout.raw, action.output_format if action else None, truncated=stdout.truncated)


def _holds_files(folder: Path) -> bool:
    try:
        return bool(os.listdir(folder))
    except OSError:
        # It was empty, and is gone.
        return False
