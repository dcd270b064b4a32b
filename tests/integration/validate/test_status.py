"""What is validated, what counts, and with which status it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune
from tests.integration.validate.conftest import put_right, write

VALIDATE = ("pack", "validate")


def codes(attune: Attune, *args: str) -> list[str]:
    """Of what is found, sorted."""
    document = json.loads(attune(*VALIDATE, *args, "--json", "--show", "info").stdout)
    return [finding["code"] for finding in document["findings"]]


def test_findings(attune: Attune, demo: Path) -> None:
    done = attune(*VALIDATE)
    assert (done.returncode, done.stderr) == (1, b"")
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("packs/demo/actions/greet.yaml:5:14: error ATN041 ")
    assert lines[1:3] == ["  5 | entry_point: gret.sh", "    |              ^^^^^^^"]
    assert lines[-1].startswith("1 error, 1 warning, 1 info (--show info) in 2 files, ")
    put_right(demo)
    done = attune(*VALIDATE)
    assert done.returncode == 0
    assert done.stdout.decode().startswith("✓ no errors or warnings, 1 info (--show info) in 2 files, ")


def test_strict_counts_warnings_and_never_infos(attune: Attune, demo: Path) -> None:
    assert attune(*VALIDATE, "--ignore", "ATN041").returncode == 0
    assert attune(*VALIDATE, "--ignore", "ATN041", "--strict").returncode == 1
    put_right(demo)
    assert attune(*VALIDATE, "--strict").returncode == 0


@pytest.mark.usefixtures("demo")
def test_codes_are_chosen(attune: Attune) -> None:
    assert codes(attune) == ["ATN041", "ATN021", "ATN066"]
    assert codes(attune, "--select", "ATN041,atn066") == ["ATN041", "ATN066"]
    assert codes(attune, "--select=ATN04", "--select=ATN021") == ["ATN041", "ATN021"]
    assert codes(attune, "--ignore", "ATN0") == []
    assert attune(*VALIDATE, "--select", "ATN021").returncode == 0


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("show", "number"), [("error", 1), ("warning", 2), ("info", 3)])
def test_what_is_listed(attune: Attune, show: str, number: int) -> None:
    done = attune(*VALIDATE, "--show", show)
    assert done.stdout.count(b": error ") + done.stdout.count(b": warning ") + done.stdout.count(b": info ") == number
    assert b"1 error, 1 warning, 1 info" in done.stdout


@pytest.mark.parametrize(
    ("folder", "args", "shown"),
    [
        (".", (), "packs/demo/actions/greet.yaml"),
        ("packs", (), "demo/actions/greet.yaml"),
        ("packs/demo", (), "actions/greet.yaml"),
        ("packs/demo/actions", (), "../actions/greet.yaml"),
        ("packs/demo/actions", ("greet.yaml",), "greet.yaml"),
        (".", ("./packs/demo",), "packs/demo/actions/greet.yaml"),
    ],
)
def test_where_packs_are_looked_for(attune: Attune, demo: Path, folder: str, args: tuple[str, ...], shown: str) -> None:
    done = attune.shell(f"cd {folder}; attune pack validate -j {' '.join(args)}")
    paths = [finding["path"] for finding in json.loads(done.stdout)["findings"]]
    assert {Path(path) for path in paths} == {Path(shown)}
    assert demo.is_dir()


def test_a_path_that_holds_no_pack(attune: Attune) -> None:
    done = attune(*VALIDATE, ".")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"error: this folder holds no pack\n" in done.stderr
    assert b"looked for pack.yaml" in done.stderr


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nowhere",), "there is no such file or folder"),
        (("--select", "XYZ"), "no rule has a code that begins with `XYZ`"),
        (("--report", "jsn"), "did you mean json?"),
        (("--report", "sarif="), "names no file"),
        (("--report", "json", "--report", "sarif"), "more than one report goes to standard output"),
        (("--report", "json", "-o", "table"), "more than one report goes to standard output"),
        (("--report", "json=a", "--report", "sarif=a"), "two reports go to the same file"),
        (("--write-baseline",), "--write-baseline needs a file"),
        (("--write-baseline", "--baseline", "b", "--fix"), "goes with neither"),
        (("--diff", "--report", "sarif"), "--diff writes to standard output itself"),
        (("--baseline", "nowhere"), "the baseline cannot be read"),
        (("--show", "all"), "invalid value for '--show'"),
    ],
)
def test_wrong_calls(attune: Attune, args: tuple[str, ...], said: str) -> None:
    done = attune(*VALIDATE, *args)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()


@pytest.mark.usefixtures("demo")
def test_a_report_that_cannot_be_written_is_attunes_own_failure(attune: Attune) -> None:
    (attune.folder / "taken").touch()
    done = attune(*VALIDATE, "--report", "sarif=taken/a.sarif")
    assert done.returncode == 3
    assert b"the report cannot be written\n  where: taken/a.sarif" in done.stderr


def test_settings_of_the_project(attune: Attune, demo: Path) -> None:
    settings = write(demo / "attune.toml", '[validate]\nignore = ["ATN041"]\nstrict = true\n')
    assert codes(attune) == ["ATN021", "ATN066"]
    assert attune(*VALIDATE).returncode == 1
    settings.write_text("[validate]\nignore = 3\n")
    done = attune(*VALIDATE, "-j")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["where"].startswith(str(settings))


def test_a_baseline(attune: Attune, demo: Path) -> None:
    done = attune(*VALIDATE, "--baseline", "known.json", "--write-baseline")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"3 findings written to known.json\n"
    done = attune(*VALIDATE, "--baseline", "known.json")
    assert done.returncode == 0
    assert "✓ no errors or warnings, 3 known in 2 files" in done.stdout.decode()
    write(demo / "actions/new.yaml", "ref: demo.new\nentry_point: nowhere.sh\n")
    done = attune(*VALIDATE, "--baseline", "known.json", "-q")
    assert done.returncode == 1
    assert "greet.yaml" not in done.stdout.decode()


@pytest.mark.usefixtures("demo")
def test_quiet(attune: Attune) -> None:
    done = attune(*VALIDATE, "-q")
    assert done.stdout.decode().splitlines()[-1] == "  help: did you mean `output_format`?"
    assert attune(*VALIDATE, "-q", "--select", "ATN001").stdout == b""
