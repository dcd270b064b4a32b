"""Where keys come from: `--keys FILE`, `--key ref=…`, and the state that a run before this one left.

No message here ever quotes a value.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from attune_cli.errors import UsageError
from attune_cli.execution.strict_json import compact, loads
from attune_cli.sensor.keys import OWNER_TYPES, Key

_FIELDS: Final[Mapping[str, str]] = {each.name: str(each.type) for each in fields(Key) if each.name != "given"}
#: What the API writes in a key's record besides, and nobody has to give.
_LEFT_OUT: Final = frozenset(("id", "created", "updated", "local_ref"))


def given_keys(files: Sequence[str], pairs: Sequence[str], environ: Mapping[str, str]) -> Iterator[Key]:
    """The keys of the files, then those of the pairs; of two with one ref the later one counts.

    files: YAML or JSON; a mapping of refs to values, or a list of records.
    pairs: `ref=@file`, `ref:=@file` (JSON), `ref=env:VARIABLE`, `ref:=env:VARIABLE` (JSON).
    Raises UsageError.
    """
    now = time.time()
    for path in files:
        yield from _of_file(path, now)
    for text in pairs:
        yield _of_pair(text, environ, now)


def _of_file(path: str, now: float) -> Iterator[Key]:
    data = _read(path)
    if isinstance(data, dict):
        for ref, value in data.items():
            yield _key({"ref": str(ref), "value": value}, path, now)
    elif isinstance(data, list):
        for number, record in enumerate(data, 1):
            yield _key(record, f"{path}, record {number}", now)
    elif data is not None:
        raise UsageError("the file holds no keys", where=path, help="write a mapping, `ref: value`")


def _key(record: object, where: str, now: float) -> Key:
    """A key of a record as the API writes it; all but `ref` and `value` may be missing."""
    if not isinstance(record, dict) or not isinstance(record.get("ref"), str) or not record["ref"]:
        raise UsageError("a record has no `ref`", where=where, help="write `- {ref: …, value: …}`")
    ref = record["ref"]
    if "value" not in record:
        raise UsageError(f"the record of `{ref}` has no `value`", where=where)
    unknown = sorted(str(name) for name in record.keys() - _FIELDS.keys() - _LEFT_OUT)
    if unknown:
        raise UsageError(f"a key has no `{unknown[0]}`", where=where, help=f"it has: {', '.join(_FIELDS)}")
    given = {name: value for name, value in record.items() if name not in _LEFT_OUT}
    if misfit := misfitting(given):
        raise UsageError(f"the record of `{ref}` is wrong: {misfit}", where=where)
    try:
        compact(record["value"])
    except ValueError:
        # YAML has numbers that JSON has not.
        raise UsageError(f"the value of `{ref}` is no JSON", where=where) from None
    return Key(**{"name": ref, "created": now, "updated": now, **given})


def misfitting(record: Mapping[str, Any]) -> str | None:
    """What is wrong with the types in a record of a key; None: nothing. Values are not looked at."""
    for name, value in record.items():
        wanted = _FIELDS.get(name, "object")
        if (value is None and "None" in wanted) or wanted == "object":
            continue
        if wanted.startswith("bool") and not isinstance(value, bool):
            return f"`{name}` must be true or false"
        if wanted.startswith("str") and not isinstance(value, str):
            return f"`{name}` must be a string"
        if wanted.startswith("int") and (not isinstance(value, int) or isinstance(value, bool)):
            return f"`{name}` must be an integer"
    if record.get("owner_type", OWNER_TYPES[0]) not in OWNER_TYPES:
        return f"`owner_type` must be one of {', '.join(OWNER_TYPES)}"
    return None


def _of_pair(text: str, environ: Mapping[str, str], now: float) -> Key:
    ref, sign, source = text.partition("=")
    is_json = ref.endswith(":")
    ref = ref.removesuffix(":")
    where = f"--key {ref}"
    if not ref or not sign:
        raise UsageError("a key has no ref" if sign else "a key has no value", where="--key", help=_WAYS)
    value: object = _text_of(source, where, environ)
    if is_json:
        try:
            value = loads(str(value), unique=True)
        except ValueError as error:
            raise UsageError(f"the value of `{ref}` is no JSON", where=where, why=str(error)) from None
    return Key(ref=ref, value=value, name=ref, created=now, updated=now)


_WAYS: Final = "write --key REF=@FILE or --key REF=env:VARIABLE, with := for JSON; or --keys FILE"


def _text_of(source: str, where: str, environ: Mapping[str, str]) -> str:
    if source.startswith("@"):
        try:
            # Editors and `echo` end a file with a line end that is no part of a password.
            return _bytes(source[1:], where).decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise UsageError(f"{source[1:]} is not UTF-8 text", where=where) from error
    if source.startswith("env:"):
        variable = source.removeprefix("env:")
        if variable not in environ:
            raise UsageError(f"the variable {variable} is not set", where=where)
        return environ[variable]
    raise UsageError("a key is never given as a plain value on the command line", where="--key", help=_WAYS)


def _read(path: str) -> object:
    content = _bytes(path, "--keys")
    if path.endswith(".json"):
        try:
            return loads(content.decode(), unique=True)
        except UnicodeDecodeError:
            raise UsageError("the file is not UTF-8 text", where=path) from None
        except ValueError as error:
            raise UsageError("the file is no JSON", where=path, why=str(error)) from None
    from attune_cli.diagnostics import Severity
    from attune_cli.yaml12 import parse, to_data

    document = parse(content, path)
    errors = sorted(finding for finding in document.diagnostics if finding.severity >= Severity.ERROR)
    if errors:
        raise UsageError(errors[0].message, where=errors[0].where, help=errors[0].help)
    return to_data(document.root)


def _bytes(path: str, where: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"the file {path} cannot be read", where=where, why=error.strerror) from error
