"""The runtimes that a pack says it needs, and those that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.entry_files import HOMES, entry_file
from attune_cli.pack.rules.nearest import Nearest
from attune_cli.pack.rules.texts import short, text_of
from attune_cli.pack.runner_types import ALIASES, PLATFORM_ONLY, runtime_name
from attune_cli.yaml12 import Node, Sequence

_PACK: Final = "# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n"
_ACTION: Final = "# actions/greet.yaml\nref: demo.greet\nrunner_type: python\nentry_point: greet.py\n"

MISSING: Final = Rule(
    code="ATN076",
    name="runtime-deps",
    severity=Severity.WARNING,
    title="a runtime that is used and not among `runtime_deps`",
    why=(
        "`runtime_deps` tells where a pack can be installed. A runtime that its actions or sensors need and that is "
        "not listed is missed only when the first of them is started. Native and shell are everywhere and need not be "
        "listed."
    ),
    good=_PACK + "runtime_deps: [python]\n" + _ACTION,
    bad=_PACK + "runtime_deps: [nodejs]\n" + _ACTION,
)
UNKNOWN: Final = Rule(
    code="ATN077",
    name="unknown-runtime-dep",
    severity=Severity.WARNING,
    title="nearly the name of a runtime in `runtime_deps`",
    why=(
        "`runtime_deps` names runtimes, by any of the names that a runner type may have. This is nearly one of them: a "
        "worker that has it is not found under another name."
    ),
    good=_PACK + "runtime_deps: [python3]\n",
    bad=_PACK + "runtime_deps: [pyhton3]\n",
)
RULES: Final = (MISSING, UNKNOWN)

#: Runtimes that have to be installed; native and shell are everywhere.
_LANGUAGES: Final = ("python", "node")
_VERSION: Final = re.compile(r"\s*[<>=~^!@ ].*|(?<=[a-z])[0-9.]+$")
_KNOWN: Final = sorted(PLATFORM_ONLY | {name for names in ALIASES.values() for name in names})


def check_pack(tree: PackTree) -> Iterator[Diagnostic]:
    """Nothing where the key is missing: then nothing is said about where the pack can be installed."""
    listed = tree.pack.get("runtime_deps")
    if not isinstance(listed, Sequence):
        return
    names = {text: item for item in listed.items if (text := text_of(item))}
    yield from _check_names(tree, names)
    told = {runtime_name(name) for text in names for name in (text, _VERSION.sub("", text))}
    for runtime in _LANGUAGES:
        user = _user(tree, runtime) if runtime not in told else None
        if user is not None:
            message = f"the runtime {runtime} is not listed, and {short(user.ref or user.shown)} needs it"
            yield tree.pack.finding(MISSING, listed, message, f"add `{runtime}`")


def _user(tree: PackTree, runtime: str) -> Component | None:
    """The first action or sensor that asks for the runtime; every name of these runtimes has the runtime's in it."""
    hint = runtime.encode()
    for component in (each for kind in HOMES for each in tree.by_kind[kind] if hint in each.text.lower()):
        entry = entry_file(tree, component)
        if entry is not None and entry.runtime == runtime:
            return component
    return None


def _check_names(tree: PackTree, names: dict[str, Node]) -> Iterator[Diagnostic]:
    own = {name.lower() for each in tree.by_kind["runtime"] for name in (each.ref, each.string("name")) if name}
    nearest = Nearest(lambda: _KNOWN, 0.75)
    for text, item in names.items():
        name = _VERSION.sub("", text.lower())
        if name in _KNOWN or text.lower() in _KNOWN or name in own:
            continue
        if near := nearest(name):
            message = f"`{short(text)}` is not known as a runtime"
            yield tree.pack.finding(UNKNOWN, item, message, f"did you mean `{near}`?")
