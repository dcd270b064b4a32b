"""Reports in files and on standard output, and what services and pipes get."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from tests.installed import ROOT
from tests.integration.cli.conftest import Attune

VALIDATE = ("pack", "validate")
SCHEMA = json.loads((ROOT / "attune_cli/report/schemas/findings-1.json").read_text())

pytestmark = pytest.mark.usefixtures("demo")


def test_several_at_once(attune: Attune) -> None:
    done = attune(
        *VALIDATE, "--report", "sarif=out/a.sarif", "--report", "junit=out/a.xml", "--report=text=a.txt", "-j"
    )
    assert done.returncode == 1
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    results = json.loads((attune.folder / "out/a.sarif").read_text())["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == [one["code"] for one in document["findings"]]
    assert len(ET.parse(attune.folder / "out/a.xml").findall(".//testcase")) == 2
    text = (attune.folder / "a.txt").read_text()
    assert text.startswith("packs/demo/actions/greet.yaml:5:14: error ATN041")
    assert "\x1b" not in text


@pytest.mark.parametrize("args", [("-j",), ("-o", "json"), ("--report", "json"), ("--report", "json=-")])
def test_ways_to_ask_for_json(attune: Attune, args: tuple[str, ...]) -> None:
    document = json.loads(attune(*VALIDATE, *args).stdout)
    assert document["summary"]["errors"] == 1


@pytest.mark.parametrize("args", [("nowhere", "-j"), ("nowhere", "--report", "json"), ("-j", "--report", "x")])
def test_a_machine_gets_its_document_when_it_fails(attune: Attune, args: tuple[str, ...]) -> None:
    done = attune(*VALIDATE, *args)
    assert done.returncode == 2
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert (document["status"], document["findings"]) == ("not_validated", [])
    assert document["error"]["what"] in done.stderr.decode()


def test_yaml(attune: Attune) -> None:
    assert attune(*VALIDATE, "-o", "yaml").stdout.startswith(b"schema: attune.findings/1\nstatus: findings\n")


def test_the_same_on_every_call(attune: Attune) -> None:
    first, second = (json.loads(attune(*VALIDATE, "-j").stdout)["findings"] for _ in range(2))
    assert first == second != []


class TestGithub:
    """Annotations are chosen by themselves in a job, unless something else is asked for."""

    def test_in_a_job(self, attune: Attune) -> None:
        done = attune(*VALIDATE, env={"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(attune.folder)})
        lines = done.stdout.decode().splitlines()
        assert lines[0].startswith(
            "::error file=packs/demo/actions/greet.yaml,line=5,col=14,endColumn=21,title=ATN041::packs/demo/"
        )
        assert lines[-1].startswith("1 error, 1 warning")
        assert done.returncode == 1

    @pytest.mark.parametrize(
        ("args", "env", "first"),
        [
            (("-o", "table"), {}, "packs/demo/"),
            (("-j",), {}, "{"),
            (("--report", "text"), {}, "packs/demo/"),
            (("--report", "json=a"), {}, "::error "),
            ((), {"ATTUNE_OUTPUT": "json"}, "{"),
            ((), {"ATTUNE_OUTPUT": "table"}, "packs/demo/"),
            ((), {"GITHUB_ACTIONS": "false"}, "packs/demo/"),
        ],
    )
    def test_unless(self, attune: Attune, args: tuple[str, ...], env: dict[str, str], first: str) -> None:
        done = attune(*VALIDATE, *args, env={"GITHUB_ACTIONS": "true", **env})
        assert done.stdout.decode().startswith(first)


def test_colour(attune: Attune) -> None:
    assert b"\x1b" not in attune(*VALIDATE).stdout
    assert b"\x1b[31;1merror\x1b[0m" in attune(*VALIDATE, env={"FORCE_COLOR": "1"}).stdout
    assert b"\x1b" not in attune(*VALIDATE, "-j", env={"FORCE_COLOR": "1"}).stdout
    assert b"\x1b" not in attune(*VALIDATE, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_on_a_terminal(attune: Attune, demo: Path, columns: int) -> None:
    long = "x " * 300
    (demo / "actions/greet.yaml").write_text(f"ref: demo.greet\nentry_point: greet.sh\nlabel: {long}\nowner: {long}\n")
    child = attune.on_terminal(*VALIDATE, columns=columns, env={"NO_COLOR": "1"})
    shown = str(child.read()).split("\r\n")
    assert max(map(len, shown)) <= columns
    assert any(line.startswith("  4 | owner: x x x") and line.endswith("…") for line in shown)
    child.wait()
    assert child.exitstatus == 1


def test_a_reader_that_goes_away(attune: Attune, demo: Path) -> None:
    for number in range(400):
        (demo / f"actions/a{number}.yaml").write_text(f"ref: demo.a{number}\nentry_point: nowhere.sh\n")
    done = attune.shell("attune pack validate | head -1")
    assert done.stdout.startswith(b"packs/demo/actions/a0.yaml:2:14: error ATN041")
    assert done.stderr == b""


def test_an_output_without_utf_8(attune: Attune, demo: Path) -> None:
    (demo / "actions/greet.yaml").write_text("ref: demo.greet\nentry_point: é.sh\n")
    env = {"PYTHONIOENCODING": "ascii"}
    assert b"`actions/\\xe9.sh`" in attune(*VALIDATE, env=env).stdout
    assert json.loads(attune(*VALIDATE, "-j", env=env).stdout)["summary"]["errors"] == 1
    text = attune(*VALIDATE, "--report", "junit", env=env).stdout
    assert "`actions/é.sh`" in str(ET.fromstring(text).find(".//failure").get("message"))  # type: ignore[union-attr]
