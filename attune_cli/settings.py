"""What is set, from whichever place says it first: flags, environment, project file, user file.

| key        | flag         | environment       | meaning                                                        |
|------------|--------------|-------------------|----------------------------------------------------------------|
| packs_dir  | --packs-dir  | ATTUNE_PACKS_DIR  | folders of packs; in the environment separated as in PATH      |
| max_stdout | --max-stdout | ATTUNE_MAX_STDOUT | bound of a captured stream: bytes, or a size such as `1MiB`    |
| max_stderr | --max-stderr | ATTUNE_MAX_STDERR | likewise                                                       |
| timeout    | --timeout    | ATTUNE_TIMEOUT    | seconds, or a time such as `1m30s`; 0: none                    |
| grace      | --grace      | ATTUNE_GRACE      | between SIGTERM and SIGKILL after a timeout; 0: SIGKILL at once |
| output     | --output     | ATTUNE_OUTPUT     | table, json or yaml                                            |

database_url (--dsn, ATTUNE_DATABASE_URL) and database_schema (--schema, ATTUNE_DATABASE_SCHEMA) name the
database of the `db` commands; between that variable and the files stands DATABASE_URL, which is not attune's
own (`attune_cli.database.dsn`).

The project file is the nearest `attune.toml` from the working directory upward, the user file
`config.toml` in the folder of the user's settings. Folders in a file are meant from the file on.
Tables in them (`[validate]`) belong to the commands of that name, which read them themselves.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from attune_cli.errors import UsageError
from attune_cli.paths import config_dir
from attune_cli.process.bounds import DEFAULT_BOUND
from attune_cli.quantities import parse_duration, parse_size

PROJECT_FILE = "attune.toml"
USER_FILE = "config.toml"
OUTPUT_FORMATS = ("table", "json", "yaml")
#: Tables that a file may hold for a command of its own.
TABLES = ("validate",)

#: Less would not hold the notice that stands at the end of a capture that was cut.
_LEAST_BOUND = 128


class Settings(NamedTuple):
    """What holds for this call.

    packs_dirs: absolute folders that packs are looked for in, before the usual places.
    max_stdout, max_stderr: bytes. timeout: seconds; None: no limit. grace: seconds.
    output: one of OUTPUT_FORMATS; None: what suits where the output goes.
    database_url: may hold a password. database_schema: where the platform's tables are.
    """

    packs_dirs: tuple[Path, ...] = ()
    max_stdout: int = DEFAULT_BOUND
    max_stderr: int = DEFAULT_BOUND
    timeout: float | None = None
    grace: float = 0.0
    output: str | None = None
    database_url: str | None = None
    database_schema: str = "attune"

    def __repr__(self) -> str:
        shown = self._replace(database_url="…" if self.database_url else None)
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in zip(self._fields, shown, strict=True))})"


class _Origin(NamedTuple):
    """Where a value stands: `where` for people, `base` for the folders in it."""

    where: str
    base: Path


def load_settings(
    flags: Mapping[str, object] | None = None,
    *,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings in force in the folder `cwd`.

    flags: by key, as the user wrote them (a string, for packs_dir a sequence of them); None among
    the values: not given. Raises UsageError, naming the place, for a value that does not fit, an
    unknown key (with the nearest one) and a file that is no TOML.
    """
    cwd = Path.cwd() if cwd is None else cwd
    settings = Settings()
    for file in (config_dir() / USER_FILE, find_project_file(cwd)):
        for key, value, origin in _file_values(file):
            settings = _with(settings, key, value, origin)
    for key, value, origin in _environment_values(os.environ if environ is None else environ, cwd):
        settings = _with(settings, key, value, origin)
    for key, value in (flags or {}).items():
        if value is not None:
            settings = _with(settings, key, value, _Origin(FLAGS.get(key, f"--{key.replace('_', '-')}"), cwd))
    return settings


def find_project_file(cwd: Path) -> Path | None:
    """The nearest project file from the folder upward, or None."""
    absolute = cwd.absolute()
    return next((file for folder in (absolute, *absolute.parents) if (file := folder / PROJECT_FILE).is_file()), None)


def read_file(file: Path) -> dict[str, object]:
    """The tables and keys of a settings file. Raises UsageError when it is no readable TOML."""
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where, why = _toml_error(file, error)
        raise UsageError(f"{file.name} is not valid TOML", where=where, why=why) from error
    except OSError as error:
        raise UsageError(f"{file.name} cannot be read", where=str(file), why=error.strerror) from error


