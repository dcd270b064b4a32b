"""What attune answers the scripts: never a complaint, whatever is wrong, and never for long."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installed import ROOT

pytestmark = pytest.mark.usefixtures("desk")

ACTION = ("run", "action", "demo.resize")


def ask(*words: str, shell: str = "zsh", **variables: str) -> list[str]:
    """The lines of an answer, which is all that there ever is."""
    env = {**os.environ, "_ATTUNE_COMPLETE": shell, **variables}
    said = subprocess.run(["attune", "--", *words], env=env, capture_output=True, text=True, timeout=30, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    return said.stdout.splitlines()


def words(answer: list[str]) -> list[str]:
    """The words it offers."""
    return [line.partition("\t")[0] for line in answer[1:]]


def test_words_with_what_they_mean() -> None:
    assert ask(*ACTION, "-p", "") == [
        "-",
        "mode=\tstring: How",
        "dry=\tboolean",
        "source=\tstring, required",
        "width=\tinteger",
    ]


def test_what_was_given_is_not_offered_again() -> None:
    assert words(ask(*ACTION, "-p", "mode=fast", "--param=dry:=true", "-p", "")) == ["source=", "width="]
    assert words(ask(*ACTION, "--secret", "token", "--secret", "")) == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("mode:=", ['mode:="fast"', 'mode:="slow and good"', 'mode:="$(touch pwned)"']),
        ("dry=", ["dry=true", "dry=false"]),
        ("width=", ["width=640"]),
        ("source=", []),
        ("source=actions/", ["source=actions/resize.yaml"]),
        ("unknown=", []),
        ("token=", []),
        ("token:=", []),
        ("mode:", ["mode:="]),
        ("source=@re", ["source=@results/", "source=@results.txt"]),
        ("source=@@", []),
    ],
)
def test_values(typed: str, offered: list[str]) -> None:
    assert words(ask(*ACTION, "-p", typed)) == offered


def test_paths_are_those_of_the_folder_it_runs_in(desk: Path) -> None:
    assert words(ask(*ACTION, "--cwd", str(desk), "-p", "source=./v")) == ["source=./values.json"]


@pytest.mark.parametrize(
    ("option", "kind"), [("--params", "files"), ("--secrets", "files"), ("--env-file", "files"), ("--cwd", "folders")]
)
def test_paths_are_left_to_the_shell(option: str, kind: str) -> None:
    assert ask("run", "action", option, "") == [kind]


def test_variables() -> None:
    assert words(ask(*ACTION, "--env", "DESK_", DESK_1="a", DESK_2="b")) == ["DESK_1", "DESK_2"]
    assert words(ask(*ACTION, "--secret", "token=env:DESK_", DESK_1="a")) == ["token=env:DESK_1"]


@pytest.mark.parametrize("where", [["--packs-dir", "{elsewhere}"], ["--packs-dir={elsewhere}"], []])
def test_refs_of_every_pack_in_reach(desk: Path, tmp_path: Path, where: list[str]) -> None:
    (desk / "packs").rename(tmp_path / "elsewhere")
    given = [word.format(elsewhere=tmp_path / "elsewhere") for word in where]
    variables = {} if where else {"ATTUNE_PACKS_DIR": str(tmp_path / "elsewhere")}
    assert words(ask("run", "action", *given, "demo.", **variables)) == ["demo.resize"]


def test_options_where_nothing_else_can_follow() -> None:
    offered = words(ask(*ACTION, ""))
    assert {"--param", "--dry-run", "--help"} <= set(offered)
    assert all(word.startswith("--") for word in offered)


def test_nothing_drives_the_terminal(desk: Path) -> None:
    path = desk / "packs" / "demo" / "actions" / "resize.yaml"
    path.write_text(path.read_text().replace("Makes pictures smaller", '"a\\eb\\n  c \\u009b1m"'))
    assert ask("run", "action", "demo.") == ["files", "demo.resize\tab c 1m"]
    (desk / "odd\x1bname").touch()
    assert words(ask(*ACTION, "--params=odd")) == []


# ── What is wrong ──


def test_a_broken_action_has_no_parameters_and_hides_no_other(desk: Path) -> None:
    actions = desk / "packs" / "demo" / "actions"
    (actions / "broken.yaml").write_text("ref: demo.broken\nparameters: [\n")
    (actions / "worse.yaml").write_bytes(b"\xff\xfe\0")
    assert words(ask("run", "action", "demo.")) == ["demo.broken", "demo.resize"]
    assert words(ask("run", "action", "demo.broken", "-p", "")) == []


def test_what_cannot_be_read(desk: Path) -> None:
    (desk / "attune.toml").write_text("nonsense = 1\n")
    assert ask("run", "action", "demo.") == []
    (desk / "attune.toml").write_text("[\n")
    assert words(ask(*ACTION, "-p", "")) == []
    assert ask("nonsense", "") == []
    assert ask() == []
    assert ask("run", "action", "./nothing/there.yaml", "-p", "") == ["-"]
    assert ask(*ACTION, "--params=nothing/") == []


def test_what_keeps_it_waiting(desk: Path) -> None:
    os.mkfifo(desk / "never.yaml")
    assert ask("run", "action", "./never.yaml", "-p", "") == []


def test_what_is_no_file_is_no_action(desk: Path) -> None:
    os.mkfifo(desk / "packs" / "demo" / "actions" / "never.yaml")
    assert ask("run", "action", "demo.") != []


def test_a_closed_output() -> None:
    call = "exec >&-; attune -- run ''; echo $? >&2"
    env = {**os.environ, "_ATTUNE_COMPLETE": "bash"}
    said = subprocess.run(["bash", "-c", call], env=env, capture_output=True, text=True, check=True)
    assert said.stderr == "0\n"


def test_without_the_variable_it_is_a_command_line_like_any_other() -> None:
    said = subprocess.run(["attune", "--", "runtime"], capture_output=True, text=True, check=False)
    assert said.returncode == 2
    named = {**os.environ, "_ATTUNE_COMPLETE": "bash"}
    said = subprocess.run(["attune", "--help"], env=named, capture_output=True, text=True, check=True)
    assert "Usage: attune" in said.stdout


_LOOK = """\
import sys
from attune_cli.cli.entry import main
main(sys.argv[1:])
names = "completing", "locating", "offers", "completion_scripts"
print(*[name for name in names if f"attune_cli.cli.{name}" in sys.modules], file=sys.stderr)
"""


def imported(*args: str, **variables: str) -> str:
    """The modules of completion that a command line imports."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    argv = [sys.executable, "-c", _LOOK, *args]
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=True).stderr.strip()


def test_nothing_else_imports_it() -> None:
    assert imported("run", "action", "core.noop", "-q") == ""
    assert imported("runtime", "--help") == ""
    # The same look sees them where they are.
    assert imported("--", *ACTION, "-p", "", _ATTUNE_COMPLETE="bash") == "completing locating offers"
