"""Everything about a run that is known before anything starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attune_cli.errors import UsageError
from attune_cli.execution.delivery import Delivery, check_size, deliver, unreadable_in_shells
from attune_cli.execution.environment import (
    API_TOKEN,
    API_URL,
    assigned,
    base_environment,
    contract_variables,
    new_exec_id,
)
from attune_cli.execution.folders import artifacts_path, parameter_path
from attune_cli.execution.parameters import Parameters, resolve_parameters
from attune_cli.execution.sources import Sources
from attune_cli.execution.subject import Subject
from attune_cli.pack.keywords import DELIVERIES, FORMATS
from attune_cli.process import DEFAULT_BOUND, Secrets
from attune_cli.runtime.base import Launch, Runtime, Target
from attune_cli.runtime.local import LocalRuntime

if TYPE_CHECKING:
    from attune_cli.execution.parity import Facts, RunWarning

#: How much of an entry point is looked through, in bytes.
_LOOKED_THROUGH = 1024 * 1024


class OwnApi(NamedTuple):
    """An API that attune itself serves for the run.

    env:      the variables that lead to it.
    secrets:  name → what it has to give that must not be shown.
    problems: what went wrong between it and the action, asked for when the action has ended.
    """

    env: Mapping[str, str]
    secrets: Mapping[str, object]
    problems: Callable[[], tuple[str, ...]]

    def __repr__(self) -> str:
        return "OwnApi(…)"


class ActionRequest(NamedTuple):
    """What a person asked for.

    subject:    a ref, the path of a YAML file, or the path of a program.
    packs_dirs: folders looked through before the usual places.
    runtime, delivery, format: instead of what the action declares.
    cwd:        instead of the pack's folder.
    clean_env:  take next to nothing from the caller's environment.
    env, env_files: `NAME=value` (or `NAME`: the caller's), and files of such lines.
    timeout:    seconds; None: none.  grace: seconds between SIGTERM and SIGKILL then; 0: SIGKILL at once.
    max_stdout, max_stderr: bounds in bytes.
    caller:     the environment that attune itself was called with.
    own_api:    None: the action has the API that its environment names, if any.
    """

    subject: str
    sources: Sources = Sources()
    packs_dirs: tuple[Path, ...] = ()
    runtime: str | None = None
    delivery: str | None = None
    format: str | None = None
    cwd: Path | None = None
    clean_env: bool = False
    env: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    timeout: float | None = None
    grace: float = 0.0
    max_stdout: int = DEFAULT_BOUND
    max_stderr: int = DEFAULT_BOUND
    caller: Mapping[str, str] = os.environ
    own_api: OwnApi | None = None

    def __repr__(self) -> str:
        return f"ActionRequest({self.subject!r}, …)"


class Plan(NamedTuple):
    """A run that could start now.

    exec_id:        identifies the run.
    parameter_file: where the parameter file will be; None: there is none.
    artifacts:      the folder the action may leave files in; made when it starts.
    secrets:        what is masked everywhere.
    """

    request: ActionRequest
    subject: Subject
    runtime: Runtime
    target: Target
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    parameters: Parameters
    delivery: Delivery
    way: str
    form: str
    exec_id: int
    parameter_file: Path | None
    artifacts: Path
    secrets: Secrets

    def __repr__(self) -> str:
        return f"Plan({self.subject.name!r}, {self.runtime.name}, …)"

    @property
    def facts(self) -> Facts:
        """What the platform would judge by, as far as it is known before the run."""
        from attune_cli.execution.parity import Facts

        return Facts(
            action=self.subject.action,
            timeout=self.request.timeout,
            stdin_bytes=len(self.delivery.stdin),
            api_missing=_api_missing(self.subject.entry_path, self.env),
            too_short=self.secrets.too_short,
            exposed=self.parameters.exposed,
            undeclared=self.parameters.undeclared,
            unreadable=unreadable_in_shells(self.parameters) if self._is_for_a_shell else (),
        )

    @property
    def warnings(self) -> tuple[RunWarning, ...]:
        """What can be warned of without a run."""
        from attune_cli.execution.parity import judge

        return judge(self.facts)

    def to_document(self) -> dict[str, object]:
        """JSON data for `--dry-run`, secrets masked. inherited: variables that are the caller's own."""
        caller = self.request.caller
        document = self.delivery.document
        return {
            "schema": "attune.plan/1",
            "action": self.subject.name,
            "runtime": self.runtime.name,
            "argv": [self.secrets.mask_text(word) for word in self.argv],
            "cwd": str(self.cwd),
            "environment": self.secrets.mask_data(dict(sorted(self.env.items()))),
            "inherited": sorted(name for name, value in self.env.items() if caller.get(name) == value),
            "stdin": self._masked(self.delivery.stdin),
            "parameter_file": str(self.parameter_file) if self.parameter_file else None,
            "parameter_document": None if document is None else self._masked(document),
            "timeout": self.request.timeout,
            "warnings": [each.to_document() for each in self.warnings],
        }

    def _masked(self, data: bytes) -> str:
        return self.secrets.mask(data).decode("utf-8", "replace")

    @property
    def _is_for_a_shell(self) -> bool:
        return self.runtime.name == "shell" and self.way == "env"


def plan_action(request: ActionRequest, subject: Subject) -> Plan:
    """Raises UsageError and ParameterError for what was given wrongly, NotFoundError and
    CannotExecuteError when it cannot be started. Starts nothing and writes nothing."""
    action = subject.action
    schema, where = (action.parameters, str(action.path)) if action else (None, subject.name)
    parameters = resolve_parameters(request.sources, schema, subject=subject.name, where=where)
    way = _chosen("--delivery", request.delivery, DELIVERIES) or (action.delivery if action else DELIVERIES[0])
    form = _chosen("--format", request.format, FORMATS) or (action.format if action else FORMATS[0])
    delivery = deliver(parameters, way, form, subject=subject.name)
    target = _target(request, subject)
    runtime = LocalRuntime().select(target)
    runtime.validate(target)
    launch = runtime.prepare(target)
    exec_id = new_exec_id()
    file = parameter_path(exec_id, form) if delivery.document is not None else None
    artifacts = artifacts_path(exec_id)
    own = contract_variables(action.ref if action else None, action.pack_ref if action else None, exec_id, artifacts)
    own |= {"ATTUNE_PARAMETER_FILE": str(file)} if file else {}
    own |= request.own_api.env if request.own_api else {}
    env = _environment(request, {**own, **delivery.env}, launch)
    check_size(launch.argv, env, subject=subject.name)
    return Plan(
        request=request,
        subject=subject,
        runtime=runtime,
        target=target,
        argv=launch.argv,
        env=env,
        cwd=request.cwd or subject.pack_root or Path.cwd(),
        parameters=parameters,
        delivery=delivery,
        way=way,
        form=form,
        exec_id=exec_id,
        parameter_file=file,
        artifacts=artifacts,
        secrets=_secrets(request, parameters, env),
    )


def _secrets(request: ActionRequest, parameters: Parameters, env: Mapping[str, str]) -> Secrets:
    token = {API_TOKEN: env[API_TOKEN]} if API_TOKEN in env else {}
    return Secrets({**(request.own_api.secrets if request.own_api else {}), **parameters.secrets, **token})


def _environment(request: ActionRequest, own: Mapping[str, str], launch: Launch) -> dict[str, str]:
    """The caller's, then what the contract says, then the runtime's; what was asked for has the last word."""
    base = base_environment(request.caller, clean=request.clean_env)
    return launch.merged_into({**base, **own}) | assigned(request.env, request.env_files, request.caller)


def _chosen(flag: str, word: str | None, options: tuple[str, ...]) -> str | None:
    if word is not None and word not in options:
        raise UsageError(f"`{word}` is none of {', '.join(options)}", where=flag)
    return word


def _target(request: ActionRequest, subject: Subject) -> Target:
    action = subject.action
    if action is None:
        return Target(subject.entry_path, None, request.runtime, None)
    return Target(action.entry_path, action.pack_root, request.runtime or action.runner_type, action.runtime_version)


def _api_missing(entry: Path, env: Mapping[str, str]) -> tuple[str, ...]:
    """Variables of the API that the entry point names and this run does not have."""
    wanted = [name for name in (API_URL, API_TOKEN) if name not in env]
    if not wanted:
        return ()
    try:
        with open(entry, "rb") as file:
            text = file.read(_LOOKED_THROUGH)
    except OSError:
        # It can be executed and not read: then nothing is known of it.
        return ()
    return tuple(name for name in wanted if name.encode() in text)
