"""Names and values in messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.report.harmless import harmless


@given(st.text(st.characters(), max_size=20))
def test_what_is_left_can_be_seen_and_written(text: str) -> None:
    safe = harmless(text)
    assert safe.replace("\n", "").replace("\t", "").replace("\u00a0", "").replace("\u200d", "").isprintable()
    safe.encode()


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("core.echo", "core.echo"),
        ("Grüße 👩\u200d💻\n\tnext", "Grüße 👩\u200d💻\n\tnext"),
        ("\x1b[2J\x07\r", "^[[2J^G^M"),
        ("\x7f\x9b\x85", "^?\\x9b\\x85"),
        ("user\u202egnp.exe\u2066", "user\\u202egnp.exe\\u2066"),
        ("odd\udcff name", "odd\\xff name"),
        ("\ud800", "\\ud800"),
        ("\u2028", "\\u2028"),
    ],
)
def test_examples(text: str, safe: str) -> None:
    assert harmless(text) == safe
