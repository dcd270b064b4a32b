"""Which file a sensor's or a trigger's ref stands for, and what there is of a kind in a pack."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attune_cli.errors import NotFoundError
from attune_cli.pack.discover import PACKS_DIR_VARIABLE, list_packs
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.load_sensor import SENSORS
from attune_cli.pack.refs import read_ref, split_ref


def files(root: Path, folder: str) -> Iterator[Path]:
    """The YAML files in a folder of a pack, by name."""
    try:
        names = sorted(os.listdir(root / folder))
    except OSError:
        return
    paths = (root / folder / name for name in names if name.endswith(YAML_SUFFIXES))
    # A named pipe of that name would be waited for when it is read.
    yield from (path for path in paths if path.is_file())


def find_sensor(ref: str, places: Sequence[Path]) -> Path:
    """The YAML file of a sensor. places: folders of packs, or packs; the first that has it wins.

    Raises NotFoundError, which says where it looked and what is near.
    """
    if split_ref(ref):
        for root in list_packs(places):
            if path := next((path for path in _likely(root, ref) if read_ref(path) == ref), None):
                return path
    looked = ", ".join(str(place) if place.is_dir() else f"{place} (does not exist)" for place in places)
    raise NotFoundError(f"there is no sensor `{ref}`", why=f"looked in {looked}", help=_suggestion(ref, places))


def list_sensors(places: Sequence[Path]) -> dict[str, Path]:
    """Every sensor in reach, ref → YAML file, in order of the places; the first of a name wins."""
    found: dict[str, Path] = {}
    for root in list_packs(places):
        for path in files(root, SENSORS):
            if ref := read_ref(path):
                found.setdefault(ref, path)
    return found


def _likely(root: Path, ref: str) -> Iterator[Path]:
    """The file of that name first, since it is nearly always the one."""
    name = ref.partition(".")[2]
    paths = tuple(files(root, SENSORS))
    yield from sorted(paths, key=lambda path: path.stem != name)


def _suggestion(ref: str, places: Sequence[Path]) -> str:
    """What may have been meant."""
    from difflib import get_close_matches

    known = list_sensors(places)
    near = get_close_matches(ref, known, n=3)
    near += [other for other in known if other.partition(".")[2] == ref and other not in near]
    if near:
        return f"did you mean {' or '.join(near)}?"
    if known:
        return f"the sensors in reach: {_listed(known)}"
    return f"point --packs-dir or {PACKS_DIR_VARIABLE} at the folder that holds the pack, or give the path of a file"


def _listed(refs: Iterable[str]) -> str:
    first, *rest = refs
    return ", ".join([first, *rest[:7]]) + (", …" if len(rest) > 7 else "")
