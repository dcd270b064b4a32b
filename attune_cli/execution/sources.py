"""Where parameters and secrets come from: files, JSON on the command line, `name=value` pairs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from attune_cli.errors import UsageError
from attune_cli.execution.strict_json import loads


def _standard_input() -> bytes:
    return sys.stdin.buffer.read()


class Sources(NamedTuple):
    """What a person gave, as it was typed. Later ones win: files, then JSON, then pairs.

    files:        `--params`: paths of YAML or JSON files; `-` is standard input.
    documents:    `--params-json`: JSON objects.
    pairs:        `-p`: `name=value`, `name:=json`, `name=@file`, `name:=@file`; `@@x` is the text `@x`.
    secrets:      `--secret`: `NAME=@file`, `NAME=env:VARIABLE`.
    secret_files: `--secrets`: paths of YAML or JSON files.
    asked:        NAME → text typed at a hidden prompt.
    environ:      where `env:` looks.
    stdin:        reads standard input to its end.
    """

    files: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    secret_files: tuple[str, ...] = ()
    asked: Mapping[str, str] = MappingProxyType({})
    environ: Mapping[str, str] = os.environ
    stdin: Callable[[], bytes] = _standard_input

    def __repr__(self) -> str:
        return f"Sources(files={self.files}, secret_files={self.secret_files}, …)"


class Given(NamedTuple):
    """One value and where it is from.

    is_text: it was typed and takes its type from the schema.
    exposed: it stood on the command line, where the process list and the shell's history show it.
    """

    value: object
    origin: str
    is_text: bool = False
    exposed: bool = False

    def __repr__(self) -> str:
        return f"Given(… from {self.origin})"


def given_parameters(sources: Sources) -> dict[str, Given]:
    """Every value that is no secret, by name. Raises UsageError, which never quotes a value."""
    found: dict[str, Given] = {}
    for path in sources.files:
        found |= _file(path, sources)
    for text in sources.documents:
        found |= _document(text)
    return found | dict(_pair(text) for text in sources.pairs)


def given_secrets(sources: Sources) -> dict[str, Given]:
    """Every secret, by name. Raises UsageError, which never quotes a value."""
    found: dict[str, Given] = {}
    for path in sources.secret_files:
        found |= _file(path, sources)
    found |= dict(_secret(text, sources.environ) for text in sources.secrets)
    return found | {name: Given(text, "the prompt", is_text=True) for name, text in sources.asked.items()}


def _document(text: str) -> dict[str, Given]:
    try:
        data = loads(text, unique=True)
    except ValueError as error:
        raise UsageError("the JSON cannot be read", where="--params-json", why=str(error)) from None
    if not isinstance(data, dict):
        raise UsageError("the JSON is not an object", where="--params-json", help="""write '{"name": "value"}'""")
    return {name: Given(value, "--params-json", exposed=True) for name, value in data.items()}


def _pair(text: str) -> tuple[str, Given]:
    name, sign, value = text.partition("=")
    is_json = name.endswith(":")
    name = name.removesuffix(":")
    if not sign or not name:
        shown = f"`{name}` has" if name and not sign else "a pair has"
        what = f"{shown} no value" if not sign else f"{shown} no name"
        raise UsageError(what, where="-p", help="write -p name=value, -p name:=json or -p name=@file")
    exposed = True
    if value.startswith("@@") and not is_json:
        value = value[1:]
    elif value.startswith("@"):
        value, exposed = _content(value[1:], f"-p {name}"), False
    if not is_json:
        return name, Given(value, "-p", is_text=True, exposed=exposed)
    try:
        return name, Given(loads(value, unique=True), "-p", exposed=exposed)
    except ValueError as error:
        what, cure = f"the value of `{name}` is no JSON", f"-p {name}=… takes text as it is"
        raise UsageError(what, where="-p", why=str(error), help=cure) from None


def _secret(text: str, environ: Mapping[str, str]) -> tuple[str, Given]:
    name, sign, source = text.partition("=")
    where = f"--secret {name}"
    if source.startswith("@"):
        # Editors and `echo` end a file with a line end that is no part of a password.
        value = _content(source[1:], where).removesuffix("\n").removesuffix("\r")
    elif source.startswith("env:"):
        variable = source.removeprefix("env:")
        if variable not in environ:
            raise UsageError(f"the variable {variable} is not set", where=where)
        value = environ[variable]
    else:
        cure = (
            f"--secret {name or 'NAME'} asks for it; or --secret NAME=@file, --secret NAME=env:VARIABLE, --secrets FILE"
        )
        what = (
            "a secret is never given as a plain value on the command line"
            if sign
            else f"the secret {name} has no value"
        )
        raise UsageError(what, where="--secret", help=cure)
    if not name:
        raise UsageError("a secret has no name", where="--secret", help="write --secret NAME=@file")
    return name, Given(value, where, is_text=True)


def _file(path: str, sources: Sources) -> dict[str, Given]:
    """Parameters from a YAML or JSON file."""
    shown = "standard input" if path == "-" else path
    data = _data(sources.stdin() if path == "-" else _bytes(path, shown), shown)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise UsageError("the file does not hold a mapping of names to values", where=shown)
    return {str(name): Given(value, shown) for name, value in data.items()}


def _data(content: bytes, shown: str) -> object:
    if content.lstrip()[:1] == b"{" or shown.endswith(".json"):
        try:
            return loads(content.decode(), unique=True)
        except ValueError as error:
            if shown.endswith(".json"):
                raise UsageError("the file is no JSON", where=shown, why=_reason(error)) from None
            # YAML's own way of writing `{…}`, perhaps. If not, that reader says where.
    from attune_cli.diagnostics import Severity
    from attune_cli.yaml12 import parse, to_data

    document = parse(content, shown)
    errors = sorted(finding for finding in document.diagnostics if finding.severity >= Severity.ERROR)
    if errors:
        raise UsageError(errors[0].message, where=errors[0].where, help=errors[0].help)
    return to_data(document.root)


def _reason(error: ValueError) -> str:
    return "it is not UTF-8 text" if isinstance(error, UnicodeError) else str(error)


def _content(path: str, where: str) -> str:
    try:
        return _bytes(path, where).decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", where=where) from error


def _bytes(path: str, where: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"the file {path} cannot be read", where=where, why=error.strerror) from error
