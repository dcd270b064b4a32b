"""Scripts that nothing starts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.entry_files import HOMES, extension
from attune_cli.pack.rules.references import is_sound
from attune_cli.pack.rules.texts import short
from attune_cli.pack.runner_types import SCRIPTS

_PACK: Final = "# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n"

RULE: Final = Rule(
    code="ATN080",
    name="orphan-script",
    severity=Severity.INFO,
    title="a script that no action or sensor starts",
    why=(
        "What lies in `actions/` and `sensors/` is there to be started. A script that no component names, and that no "
        "script beside it speaks of, is usually what remained of an action that was removed, or one whose YAML file "
        "is still missing. Code that several actions share is at home in `lib/`."
    ),
    good=_PACK + "# actions/greet.yaml\nref: demo.greet\nentry_point: greet.sh\n# actions/greet.sh\necho hello\n",
    bad=_PACK + "# actions/greet.sh\necho hello\n",
)

_NO_ENTRY_POINTS: Final = frozenset(("conftest.py", "setup.py"))
_KEY: Final = b"\nentry_point:"
#: More scripts, or more of one, are not looked through: this is only worth knowing.
_MOST_SCRIPTS: Final = 200
_MOST_BYTES: Final = 64 * 1024


def check_pack(tree: PackTree) -> Iterator[Diagnostic]:
    """Told at the pack, since a script is no file that is judged."""
    for kind, folder in HOMES.items():
        scripts = [name for name in _names(f"{tree.root}/{folder}") if extension(name) in SCRIPTS]
        likely = _told_nowhere([name for name in scripts if _could_be_started(name)], tree.by_kind[kind])
        named = _named(tree.by_kind[kind]) if likely and len(scripts) <= _MOST_SCRIPTS else None
        if named is None:
            continue
        contents = {name: _content(f"{tree.root}/{folder}/{name}") for name in scripts}
        for name in likely:
            if name not in named and not _is_spoken_of(name, contents):
                message = f"no {kind} starts `{folder}/{short(name)}`"
                cure = "name it in an `entry_point`, move it to `lib/`, or remove it"
                yield tree.pack.finding(RULE, None, message, cure)


def _told_nowhere(scripts: list[str], components: tuple[Component, ...]) -> list[str]:
    """Those that no line tells plainly to be an entry point: enough for nearly every pack, without its nodes."""
    told = {_plain_value(component.text) for component in components} if scripts else set()
    return [name for name in scripts if os.fsencode(name) not in told]


def _plain_value(text: bytes) -> bytes:
    """What stands behind `entry_point:` in its line."""
    begin = text.find(_KEY) + len(_KEY)
    end = text.find(b"\n", begin) if begin >= len(_KEY) else begin
    return text[begin:end].strip(b" \"'\r")


def _named(components: tuple[Component, ...]) -> set[str] | None:
    """All entry points; None when a file cannot be read, which may name any."""
    if not all(map(is_sound, components)):
        return None
    return {os.path.normpath(text) for each in components if (text := each.string("entry_point"))}


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _could_be_started(name: str) -> bool:
    """A name in front with `_` or `test_` says what the file is."""
    return not name.startswith(("_", ".", "test_")) and name not in _NO_ENTRY_POINTS


def _is_spoken_of(name: str, contents: Mapping[str, bytes]) -> bool:
    """Whether a script beside it has its name in it: to import or to call it."""
    stem = os.fsencode(name.rpartition(".")[0])
    return any(stem in content for other, content in contents.items() if other != name)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            return file.read(_MOST_BYTES)
    except OSError:
        return b""


def _open_at_once(path: str, flags: int) -> int:
    """A pipe is not waited for."""
    return os.open(path, flags | os.O_NONBLOCK)
