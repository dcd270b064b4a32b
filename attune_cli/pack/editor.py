"""The schemas where an editor finds them: the settings of VS Code's YAML extension.

https://github.com/redhat-developer/vscode-yaml: `yaml.schemas` maps a schema to patterns of file names.
The schemas are put beside the settings, so that whoever opens the repository has them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attune_cli.errors import AttuneError
from attune_cli.pack.jsonc import NotEditableError, with_members
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.places import FOLDERS
from attune_cli.pack.refs import PACK_FILE
from attune_cli.pack.replace import replace_file
from attune_cli.pack.schema import KINDS, schema_text

SETTING: Final = "yaml.schemas"
SETTINGS: Final = ".vscode/settings.json"
SCHEMAS: Final = ".vscode/attune"


def install(top: Path) -> list[str]:
    """Write schemas and settings below the folder `top`; gives the paths that were written, from there on.

    Raises AttuneError, before anything is written, when the settings cannot be added to; its help is
    the text to add.
    """
    members = patterns(top)
    before = _read(top / SETTINGS)
    try:
        after = with_members(before, SETTING, members)
    except NotEditableError as error:
        text = "\n".join(with_members("", SETTING, members).splitlines()[1:-1])
        raise AttuneError(
            "the settings cannot be added to",
            where=str(top / SETTINGS),
            why=str(error),
            help=f"add this to them:\n{text}",
        ) from error
    written = {f"{SCHEMAS}/{kind}.json": schema_text(kind) for kind in KINDS}
    written |= {SETTINGS: after} if after != before else {}
    for path, text in written.items():
        _write(top / path, text)
    return list(written)


def patterns(top: Path) -> dict[str, list[str]]:
    """Schema → the names of the files that it is for, as seen from the packs in this folder."""
    prefix = _prefix(top)
    found: dict[str, list[str]] = {"pack": [f"{prefix}{PACK_FILE}"]}
    for folder, kind in FOLDERS.items():
        if kind in KINDS:
            found.setdefault(kind, []).extend(f"{prefix}{folder}/*{suffix}" for suffix in YAML_SUFFIXES)
    return {f"./{SCHEMAS}/{kind}.json": found[kind] for kind in KINDS}


def _prefix(top: Path) -> str:
    """Where packs lie: the narrower a pattern, the fewer files of others it takes."""
    if (top / PACK_FILE).is_file():
        return ""
    return next((prefix for prefix in ("packs/*/", "*/") if any(top.glob(f"{prefix}{PACK_FILE}"))), "**/")


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise AttuneError("the settings cannot be read", where=str(path), why=str(error)) from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode())
    except OSError as error:
        raise AttuneError("the file cannot be written", where=str(path), why=error.strerror) from error
