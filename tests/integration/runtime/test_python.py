"""Python actions run on real interpreters, in environments that are really built."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError
from attune_cli.pack.runtime_versions import parse_constraint
from attune_cli.process import Outcome, Request, run
from attune_cli.runtime.base import Launch, Target, ignore_progress
from attune_cli.runtime.interpreters import Finder
from attune_cli.runtime.languages import PYTHON
from attune_cli.runtime.local import LocalRuntime
from tests.integration.runtime.conftest import MakePack

GREET = "import greeting, sys\nprint(greeting.word, sys.prefix)\n"


def launch(pack: Path, seen: list[str] | None = None, runtime_version: str | None = None) -> Launch:
    """Everything up to the start."""
    target = Target(pack / "actions/run.py", pack, "python", runtime_version)
    runtime = LocalRuntime().select(target)
    runtime.validate(target)
    runtime.set_up(target, ignore_progress if seen is None else seen.append)
    return runtime.prepare(target)


def start(launched: Launch, pack: Path) -> Outcome:
    env = launched.merged_into({"PATH": os.environ["PATH"], "PYTHONPATH": "/somewhere"})
    return run(Request(argv=launched.argv, env=env, cwd=pack, timeout=30))


def test_the_interpreter_itself_where_nothing_is_required(make_pack: MakePack) -> None:
    script = "import os, mine\nprint(mine.word)\nprint(os.environ['PYTHONPATH'])\n"
    pack = make_pack("plain", {"actions/run.py": script, "lib/mine.py": "word = 1\n", "requirements.txt": "# none\n"})
    seen: list[str] = []
    launched = launch(pack, seen)
    assert launched.argv[1:] == ("-u", str(pack / "actions/run.py"))
    assert start(launched, pack).stdout.text == f"1\n{pack}/lib:/somewhere\n"
    assert seen == []


@pytest.mark.usefixtures("no_uv")
def test_requirements_are_installed_with_pip_where_there_is_no_uv(
    make_pack: MakePack, wheel: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the caller's own settings of pip and Python are."""
    astray = {"PIP_TARGET": home / "else", "PIP_USER": 1, "PYTHONPATH": home, "VIRTUAL_ENV": "/x", "PYTHONHOME": "/x"}
    for name, value in astray.items():
        monkeypatch.setenv(name, str(value))
    pack = make_pack("piped", {"actions/run.py": GREET, "requirements.txt": "-r more/own.txt\n"})
    (pack / "more").mkdir()
    (pack / "more/own.txt").write_text(f"{wheel}\n")
    seen: list[str] = []
    outcome = start(launch(pack, seen), pack)
    word, prefix = outcome.stdout.text.split()
    assert word == "hello"
    assert Path(prefix).parent == home / "cache/attune/environments"
    assert seen[0].startswith("setting up the Python 3.")
    assert any("greeting" in line for line in seen[1:]), "the installer's own words are shown"
    assert not (home / "else").exists()
    again: list[str] = []
    assert start(launch(pack, again), pack).stdout.text == outcome.stdout.text
    assert again == []


def test_requirements_are_installed_with_uv(uv: Path, make_pack: MakePack, wheel: Path) -> None:
    pack = make_pack("quick", {"actions/run.py": GREET, "requirements.txt": f"{wheel}\n"})
    launched = launch(pack)
    assert start(launched, pack).stdout.text.startswith("hello ")
    config = Path(launched.argv[0]).parents[1] / "pyvenv.cfg"
    assert "uv = " in config.read_text(), f"{uv} made it"


def test_another_content_is_another_environment(uv: Path, make_pack: MakePack, wheel: Path) -> None:
    assert uv.exists()
    pack = make_pack("one", {"actions/run.py": GREET, "requirements.txt": f"{wheel}\n"})
    first = launch(pack).argv[0]
    (pack / "requirements.txt").write_text(f"# more\n{wheel}\n")
    second = launch(pack).argv[0]
    assert first != second
    assert Path(first).exists()
    assert Path(second).exists()


def test_paths_in_it_make_it_the_packs_own(uv: Path, make_pack: MakePack, wheel: Path) -> None:
    assert uv.exists()
    packs = [make_pack(name, {"actions/run.py": GREET, "requirements.txt": f"./{wheel.name}\n"}) for name in ("a", "b")]
    for pack in packs:
        wheel.with_name(pack.name).joinpath(wheel.name).write_bytes(wheel.read_bytes())
    assert len({launch(pack).argv[0] for pack in packs}) == 2


def test_the_version_asked_for_is_the_environments(uv: Path, make_pack: MakePack, wheel: Path) -> None:
    """The highest real interpreter of this machine, in an environment of its own."""
    assert uv.exists()
    script = "import sys\nprint('%d.%d.%d' % sys.version_info[:3], sys.prefix != sys.base_prefix)\n"
    pack = make_pack("new", {"actions/run.py": script, "requirements.txt": f"{wheel}\n"})
    wanted = Finder(PYTHON).best(parse_constraint(">=3.11"))
    outcome = start(launch(pack, runtime_version=">=3.11"), pack)
    assert outcome.stdout.text == f"{wanted.version} True\n", outcome.stderr.text


def test_nothing_is_made_to_say_how_it_would_be_launched(make_pack: MakePack, wheel: Path, home: Path) -> None:
    pack = make_pack("dry", {"actions/run.py": GREET, "requirements.txt": f"{wheel}\n"})
    target = Target(pack / "actions/run.py", pack, "python")
    launched = LocalRuntime().select(target).prepare(target)
    assert Path(launched.argv[0]).name == "python"
    assert launched.argv[0].startswith(str(home / "cache"))
    assert not (home / "cache").exists()


@pytest.mark.parametrize("tool", ["uv", "no_uv"])
def test_a_requirement_that_is_not_to_be_had(
    tool: str, request: pytest.FixtureRequest, make_pack: MakePack, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request.getfixturevalue(tool)
    monkeypatch.setenv("PIP_RETRIES", "0")
    pack = make_pack(
        "bad",
        {
            "actions/run.py": GREET,
            "requirements.txt": "--no-index\n--find-links https://me:hunter2@localhost:1/\nno-such-thing-at-all\n",
        },
    )
    with pytest.raises(AttuneError, match=r"cannot set up the Python 3\..* environment of pack bad") as caught:
        launch(pack)
    assert caught.value.where == str(pack / "requirements.txt")
    account = str(caught.value.why).splitlines()
    assert account[0] in {"pip exited with 1", "uv exited with 1"}
    assert "no-such-thing-at-all" in str(caught.value.why)
    assert "hunter2" not in f"{caught.value.why} {caught.value}"
    assert 1 < len(account) <= 12
    assert [path for path in (home / "cache/attune/environments").iterdir() if path.is_dir()] == []


def test_the_environment_that_attune_lives_in_is_not_the_actions(make_pack: MakePack) -> None:
    if sys.prefix == sys.base_prefix:
        pytest.skip("these tests run outside of any virtual environment")
    pack = make_pack("apart", {"actions/run.py": "import sys\nprint(sys.prefix)\n"})
    outcome = start(launch(pack), pack)
    assert outcome.exit_code == 0, outcome.stderr.text
    assert os.path.realpath(outcome.stdout.text.strip()) != os.path.realpath(sys.prefix)
