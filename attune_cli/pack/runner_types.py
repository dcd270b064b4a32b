"""How actions and sensors ask for a runtime: by a runner type, else by their file's extension.

Upper and lower case mean the same in both.
"""

from __future__ import annotations

from pathlib import Path

from attune_cli.errors import UsageError

#: Runtime → its aliases, in the order in which runtimes are tried where none is named.
ALIASES: dict[str, frozenset[str]] = {
    "native": frozenset({"native", "builtin", "standalone"}),
    "python": frozenset({"python", "python3"}),
    "shell": frozenset({"shell", "bash", "sh"}),
    "node": frozenset({"node", "nodejs", "node.js"}),
}

_BY_ALIAS = {alias: name for name, aliases in ALIASES.items() for alias in aliases}

#: Runtime → the extensions of its scripts. A file without a script's extension is a native binary.
EXTENSIONS: dict[str, frozenset[str]] = {
    "python": frozenset({"py"}),
    "shell": frozenset({"sh", "bash"}),
    "node": frozenset({"js", "mjs", "cjs"}),
}

#: Extensions that make a file a script; the platform's list, and Node's for modules.
SCRIPTS = frozenset({"rb", "pl", "php", "lua"}).union(*EXTENSIONS.values())

#: Runtimes of the platform's core pack that no worker started from attune has.
PLATFORM_ONLY = frozenset({"go", "golang", "java", "jdk", "openjdk", "perl", "perl5", "r", "rscript", "ruby", "rb"})


def runtime_name(runner_type: str) -> str | None:
    """The runtime that a runner type means (`Node.js` → node); None when there is none."""
    return _BY_ALIAS.get(runner_type.lower())


def known_runtime(runner_type: str) -> str:
    """Like `runtime_name`; raises UsageError with the known types, the nearest first."""
    name = runtime_name(runner_type)
    if name is None:
        raise _unknown(runner_type)
    return name


def extension(path: Path) -> str:
    """The extension in lower case, without its dot; empty when there is none."""
    return path.suffix[1:].lower()


def _unknown(runner_type: str) -> UsageError:
    what = f"unknown runner type {runner_type!r}"
    if runner_type.lower() in PLATFORM_ONLY:
        return UsageError(
            f"attune does not start {runner_type!r} entry points",
            why=f"its runtimes are {', '.join(ALIASES)}",
            help="a script with a shebang and the execute bit can be started with the runtime native",
        )
    return UsageError(what, help=f"known types, nearest first: {', '.join(nearest_first(runner_type))}")


def nearest_first(wanted: str) -> list[str]:
    """All aliases, those most like the wanted one first."""
    from difflib import SequenceMatcher

    wanted = wanted.lower()
    known = [alias for name, aliases in ALIASES.items() for alias in [name, *sorted(aliases - {name})]]
    return sorted(known, key=lambda alias: -SequenceMatcher(None, wanted, alias).ratio())
