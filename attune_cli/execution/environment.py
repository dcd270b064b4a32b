"""The environment of an action: the caller's, the contract's variables, then what was asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from attune_cli.errors import UsageError

#: Identifies the run's processes: no two runs have the same value.
EXEC_ID = "ATTUNE_EXEC_ID"
API_URL, API_TOKEN = "ATTUNE_API_URL", "ATTUNE_API_TOKEN"

_PREFIX = "ATTUNE_"
#: What an action gets of the caller's own ATTUNE_ variables: where its API is, when that is known.
_PASSED_ON = frozenset((API_URL, API_TOKEN))
#: What `--clean-env` leaves: enough for programs to find each other, their user and their language.
CLEAN = frozenset(("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "SHELL", "TMPDIR", "TZ", "USER"))


def base_environment(caller: Mapping[str, str], *, clean: bool = False) -> dict[str, str]:
    """What of the caller's environment an action gets.

    Never an ATTUNE_ variable but the two of the API: others would make the action take attune's own
    settings, or an outer run's, for its own.
    """
    return {
        name: value
        for name, value in caller.items()
        if (name in _PASSED_ON if name.startswith(_PREFIX) else not clean or name in CLEAN)
    }


def contract_variables(ref: str | None, pack_ref: str | None, exec_id: int, artifacts: Path) -> dict[str, str]:
    """What the worker tells every action. A program that belongs to no pack has no refs."""
    refs = {"ATTUNE_ACTION": ref, "ATTUNE_PACK_REF": pack_ref}
    known = {name: value for name, value in refs.items() if value is not None}
    return {**known, EXEC_ID: str(exec_id), "ATTUNE_ARTIFACTS_DIR": str(artifacts)}


def new_exec_id() -> int:
    """An integer from 1 that no other run has, exact also where numbers are doubles (below 2**53)."""
    return (int.from_bytes(os.urandom(7), "big") >> 3) or 1


def assigned(pairs: Sequence[str], files: Sequence[str], caller: Mapping[str, str]) -> dict[str, str]:
    """The variables of `--env-file`s, then of `--env`s. `NAME` alone takes the caller's value.

    Raises UsageError, which never quotes a value.
    """
    found: dict[str, str] = {}
    for path in files:
        found |= _file(path, caller)
    for text in pairs:
        name, sign, value = text.partition("=")
        found[_name(name, "--env")] = _text(value, name) if sign else _inherited(name, "--env", caller)
    return found


def _file(path: str, caller: Mapping[str, str]) -> dict[str, str]:
    """An env file, read literally: `$NAME` inside a value is no reference."""
    from dotenv.parser import parse_stream

    try:
        with open(path, encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
    except OSError as error:
        raise UsageError(f"the file {path} cannot be read", where="--env-file", why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise UsageError("the file is not UTF-8 text", where=path) from error
    found: dict[str, str] = {}
    for binding in bindings:
        where = f"{path}:{binding.original.line}"
        if binding.error:
            raise UsageError("the line cannot be read", where=where, help="write NAME=value, with quotes where needed")
        if binding.key is not None:
            name = _name(binding.key, where)
            value = binding.value
            found[name] = _text(value, name) if value is not None else _inherited(name, where, caller)
    return found


def _name(name: str, where: str) -> str:
    if not name or "\0" in name:
        raise UsageError("a variable has no name", where=where, help="write NAME=value")
    if name == EXEC_ID:
        raise UsageError(f"{EXEC_ID} cannot be set", where=where, why="attune knows the run's processes by it")
    return name


def _text(value: str, name: str) -> str:
    if "\0" in value:
        raise UsageError(f"the variable {name} has a NUL byte", why="it would end there")
    return value


def _inherited(name: str, where: str, caller: Mapping[str, str]) -> str:
    if name not in caller:
        raise UsageError(f"the variable {name} is not set", where=where, help=f"write {name}=value")
    return caller[name]
