"""How parameters reach the process: as environment variables, on standard input, or in a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from attune_cli.execution.parameters import Parameters
from attune_cli.execution.problems import ParameterError, Problem
from attune_cli.execution.strict_json import compact, text
from attune_cli.process import MAX_ARG_STRLEN

PARAMETER_PREFIX = "ATTUNE_ACTION_"

#: The most that Linux gives arguments and environment together, whatever the stack's limit says.
_LINUX_ARG_MAX = 6 * 1024 * 1024

_ELSEWHERE = "deliver it by stdin or file"


class Delivery(NamedTuple):
    """What a process gets of its parameters.

    env:      variables.
    stdin:    bytes; then end of file.
    document: what the parameter file holds; None: there is none.
    """

    env: Mapping[str, str] = MappingProxyType({})
    stdin: bytes = b""
    document: bytes | None = None

    def __repr__(self) -> str:
        return f"Delivery({', '.join(self.env)}, {len(self.stdin)} bytes on stdin)"


def deliver(parameters: Parameters, way: str, form: str, *, subject: str) -> Delivery:
    """way: env, stdin or file.  form: json, dotenv or yaml, for the latter two.

    With env, secrets go to standard input as one JSON object, and nothing goes there when there are
    none. Otherwise all go into one document, which ends with one newline. Raises ParameterError for
    what cannot be delivered that way.
    """
    if way == "env":
        return _by_env(parameters, subject)
    # Imported here: most of it is for the formats that are not asked for.
    from attune_cli.execution.documents import document, dotenv_problems

    merged = parameters.merged
    if form == "dotenv" and (problems := dotenv_problems(merged)):
        raise ParameterError(subject, sorted(problems))
    content = f"{document(merged, form)}\n".encode()
    env = {"ATTUNE_PARAMETER_DELIVERY": way, "ATTUNE_PARAMETER_FORMAT": form}
    return Delivery(env, content) if way == "stdin" else Delivery(env, document=content)


def _by_env(parameters: Parameters, subject: str) -> Delivery:
    if problems := _env_problems(parameters.values):
        raise ParameterError(subject, sorted(problems))
    secrets = compact(parameters.secrets).encode() if parameters.secrets else b""
    return Delivery({variable(name): text(value) for name, value in parameters.values.items()}, secrets)


def variable(name: str) -> str:
    """The environment variable of a parameter."""
    return PARAMETER_PREFIX + name.upper()


def unreadable_in_shells(parameters: Parameters) -> tuple[str, ...]:
    """Parameters whose variable no shell can name, `dry-run` for one."""
    return tuple(name for name in parameters.values if not name.isascii() or not name.replace("_", "0").isalnum())


def check_size(argv: tuple[str, ...], env: Mapping[str, str], *, subject: str) -> None:
    """Refuse what the system would not take for a new process.

    Raises ParameterError, which names the largest parameter.
    """
    sizes = {name: len(os.fsencode(name)) + len(os.fsencode(value)) + 2 for name, value in env.items()}
    pointers = 8 * (len(env) + len(argv) + 2)
    total = sum(sizes.values()) + sum(len(os.fsencode(word)) + 1 for word in argv) + pointers
    told = os.sysconf("SC_ARG_MAX")
    # A page is left for what the kernel puts there itself; -1 stands for no limit.
    limit = min(told if told > 0 else _LINUX_ARG_MAX, _LINUX_ARG_MAX) - 4096
    if total <= limit:
        return
    largest = max(sizes, key=lambda name: sizes[name])
    name = largest.removeprefix(PARAMETER_PREFIX).lower() if largest.startswith(PARAMETER_PREFIX) else largest
    message = f"is the largest part of an environment of {total} bytes, and the system takes {limit}: {_ELSEWHERE}"
    raise ParameterError(subject, [Problem(name, message)])


def _env_problems(values: Mapping[str, object]) -> list[Problem]:
    """What environment variables cannot carry."""
    problems = [Problem(name, reason) for name, value in values.items() if (reason := _env_problem(name, value))]
    owners: dict[str, list[str]] = {}
    for name in values:
        owners.setdefault(variable(name), []).append(name)
    shared = {key: names for key, names in owners.items() if len(names) > 1}
    return problems + [Problem(" and ".join(names), f"are both {key}: {_ELSEWHERE}") for key, names in shared.items()]


def _env_problem(name: str, value: object) -> str | None:
    if not name or "=" in name or "\0" in name:
        return "has a name that no environment variable can have"
    written = text(value)
    if "\0" in written:
        return f"has a NUL byte, which ends an environment variable: {_ELSEWHERE}"
    size = len(variable(name).encode()) + len(written.encode()) + 2
    if size > MAX_ARG_STRLEN:
        return f"is {size} bytes long as a variable, and the system takes {MAX_ARG_STRLEN}: {_ELSEWHERE}"
    return None
