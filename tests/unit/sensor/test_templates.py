"""Filling in `action_params`."""

from __future__ import annotations

import pytest

from attune_cli.sensor.templates import fill

CONTEXT = {
    "event": {
        "payload": {
            "n": 3,
            "t": True,
            "s": "x",
            "none": None,
            "o": {"a": [1, {"b": 2}]},
            "f": 1.5,
            "{{ event.id }}": 1,
        },
        "id": 7,
        "trigger": "demo.tick",
    },
    "pack": {"config": {"region": "eu"}, "secret": "no"},
    "system": {"rule": {"ref": "demo.rule"}},
    "elsewhere": 1,
}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{{ event.payload.n }}", 3),
        ("{{event.payload.t}}", True),
        ("{{ event.payload.none }}", None),
        ("{{ event.payload.o }}", {"a": [1, {"b": 2}]}),
        ("{{ event.payload.o.a.1.b }}", 2),
        ("{{ event }}", CONTEXT["event"]),
        ("n={{ event.payload.n }} {{ event.payload.t }}", "n=3 true"),
        ("<{{ event.payload.none }}>", "<>"),
        ("{{ event.payload.o }}!", '{"a":[1,{"b":2}]}!'),
        ("{{ event.id }}{{ event.trigger }}", "7demo.tick"),
        ("{{ pack.config.region }}", "eu"),
        ("{{ system.rule.ref }}", "demo.rule"),
        ("no template }} {{", "no template }} {{"),
        (5, 5),
        ([{"a": "{{ event.id }}"}, "{{ event.id }}"], [{"a": 7}, 7]),
    ],
)
def test_what_is_there(written: object, value: object) -> None:
    filled = fill(written, CONTEXT)
    assert type(filled.value) is type(value)
    assert filled == (value, ())


@pytest.mark.parametrize(
    "path",
    [
        *(
            "event.payload.nope",
            "event.payload.n.x",
            "event.payload.o.a.9",
            "event.payload.o.a.-1",
            "event.payload.s.0",
        ),
        *("event.payload.s | upper", "elsewhere", "pack.secret", "events.id", "event.", "event.payload.o.a.²"),
    ],
)
def test_what_is_not_there_is_told_and_null(path: str) -> None:
    assert fill({"a": [f"{{{{ {path} }}}}"]}, CONTEXT) == ({"a": [None]}, (("a[0]", path),))
    assert fill(f"<{{{{ {path} }}}}>", CONTEXT) == ("<>", (("", path),))


def test_what_a_payload_brings_is_no_template() -> None:
    context = {"event": {"payload": {"evil": "{{ event.id }}"}, "id": 7}}
    assert fill("{{ event.payload.evil }}", context).value == "{{ event.id }}"
    assert fill("{{ event.payload.evil }}.", context).value == "{{ event.id }}."
