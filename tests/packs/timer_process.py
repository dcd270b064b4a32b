"""The timer sensor, started as the platform starts it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.packs.timer_api import TOKEN


def rule(number: int, trigger: str, **config: object) -> dict[str, object]:
    """A rule as the platform hands it over."""
    return {"id": number, "ref": f"test.rule_{number}", "trigger_ref": f"core.{trigger}", "config": config}


def environment(url: str, rules: Sequence[object], **more: str) -> dict[str, str]:
    """All that the sensor needs, and nothing else. Names in `more` get their ATTUNE_."""
    return {
        "ATTUNE_API_URL": url,
        "ATTUNE_API_TOKEN": TOKEN,
        "ATTUNE_SENSOR_REF": "core.interval_timer_sensor",
        "ATTUNE_SENSOR_TRIGGERS": json.dumps(rules),
        **{f"ATTUNE_{name}": value for name, value in more.items()},
    }


class Sensor:
    """The process, and its log. A block that ends leaves nothing running."""

    def __init__(self, binary: Path, env: Mapping[str, str], stdin: bytes = b"") -> None:
        self.log: list[dict[str, Any]] = []
        self.text = ""
        self._changed = threading.Condition()
        self.process = subprocess.Popen(
            [binary],
            env=dict(env),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        if self.process.stdin:
            self.process.stdin.write(stdin)
            self.process.stdin.close()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            entry = json.loads(line)
            with self._changed:
                self.text += line.decode()
                self.log.append(entry)
                self._changed.notify_all()

    def wait_for_log(self, message: str, seconds: float = 60) -> dict[str, Any]:
        """The first line whose message holds this."""
        found: list[dict[str, Any]] = []

        def there() -> bool:
            found[:] = [each for each in self.log if message in each["message"]]
            return bool(found)

        with self._changed:
            assert self._changed.wait_for(there, seconds), self.text
        return found[0]

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> float:
        """Ends it; how many seconds it took. Its exit status must be 0, and stdout empty."""
        started = time.monotonic()
        self.process.send_signal(with_signal)
        status = self.process.wait(30)
        took = time.monotonic() - started
        self._reader.join()
        assert status == 0, self.text
        assert self.process.stdout is not None
        assert self.process.stdout.read() == b""
        return took

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


StartSensor = Callable[..., Sensor]


class Unread:
    """A sensor whose stderr is a small pipe that nobody reads from."""

    def __init__(self, binary: Path, env: Mapping[str, str]) -> None:
        self._reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stderr=writing, env={})
        os.close(writing)
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(dict(env)).encode())
        self.process.stdin.close()

    def wait_until_stuck(self) -> None:
        """Until the pipe is full: what is in it does not get more."""
        before = -1
        while True:
            found = int.from_bytes(fcntl.ioctl(self._reading, termios.FIONREAD, b"\0" * 4), "little")
            if found == before and found > 2048:
                return
            before = found
            assert self.process.poll() is None
            time.sleep(0.5)

    def close(self) -> None:
        """Nothing is left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._reading)
