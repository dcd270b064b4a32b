"""What the commands import. Start-up time is a feature; this guards it without a clock.

A command is run in an interpreter of its own that notes at its end what has been imported since its start.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Runs a program; its first argument is the file that the names of the imported modules are written to.
PROBE = """\
import atexit, sys
there, note = set(sys.modules), sys.argv.pop(1)
atexit.register(lambda: print(*sorted(sys.modules.keys() - there), sep="\\n", file=open(note, "w")))
"""
ATTUNE = "from attune_cli.__main__ import main; main()"

#: What takes milliseconds to import and serves none of the commands below.
_NAMES = """
asyncio concurrent.futures email hashlib http.client importlib.metadata logging multiprocessing random socket
sqlite3 ssl tempfile tomllib urllib.request xml zipfile
"""
HEAVY = frozenset(_NAMES.split())


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program said on its standard output, and which modules it imported."""

    said: str
    modules: frozenset[str]

    @property
    def foreign(self) -> set[str]:
        """The libraries among them that are neither Python's own nor ours; what Cython adds to one is no library."""
        tops = {name.partition(".")[0] for name in self.modules} - sys.stdlib_module_names - {"attune_cli"}
        return {name for name in tops if "cython" not in name}

    def ours(self, *rooms: str) -> set[str]:
        """Those of these rooms of the package."""
        folders = {("attune_cli", room) for room in rooms}
        return {name for name in self.modules if tuple(name.split(".")[:2]) in folders}


def ask(folder: Path, program: str, *arguments: str) -> Answer:
    note = folder / "imported"
    done = subprocess.run(
        (sys.executable, "-c", PROBE + program, str(note), *arguments),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Answer(done.stdout, frozenset(note.read_text().split()))


def attune(folder: Path, *arguments: str) -> Answer:
    """Run `attune`; in every case what is heavy is left alone."""
    answer = ask(folder, ATTUNE, *arguments)
    assert not answer.modules & HEAVY
    return answer


def test_the_version_is_answered_before_anything_is_imported(tmp_path: Path) -> None:
    answer = attune(tmp_path, "--version")
    assert answer.said.startswith("attune ")
    assert {name for name in answer.modules if name.startswith("attune_cli")} == {"attune_cli", "attune_cli.__main__"}
    assert answer.modules <= {"attune_cli", "attune_cli.__main__", "__future__"}


def test_a_bare_program_needs_no_library(tmp_path: Path) -> None:
    answer = attune(tmp_path, "run", "action", "/bin/true")
    assert answer.ours("process") >= {"attune_cli.process.engine"}
    assert answer.foreign == set()
    assert answer.ours("yaml12", "database", "build", "sensor") == set()
    # Its headers are read, and nothing beyond them where there is nothing to say.
    assert answer.ours("binary") >= {"attune_cli.binary.elf_header"}
    assert (
        answer.ours("binary") & {f"attune_cli.binary.{name}" for name in ("check", "codes", "libraries", "model")}
        == set()
    )


def test_an_action_of_a_pack_needs_yaml_alone(tmp_path: Path) -> None:
    answer = attune(tmp_path, "run", "action", "core.echo", "-p", "message=x")
    assert answer.said.startswith("x")
    assert answer.ours("process", "yaml12") >= {"attune_cli.process.engine", "attune_cli.yaml12"}
    assert answer.foreign == {"yaml"}
    assert answer.ours("binary", "database", "build", "sensor") == set()


def test_help_in_a_pipe_needs_typer_alone(tmp_path: Path) -> None:
    answer = attune(tmp_path, "--help")
    assert "Usage: attune" in answer.said
    assert {"typer"} <= answer.foreign <= {"typer", "annotated_doc", "click", "shellingham", "typing_extensions"}
    assert answer.ours("process", "yaml12", "execution", "runtime", "pack", "binary", "database", "build") == set()


# --- that this looks at all -------------------------------------------------------------------


def test_late_imports_are_seen(tmp_path: Path) -> None:
    """Inside a function, and also when the interpreter is left without being taken apart, as attune does."""
    late = "def late():\n    import rich.console, attune_cli.yaml12.nodes, zipfile\nlate()\n"
    for leave in ("", "import os\natexit._run_exitfuncs()\nos._exit(0)\n"):
        answer = ask(tmp_path, late + leave)
        assert answer.foreign >= {"rich"}
        assert answer.ours("yaml12", "process") >= {"attune_cli.yaml12.nodes"}
        assert answer.modules & HEAVY >= {"zipfile"}


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_what_is_heavy_exists(name: str) -> None:
    """A name with a slip of the pen would guard nothing."""
    assert find_spec(name)
