#!/usr/bin/env python3
"""The pack's own tests, which an installation runs: every action answers, the timer sensor makes an event.

Needs Python 3.8 and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

PACK = Path(__file__).resolve().parents[1]
ACTIONS = PACK / "actions"
DIGEST = ACTIONS / "digest"
TIMER_SENSOR = PACK / "sensors" / "attune-core-timer-sensor"


def run(command: list[str], stdin: str = "", env: dict[str, str] | None = None) -> tuple[int, str]:
    """Exit status and stdout of an action."""
    finished = subprocess.run(
        command,
        input=stdin,
        env={"PATH": "/usr/bin:/bin", **(env or {})},
        cwd=PACK,
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    return finished.returncode, finished.stdout


def run_shell(name: str, stdin: str) -> tuple[int, str]:
    """The same of a shell action."""
    return run(["/bin/sh", str(ACTIONS / f"{name}.sh")], stdin)


class ShellActions(unittest.TestCase):
    def test_echo(self) -> None:
        self.assertEqual(run_shell("echo", "message='it'\\''s $(me)'\n"), (0, "it's $(me)"))

    def test_noop(self) -> None:
        self.assertEqual(run_shell("noop", "exit_code='3'\n")[0], 3)

    def test_sleep(self) -> None:
        self.assertEqual(run_shell("sleep", "seconds='0'\n"), (0, "Slept for 0 seconds\n"))


class HttpRequest(unittest.TestCase):
    def test_an_answer(self) -> None:
        with HTTPServer(("127.0.0.1", 0), Teapot) as server:
            thread = threading.Thread(target=server.handle_request)
            thread.start()
            parameters = json.dumps({"url": f"http://127.0.0.1:{server.server_port}/"})
            status, stdout = run([sys.executable, str(ACTIONS / "http_request.py")], parameters)
            thread.join()
        self.assertEqual((status, json.loads(stdout)["status_code"]), (0, 418))


class Teapot(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(418)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Digest(unittest.TestCase):
    @unittest.skipUnless(DIGEST.exists(), "not compiled: native/digest/digest.c says how")
    def test_a_text(self) -> None:
        status, stdout = run([str(DIGEST)], env={"ATTUNE_ACTION_TEXT": "abc"})
        entry = json.loads(stdout)["digests"][0]
        self.assertEqual((status, entry["sha256"]), (0, hashlib.sha256(b"abc").hexdigest()))


class Events(BaseHTTPRequestHandler):
    """An API that takes one event."""

    def do_POST(self) -> None:
        self.server.event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))  # type: ignore[attr-defined]
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class TimerSensor(unittest.TestCase):
    @unittest.skipUnless(
        TIMER_SENSOR.exists(), "not built: `attune build core`, or native/timer-sensor/main.go says how"
    )
    def test_an_interval(self) -> None:
        rule = {"id": 1, "trigger_ref": "core.intervaltimer", "config": {"unit": "seconds", "interval": 1}}
        with HTTPServer(("127.0.0.1", 0), Events) as server:
            environment = {
                "ATTUNE_API_URL": f"http://127.0.0.1:{server.server_port}",
                "ATTUNE_API_TOKEN": "token",
                "ATTUNE_SENSOR_TRIGGERS": json.dumps([rule]),
            }
            with subprocess.Popen([str(TIMER_SENSOR)], env=environment, stderr=subprocess.DEVNULL) as sensor:
                server.handle_request()
                sensor.terminate()
        self.assertEqual(sensor.returncode, 0)
        self.assertEqual(server.event["payload"]["execution_count"], 1)  # type: ignore[attr-defined]


if __name__ == "__main__":
    unittest.main()
