"""Where the sources of a pack's own executables lie."""

from __future__ import annotations

from pathlib import Path


def native_sources(root: Path, name: str) -> Path | None:
    """The folder `native/<name>` of the pack that an executable of this file name is built from.

    Hyphens and underscores are taken for one another, and an extension need not be there.
    """
    stem = name.rpartition(".")[0] or name
    names = dict.fromkeys((name, stem, name.replace("-", "_"), name.replace("_", "-")))
    return next((folder for each in names if (folder := root / "native" / each).is_dir()), None)
