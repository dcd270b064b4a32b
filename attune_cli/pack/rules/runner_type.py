"""The runner type is one the platform knows, and the one that the entry point needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.entry_files import DEFAULT_RUNNER_TYPES, entry_file, extension
from attune_cli.pack.rules.nearest import Nearest
from attune_cli.pack.rules.texts import short
from attune_cli.pack.runner_types import ALIASES, EXTENSIONS, PLATFORM_ONLY, SCRIPTS, nearest_first, runtime_name
from attune_cli.yaml12 import Scalar, Sequence

UNKNOWN: Final = Rule(
    code="ATN037",
    name="unknown-runner-type",
    severity=Severity.ERROR,
    title="a runner type that no runtime has",
    why=(
        "The runner type is the name by which an action or sensor asks for a runtime. For a name that no runtime "
        "has the platform finds none, and the component cannot be started. The case of the letters does not matter. "
        "A pack can bring a runtime of its own in `runtimes/`."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nrunner_type: python\nentry_point: greet.py\n",
    bad="# actions/greet.yaml\nref: demo.greet\nrunner_type: pyhton\nentry_point: greet.py\n",
)
MISMATCH: Final = Rule(
    code="ATN038",
    name="runner-type-mismatch",
    severity=Severity.WARNING,
    title="a runner type that does not suit the entry point",
    why=(
        "The runner type alone decides what starts the entry point; the extension of the file and its first line are "
        "not looked at. A Python script given to bash fails at its first import. An action without a runner type "
        "gets `shell`, a sensor without one `native`."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nrunner_type: python\nentry_point: greet.py\n",
    bad="# actions/greet.yaml\nref: demo.greet\nrunner_type: shell\nentry_point: greet.py\n",
)
RULES: Final = (UNKNOWN, MISMATCH)
KINDS: Final = ("action", "sensor")

_LANGUAGES: Final = {ending: runtime for runtime, endings in EXTENSIONS.items() for ending in endings}
_LONGEST: Final = 100
_CORE_RUNTIMES: Final = PLATFORM_ONLY | {name for names in ALIASES.values() for name in names}


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """The runner type by itself, then together with the entry point."""
    written = component.string("runner_type")
    if written is not None and runtime_name(written) is None:
        if not _is_known(tree, written):
            yield component.finding(UNKNOWN, component.get("runner_type"), _message(written), _nearest(tree, written))
        return
    entry = entry_file(tree, component)
    if entry is None or entry.runtime is None:
        return
    ending = extension(entry.text)
    # Native scripts are started through their first line, whatever they are called; where that is meant, it is said.
    suits = written is not None if entry.runtime == "native" else _LANGUAGES.get(ending) == entry.runtime
    if ending in SCRIPTS and not suits:
        yield _mismatch(component, written, ending, entry.text)


def _mismatch(component: Component, written: str | None, ending: str, text: str) -> Diagnostic:
    default = DEFAULT_RUNNER_TYPES[component.kind]
    asked = f"the runner type is `{written}`" if written else f"there is no `runner_type`, which means `{default}`"
    message = f"{asked}, and the entry point `{short(text)}` is a .{ending} file"
    wanted = _LANGUAGES.get(ending)
    cure = f"write `runner_type: {wanted}`" if wanted else "ask for a runtime that can start it"
    return component.finding(MISMATCH, component.get("runner_type") or component.get("entry_point"), message, cure)


def _message(written: str) -> str:
    return f"`{short(written)}` is no runner type: there are {', '.join(ALIASES)}, and their other names"


def _nearest(tree: PackTree, written: str) -> str:
    """A name of the pack's own runtimes only where it is really near: the platform's are meant more often."""
    name = written.lower().removeprefix("core.")
    near = Nearest(lambda: _own_names(tree), 0.8)(name) or nearest_first(name[:_LONGEST])[0]
    return f"did you mean `{near}`?"


def _is_known(tree: PackTree, written: str) -> bool:
    """Whether the platform may know it: from its core pack, from this one, or from a pack this one needs."""
    name = written.lower()
    pack, dot, rest = name.partition(".")
    if dot and pack not in {tree.ref, "core"}:
        return True
    known = name in _CORE_RUNTIMES or (pack == "core" and rest in _CORE_RUNTIMES)
    return known or name in _own_names(tree) or _needs_others(tree)


def _own_names(tree: PackTree) -> set[str]:
    """All names of the runtimes that the pack brings."""
    names: set[str] = set()
    for runtime in tree.by_kind["runtime"]:
        names.update(name.lower() for name in (runtime.ref, runtime.string("name")) if name)
        aliases = runtime.get("aliases")
        if isinstance(aliases, Sequence):
            names.update(str(item.value).lower() for item in aliases.items if isinstance(item, Scalar))
    return names


def _needs_others(tree: PackTree) -> bool:
    needed = tree.pack.get("dependencies")
    return isinstance(needed, Sequence) and bool(needed.items)
