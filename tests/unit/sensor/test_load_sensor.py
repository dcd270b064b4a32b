"""Reading a sensor's YAML file."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.errors import AttuneError, NotFoundError
from attune_cli.pack.find import find_sensor, list_sensors
from attune_cli.pack.load_sensor import load_sensor, load_trigger

HEAD = "ref: demo.s\nentry_point: s.py\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "demo/sensors").mkdir(parents=True)
    (tmp_path / "demo/pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.0.0\n")
    return tmp_path / "demo/sensors/s.yaml"


def test_what_is_not_written(path: Path) -> None:
    path.write_text(HEAD)
    sensor = load_sensor(path)
    assert (sensor.ref, sensor.pack_ref, sensor.label, sensor.enabled) == ("demo.s", "demo", "demo.s", True)
    assert (sensor.runner_type, sensor.runtime_version, sensor.trigger_refs) == ("native", None, ())
    assert (sensor.pack_root, sensor.entry_path) == (path.parents[1], path.with_name("s.py"))


@pytest.mark.parametrize("written", ["trigger_types: [demo.a, demo.b, demo.a]", "trigger_type: [demo.a, demo.b]"])
def test_its_triggers(path: Path, written: str) -> None:
    path.write_text(f"{HEAD}{written}\n")
    assert load_sensor(path).trigger_refs == ("demo.a", "demo.b")


def test_its_one_trigger(path: Path) -> None:
    path.write_text(f"{HEAD}trigger_type: demo.a\n")
    assert load_sensor(path).trigger_refs == ("demo.a",)


@pytest.mark.parametrize(
    "parameters",
    [
        "{a: {type: string, default: x}, b: {type: integer, default: 2}}",
        "{type: object, properties: {a: {type: string, default: x}, b: {type: integer, default: 2}}}",
    ],
)
def test_its_configuration_has_the_defaults(path: Path, parameters: str) -> None:
    path.write_text(f"{HEAD}parameters: {parameters}\nconfig: {{b: 3}}\n")
    assert load_sensor(path).config == {"a": "x", "b": 3}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ref: demo.s\n", "`entry_point` is missing"),
        ("ref: nodot\nentry_point: s\n", "`nodot` is no sensor's ref"),
        ("ref: demo.s\nentry_point: ../s\n", "the entry point `../s` leaves the pack"),
        ("ref: demo.s\nentry_point: /bin/sh\n", "the entry point `/bin/sh` leaves the pack"),
        (f"{HEAD}trigger_types: {{a: b}}\n", "`trigger_types` is not a list of refs"),
        (f"{HEAD}trigger_types: [1]\n", "`trigger_types` is not a list of refs"),
        (f"{HEAD}config: [1]\n", "`config` is not a mapping of names to values"),
        (f"{HEAD}parameters: {{a: 1}}\n", "`a` in `parameters` has no schema that is a mapping"),
        (f"{HEAD}parameter_delivery: stdin\n", "this is an action, not a sensor"),
        ("ref: demo.r\ntrigger_ref: demo.t\naction_ref: demo.a\n", "this is a rule, not a sensor"),
    ],
)
def test_what_is_refused(path: Path, text: str, what: str) -> None:
    path.write_text(text)
    with pytest.raises(AttuneError) as caught:
        load_sensor(path)
    assert caught.value.what == what
    assert str(caught.value.where).startswith(f"{path}:")


def test_a_link_out_of_the_pack(path: Path, tmp_path: Path) -> None:
    path.write_text(HEAD)
    path.with_name("s.py").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AttuneError) as caught:
        load_sensor(path)
    assert caught.value.why == f"it is a link to {tmp_path / 'elsewhere'}"


def test_a_trigger_without_output(path: Path) -> None:
    path.write_text("ref: demo.t\nlabel: T\n")
    assert load_trigger(path).output is None
    path.write_text("ref: demo.t\noutput: {}\n")
    assert load_trigger(path).output is not None


def test_finding_one(path: Path) -> None:
    path.write_text(HEAD)
    places = (path.parents[2],)
    assert find_sensor("demo.s", places) == path
    assert list_sensors(places) == {"demo.s": path}
    for ref, cure in (("demo.t", "did you mean demo.s?"), ("s", "did you mean demo.s?")):
        with pytest.raises(NotFoundError) as caught:
            find_sensor(ref, places)
        assert caught.value.help == cure


def test_finding_none(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_sensor("demo.s", (tmp_path / "gone",))
    assert "(does not exist)" in str(caught.value.why)
    assert "--packs-dir" in str(caught.value.help)
