"""What a run writes for whoever asked for it: `--events-file`, and the logs of `--log-dir`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from attune_cli.errors import AttuneError
from attune_cli.execution.strict_json import compact
from attune_cli.process import Secrets
from attune_cli.sensor.document import event_document
from attune_cli.sensor.logs import LogStream, RotatedFile
from attune_cli.sensor.model import Event

#: The streams of a sensor.
STREAMS = ("stdout", "stderr")


class LogListener(NamedTuple):
    """What the logs of a run are made with.

    secrets: asked for what is masked from now on.
    told:    gets a stream's name and its lines as they come; must not block.
    lost:    gets the path and the error of a file that cannot be written any longer.
    """

    secrets: Callable[[], Secrets]
    told: Callable[[str, list[str]], None]
    lost: Callable[[Path | None, OSError], None]


def open_logs(sensor_ref: str, folder: Path | None, listener: LogListener, stack: ExitStack) -> tuple[LogStream, ...]:
    """Standard output and standard error, kept in memory and, with a folder, in files. Raises AttuneError.

    stack: closes them.
    """
    logs = tuple(_log(name, folder and folder / f"{sensor_ref}.{name}.log", listener) for name in STREAMS)
    for log in logs:
        stack.callback(log.close)
    return logs


def _log(name: str, path: Path | None, listener: LogListener) -> LogStream:
    file = None
    if path:
        with _named("--log-dir", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = RotatedFile(path)
    return LogStream(name, listener.secrets, listener.told, file, partial(listener.lost, path))


def open_events(path: Path, lost: Callable[[Path | None, OSError], None], stack: ExitStack) -> EventsFile:
    """The file for events. Raises AttuneError. stack: closes it."""
    with _named("--events-file", path):
        file = EventsFile(path, partial(lost, path))
    stack.callback(file.close)
    return file


class EventsFile:
    """A file of events, a line of JSON each, written as they come.

    failed: gets the error when it cannot be written; nothing goes to it from then on.
    """

    def __init__(self, path: Path, failed: Callable[[OSError], None]) -> None:
        """Raises OSError."""
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        self._failed = failed

    def write(self, event: Event) -> None:
        """One line. From one thread."""
        data = f"{compact(event_document(event))}\n".encode()
        try:
            while data and self._fd >= 0:
                data = data[os.write(self._fd, data) :]
        except OSError as error:
            self.close()
            self._failed(error)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


@contextmanager
def _named(option: str, path: Path) -> Iterator[None]:
    """Says which file it was that could not be opened."""
    try:
        yield
    except OSError as error:
        raise AttuneError(f"cannot write {path}", where=option, why=error.strerror) from error