def _toml_error(file: Path, error: Exception) -> tuple[str, str]:
    """The place out of the parser's message ("… (at line 3, column 5)"), and the rest of it."""
    import re

    reason, _, place = str(error).partition(" (at ")
    numbers = re.findall(r"\d+", place)
    return ":".join([str(file), *numbers]), reason


def _file_values(file: Path | None) -> Iterator[tuple[str, object, _Origin]]:
    if file is None or not file.is_file():
        return
    for key, value in read_file(file).items():
        if key in TABLES and isinstance(value, dict):
            continue
        origin = _Origin(f"{file}{_line_of(key, file)}", file.parent)
        if key not in _SETTERS:
            raise _unknown(key, origin)
        yield key, value, origin


def _line_of(key: str, file: Path) -> str:
    """`:LINE` of a key or table at the top of a file; the parser keeps no lines. Empty if not seen."""
    import re

    definition = re.compile(rf"""\s*\[?\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((f":{number}" for number, line in enumerate(lines, 1) if definition.match(line)), "")


def _environment_values(environ: Mapping[str, str], cwd: Path) -> Iterator[tuple[str, object, _Origin]]:
    for key in _SETTERS:
        name = f"ATTUNE_{key.upper()}"
        if value := environ.get(name):
            parts = [part for part in value.split(os.pathsep) if part] if key == "packs_dir" else value
            yield key, parts, _Origin(name, cwd)


def _with(settings: Settings, key: str, value: object, origin: _Origin) -> Settings:
    field, convert = _SETTERS[key]
    return settings._replace(**{field: convert(value, origin)})


def _unknown(key: str, origin: _Origin) -> UsageError:
    from difflib import get_close_matches

    known = [*_SETTERS, *(f"[{table}]" for table in TABLES)]
    near = get_close_matches(key, known, 1)
    return UsageError(
        f"unknown setting {key!r}",
        where=origin.where,
        help=f"did you mean {near[0]!r}?" if near else f"known settings: {', '.join(known)}",
    )


# --- values ---------------------------------------------------------------------------------------


def _folders(value: object, origin: _Origin) -> tuple[Path, ...]:
    values = [value] if isinstance(value, str | Path) else value
    if not isinstance(values, Sequence) or not all(isinstance(item, str | Path) and str(item) for item in values):
        raise _misfit("packs_dir is a folder or a list of folders", value, origin)
    return tuple((origin.base / Path(item).expanduser()).absolute() for item in values)


def _bound(value: object, origin: _Origin) -> int:
    size = parse_size(value, where=origin.where) if isinstance(value, str) else value
    if not isinstance(size, int) or isinstance(size, bool):
        raise _misfit("a size is a number of bytes or a text such as '1MiB'", value, origin)
    if size < _LEAST_BOUND:
        raise _misfit(f"a stream's bound is at least {_LEAST_BOUND} bytes", value, origin)
    return size


def _seconds(value: object, origin: _Origin) -> float:
    seconds = parse_duration(value, where=origin.where) if isinstance(value, str) else value
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds < float("inf"):
        raise _misfit("a time is a number of seconds or a text such as '1m30s'", value, origin)
    return float(seconds)


def _limit(value: object, origin: _Origin) -> float | None:
    return _seconds(value, origin) or None


def _output(value: object, origin: _Origin) -> str:
    if value not in OUTPUT_FORMATS:
        raise _misfit(f"an output format is one of {', '.join(OUTPUT_FORMATS)}", value, origin)
    return str(value)


def _address(value: object, origin: _Origin) -> str | None:
    if not isinstance(value, str):
        # Not shown: it may hold a password, whatever its type.
        raise UsageError("a database_url is a text such as 'postgresql://USER@HOST/DATABASE'", where=origin.where)
    return value or None


def _name(value: object, origin: _Origin) -> str:
    if not isinstance(value, str) or not value:
        raise _misfit("a database_schema is the name of a schema", value, origin)
    return value


def _misfit(rule: str, value: object, origin: _Origin) -> UsageError:
    return UsageError(f"{rule}, not {value!r}", where=origin.where)


_SETTERS: dict[str, tuple[str, Callable[[object, _Origin], Any]]] = {
    "packs_dir": ("packs_dirs", _folders),
    "max_stdout": ("max_stdout", _bound),
    "max_stderr": ("max_stderr", _bound),
    "timeout": ("timeout", _limit),
    "grace": ("grace", _seconds),
    "output": ("output", _output),
    "database_url": ("database_url", _address),
    "database_schema": ("database_schema", _name),
}

#: Flags that are not called as their keys are.
FLAGS = {"database_url": "--dsn", "database_schema": "--schema"}
