"""What TAB offers for the values of options and arguments. Nothing else imports this.

Each takes what is known of the command line so far and how the value begins, and gives whole values
with what they mean; the caller drops those that begin otherwise.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from typer import Context

from attune_cli.cli.options import Offer
from attune_cli.errors import AttuneError
from attune_cli.execution.subject import Subject, find_subject
from attune_cli.pack.discover import list_actions, packs_dirs
from attune_cli.pack.fields import read_fields
from attune_cli.pack.parameter_schema import NO_PARAMETERS, ParameterSchema, types
from attune_cli.pack.refs import split_ref
from attune_cli.settings import load_settings

#: With more refs than these, their files are not read for descriptions: that would be felt.
_DESCRIBED = 200


def refs(ctx: Context, incomplete: str) -> list[Offer]:
    """The actions in reach, with their descriptions."""
    found = {
        ref: path
        for ref, path in list_actions(packs_dirs(_folders(ctx))).items()
        if ref.startswith(incomplete) and split_ref(ref)
    }
    return [(ref, _about(path) if len(found) <= _DESCRIBED else "") for ref, path in found.items()]


def parameters(ctx: Context, incomplete: str) -> list[Offer]:
    """For `-p`: the action's parameters as `name=`, then values as `name=value`. Secret ones are left to `--secret`."""
    name, sign, value = incomplete.partition("=")
    subject = _subject(ctx)
    schema = _schema(subject)
    if sign:
        bare = name.removesuffix(":")
        # Nothing of a secret is shown, not even its default.
        spec = {} if bare in schema.secrets else schema.properties.get(bare, {})
        found = _values(spec, value, is_json=name != bare, base=_base(ctx, subject))
        return [(f"{name}={each}", text) for each, text in found]
    if name.endswith(":"):
        return [(f"{name}=", "a JSON value")]
    given = _names(ctx.params.get("param"))
    return [(f"{each}=", _meaning(each, schema)) for each in schema.properties if each not in given | schema.secrets]


def secrets(ctx: Context, incomplete: str) -> list[Offer]:
    """For `--secret`: the action's secret parameters, then where their values are from."""
    name, sign, source = incomplete.partition("=")
    if not sign:
        schema = _schema(_subject(ctx))
        left = sorted(schema.secrets - _names(ctx.params.get("secret")))
        return [(each, f"{_meaning(each, schema)}; asked for, hidden") for each in left]
    if source.startswith("@"):
        return [(f"{name}=@{path}", "") for path, _ in paths(source[1:])]
    if source.startswith("env:"):
        return [(f"{name}=env:{variable}", "") for variable in sorted(os.environ)]
    return [(f"{name}=@", "from a file"), (f"{name}=env:", "from a variable")]


def variables(_: Context, incomplete: str) -> list[Offer]:
    """For `--env`: the names of the variables there are."""
    return [] if "=" in incomplete else [(name, "") for name in sorted(os.environ)]


def paths(typed: str, base: Path | None = None, *, folders_only: bool = False) -> list[Offer]:
    """Files and folders, these with a slash behind them. base: where relative ones are; hidden ones
    only where the dot has been typed."""
    folder, slash, start = typed.rpartition("/")
    place = (base or Path()) / (folder + slash)
    return [
        (f"{folder}{slash}{entry.name}{'/' * entry.is_dir()}", "")
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name)
        if entry.name.startswith(start)
        and (start or not entry.name.startswith("."))
        and (entry.is_dir() or not folders_only)
    ]


def _values(spec: Mapping[str, object], value: str, *, is_json: bool, base: Path) -> list[Offer]:
    """Values of one parameter: from a file, those the schema names, or, as soon as a slash shows it, a path."""
    if value.startswith("@") and not value.startswith("@@"):
        return [(f"@{path}", "") for path, _ in paths(value[1:])]
    named = [(_text(each, is_json=is_json), text) for each, text in _named(spec)]
    return named or (paths(value, base) if "/" in value else [])


def _named(spec: Mapping[str, object]) -> Iterator[tuple[object, str]]:
    """The values that a schema names, and how."""
    options = spec.get("enum")
    if isinstance(options, list):
        yield from ((each, "the default" if each == spec.get("default") else "") for each in options)
    elif "boolean" in types(spec):
        yield from ((each, "the default" if spec.get("default") is each else "") for each in (True, False))
    elif spec.get("default") is not None:
        yield spec["default"], "the default"


def _text(value: object, *, is_json: bool) -> str:
    """A value as `-p` takes it. A text that begins with @ would be taken for a file."""
    if is_json or not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"@{value}" if value.startswith("@") else value


def _meaning(name: str, schema: ParameterSchema) -> str:
    spec = schema.properties[name]
    kind = " or ".join(types(spec)) or "any"
    needed = ", required" if name in schema.required - schema.defaults().keys() else ""
    return f"{kind}{needed}: {spec['description']}" if spec.get("description") else f"{kind}{needed}"


def _about(path: Path) -> str:
    """What an action says of itself; nothing where it cannot be read."""
    try:
        fields = read_fields(path)
        return fields.words("description") or fields.words("label") or ""
    except AttuneError:
        return ""


def _names(given: object) -> frozenset[str]:
    """The names in `name=value` words."""
    words = given if isinstance(given, list | tuple) else ()
    return frozenset(str(word).partition("=")[0].removesuffix(":") for word in words)


def _subject(ctx: Context) -> Subject | None:
    """What is to be run; None where it is not there or cannot be read."""
    text = ctx.params.get("subject")
    try:
        return find_subject(text, _folders(ctx)) if text else None
    except AttuneError:
        return None


def _schema(subject: Subject | None) -> ParameterSchema:
    return subject.action.parameters if subject and subject.action else NO_PARAMETERS


def _base(ctx: Context, subject: Subject | None) -> Path:
    """The folder in which it will run."""
    return Path(ctx.params.get("cwd") or (subject and subject.pack_root) or ".")


def _folders(ctx: Context) -> tuple[Path, ...]:
    return load_settings({"packs_dir": ctx.params.get("packs_dir") or None}).packs_dirs
