"""Where packs are looked for, and which file a ref stands for.

A place to look in is a folder of packs, or a pack itself. The first place that has the action wins.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from attune_cli.errors import NotFoundError
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.load import ACTIONS, absolute
from attune_cli.pack.refs import PACK_FILE, enclosing_pack, read_ref, split_ref

#: Folders of packs, separated as in PATH.
PACKS_DIR_VARIABLE = "ATTUNE_PACKS_DIR"


def shipped_packs_dir() -> Path | None:
    """The folder of the packs that come with attune: inside the package when it is installed from a
    wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_packs", package.parent / "packs"):
        if (folder / "core" / PACK_FILE).is_file():
            return folder
    return None


def packs_dirs(
    explicit: Sequence[Path] = (), cwd: Path | None = None, environ: Mapping[str, str] | None = None
) -> tuple[Path, ...]:
    """All places to look in, in order: `explicit`, ATTUNE_PACKS_DIR, ./packs, the pack around the
    current folder, the shipped ones. They need not exist. Absolute, each once."""
    here = absolute(cwd or Path())
    variable = (os.environ if environ is None else environ).get(PACKS_DIR_VARIABLE, "")
    named = (*explicit, *map(Path, filter(None, variable.split(os.pathsep))), Path("packs"))
    found = (enclosing_pack(here), shipped_packs_dir())
    places = [*(here / folder for folder in named), *(folder for folder in found if folder is not None)]
    return tuple(dict.fromkeys(map(absolute, places)))


def find_action(ref: str, packs_dirs: Sequence[Path]) -> Path:
    """The YAML file of an action. Raises NotFoundError, which says where it looked and what is near."""
    if parts := split_ref(ref):
        for place in packs_dirs:
            for root in _named_packs(place, parts[0]):
                if path := _action_in(root, ref, parts[1]):
                    return path
    raise NotFoundError(f"there is no action `{ref}`", why=_looked_in(packs_dirs), help=_suggestion(ref, packs_dirs))


def list_actions(packs_dirs: Sequence[Path]) -> dict[str, Path]:
    """Every action in reach, ref → YAML file, in order of the places; the first of a name wins."""
    found: dict[str, Path] = {}
    for root in list_packs(packs_dirs):
        for path in _action_files(root):
            if ref := read_ref(path):
                found.setdefault(ref, path)
    return found


def list_packs(packs_dirs: Sequence[Path]) -> tuple[Path, ...]:
    """The folders of all packs in reach, in order of the places."""
    return tuple(dict.fromkeys(root for place in packs_dirs for root in _packs(place)))


def _packs(place: Path) -> Iterator[Path]:
    if (place / PACK_FILE).is_file():
        yield place
        return
    try:
        names = sorted(os.listdir(place))
    except OSError:
        return
    yield from (place / name for name in names if (place / name / PACK_FILE).is_file())


def _named_packs(place: Path, pack_ref: str) -> Iterator[Path]:
    """Packs with this ref; the folder of that name first, since it is nearly always the one."""
    likely = place / pack_ref
    if not (place / PACK_FILE).is_file() and _is_pack(likely, pack_ref):
        yield likely
    for root in _packs(place):
        if root != likely and _is_pack(root, pack_ref):
            yield root


def _is_pack(root: Path, pack_ref: str) -> bool:
    path = root / PACK_FILE
    return path.is_file() and read_ref(path) == pack_ref


def _action_in(root: Path, ref: str, name: str) -> Path | None:
    """The file of that name if it holds that ref, else whichever does."""
    likely = [root / ACTIONS / f"{name}{suffix}" for suffix in YAML_SUFFIXES]
    for path in (*likely, *_action_files(root)):
        if path.is_file() and read_ref(path) == ref:
            return path
    return None


def _action_files(root: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(root / ACTIONS))
    except OSError:
        return
    paths = (root / ACTIONS / name for name in names if name.endswith(YAML_SUFFIXES))
    # A named pipe of that name would be waited for when it is read.
    yield from (path for path in paths if path.is_file())


def _looked_in(places: Iterable[Path]) -> str:
    names = [str(place) if place.is_dir() else f"{place} (does not exist)" for place in places]
    return "looked in " + ", ".join(names) if names else "there is no folder of packs to look in"


def _suggestion(ref: str, places: Sequence[Path]) -> str:
    """What may have been meant: refs that look alike, or the rest of the pack."""
    from difflib import get_close_matches

    known = list_actions(places)
    near = get_close_matches(ref, known, n=3)
    # Only the name was given, without its pack.
    near += [other for other in known if other.partition(".")[2] == ref and other not in near]
    if near:
        return f"did you mean {' or '.join(near)}?"
    pack = ref.partition(".")[0]
    siblings = [other for other in known if other.startswith(f"{pack}.")]
    if siblings:
        return f"the pack {pack} has: {', '.join(siblings[:8])}{', …' if len(siblings) > 8 else ''}"
    return f"point --packs-dir or {PACKS_DIR_VARIABLE} at the folder that holds the pack, or give the path of a file"
