"""Which files a new pack consists of, as values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attune_cli.errors import AttuneError, UsageError
from attune_cli.pack.discover import shipped_packs_dir
from attune_cli.pack.scaffold.runners import RUNNERS, Runner

DEFAULT_ACTION: Final = "hello"
_SUFFIX: Final = ".in"
_WORD: Final = r"@([a-z_]+)@"
#: A pack's ref has two characters at least; the platform's database wants it so.
_PACK_REF: Final = r"[a-z][a-z0-9_-]+"
_NAME: Final = r"[a-z][a-z0-9_-]*"
_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class NewPack:
    """What is asked for.

    ref:    of the pack.  action: the name of its action.  runner: a key of RUNNERS.
    sensor: whether it gets a sensor, and a trigger for that.
    """

    ref: str
    action: str
    runner: str
    sensor: bool = False

    @staticmethod
    def of(text: str, runner: str, *, sensor: bool = False) -> NewPack:
        """From `pack` or `pack.action`. Raises UsageError for what is no such ref."""
        ref, dot, action = text.partition(".")
        action = action if dot else DEFAULT_ACTION
        if not re.fullmatch(_PACK_REF, ref) or not re.fullmatch(_NAME, action):
            raise UsageError(
                f"`{text}` can be no ref of a pack",
                why="it has two or more of a-z, 0-9, `_` and `-`, a letter first; `.name` of its action may follow",
                help=_nearest(text),
            )
        return NewPack(ref, action, runner, sensor)


@dataclass(frozen=True, slots=True)
class File:
    """path: inside the pack.  executable: whether it gets the execute bit."""

    path: str
    text: str
    executable: bool


def files(pack: NewPack) -> tuple[File, ...]:
    """The files of the pack, sorted by path. What has to be compiled is not among them."""
    runner = RUNNERS[pack.runner]
    words = _words(pack, runner)
    found = {_path(template, words): template.read_text(encoding="utf-8") for template in _templates(pack, runner)}
    made = {path: _filled(text, words) for path, text in found.items()}
    made |= {path: _of_core(path) for path in runner.borrows}
    return tuple(File(path, text, text.startswith("#!")) for path, text in sorted(made.items()))


def compiled(pack: NewPack) -> tuple[tuple[str, str], ...]:
    """(source, program) of all that a compiler has to make before the pack can run."""
    if pack.runner != "native":
        return ()
    programs = [("actions", pack.action), *([("sensors", "ticker")] if pack.sensor else [])]
    return tuple((f"native/{name}/main.c", f"{folder}/{name}") for folder, name in programs)


def _templates(pack: NewPack, runner: Runner) -> Iterator[Path]:
    of_sensors = ("sensors", "triggers", "ticker")
    for folder in ("every", *runner.folders):
        for template in (_TEMPLATES / folder).rglob(f"*{_SUFFIX}"):
            if pack.sensor or template.parent.name not in of_sensors:
                yield template


def _path(template: Path, words: Mapping[str, str]) -> str:
    inside = template.relative_to(_TEMPLATES).parts[1:]
    return _filled("/".join(inside).removesuffix(_SUFFIX), words)


def _words(pack: NewPack, runner: Runner) -> dict[str, str]:
    own = {
        "pack": pack.ref,
        "action": pack.action,
        "label": _label(pack.ref),
        "action_label": _label(pack.action),
        "runner": pack.runner,
    }
    programs = [program for _, program in compiled(pack)]
    rule = "\nsensors/ticker: native/ticker/main.c\n\t$(CC) $(CFLAGS) -o $@ $<\n" if pack.sensor else ""
    own |= {"targets": " ".join(programs), "sensor_rule": rule}
    entries = {"entry": runner.entry, "sensor_entry": runner.sensor_entry}
    return own | {name: _filled(text, own) for name, text in (runner.words | entries).items()}


def _filled(text: str, words: Mapping[str, str]) -> str:
    """With the words in their places; what is no word stays, as `$@` in a Makefile does."""
    return re.sub(_WORD, lambda match: words.get(match[1], match[0]), text)


def _label(name: str) -> str:
    """`http_probe` → `Http Probe`."""
    return " ".join(part.capitalize() for part in re.split("[_-]+", name) if part)


def _of_core(path: str) -> str:
    folder = shipped_packs_dir()
    if folder is None:
        raise AttuneError("the core pack, of which a part is needed, is not there", help="install attune anew")
    return (folder / "core" / path).read_text(encoding="utf-8")


def _nearest(text: str) -> str | None:
    near = re.sub(r"[^a-z0-9_-]+", "_", text.strip().lower()).strip("_-").lstrip("0123456789_-")
    return f"what about `{near}`?" if re.fullmatch(_PACK_REF, near) else None
