"""What differs between the packs of the four runtimes, as the words that their files are filled with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_JSON_DELIVERY: Final = """\
# The parameters arrive as one line of JSON on standard input.
parameter_delivery: stdin
parameter_format: json
# Standard output is one JSON document, the result.
output_format: json"""

_DOTENV: Final = """\
# The parameters arrive as lines of NAME='value' on standard input.
parameter_delivery: stdin
parameter_format: dotenv"""

_JSON_OUTPUT: Final = """

output:
  greeting:
    type: string
    description: The greeting
    required: true"""

_SCRIPT: Final = {
    "tester": "shell",
    "test_type": "script",
    "test": "tests/run_tests.sh",
    "test_command": "sh tests/run_tests.sh",
}

_BUILDING: Final = """
Its entry points are compiled; nothing runs before they are, and they are compiled for one platform:

    make
"""


@dataclass(frozen=True, slots=True)
class Runner:
    """
    folders: whose templates make the pack, beside those of every pack.
    entry, sensor_entry: the names of the entry points.
    words:   what the templates are filled with.
    borrows: files that are taken over from the core pack.
    """

    folders: tuple[str, ...]
    entry: str
    sensor_entry: str
    words: dict[str, str]
    borrows: tuple[str, ...] = ()


RUNNERS: Final = {
    "native": Runner(
        ("native", "scripted"),
        "@action@",
        "ticker",
        {
            **_SCRIPT,
            "runtime": "native",
            "delivery": f"{_DOTENV}\n# Standard output is one JSON document, the result.\noutput_format: json",
            "output": _JSON_OUTPUT,
            "start": "actions/@action@",
            "cases": """\
expect "name='Ada'" '{"greeting": "Hello, Ada!"}'
expect "name='O'\\\\''Hara'" '{"greeting": "Hello, O'"'"'Hara!"}'
expect "" '{"greeting": "Hello, world!"}'""",
            "building": _BUILDING,
        },
    ),
    "python": Runner(
        ("python",),
        "@action@.py",
        "ticker.py",
        {
            "runtime": "python",
            "delivery": _JSON_DELIVERY,
            "output": _JSON_OUTPUT,
            "tester": "python",
            "test_type": "unittest",
            "test": "tests/test_pack.py",
            "test_command": "python3 tests/test_pack.py",
            "building": "",
        },
    ),
    "shell": Runner(
        ("shell", "scripted"),
        "@action@.sh",
        "ticker.sh",
        {
            **_SCRIPT,
            "runtime": "shell",
            "delivery": f"{_DOTENV}\noutput_format: text",
            "output": "",
            "start": "sh actions/@action@.sh",
            "cases": """\
expect "name='Ada'" 'Hello, Ada!'
expect "name='O'\\\\''Hara'" "Hello, O'Hara!"
expect "" 'Hello, world!'""",
            "building": "",
        },
        borrows=("lib/parameters.sh",),
    ),
    "node": Runner(
        ("node", "scripted"),
        "@action@.js",
        "ticker.js",
        {
            **_SCRIPT,
            "runtime": "nodejs",
            "delivery": _JSON_DELIVERY,
            "output": _JSON_OUTPUT,
            "start": "node actions/@action@.js",
            "cases": """\
expect '{"name": "Ada"}' '{"greeting":"Hello, Ada!"}'
expect '{}' '{"greeting":"Hello, world!"}'""",
            "building": "",
        },
    ),
}
