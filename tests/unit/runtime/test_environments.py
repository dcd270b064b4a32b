"""An environment is built once, whole or not at all, however many ask for it and whoever is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError
from attune_cli.runtime.base import Progress, ignore_progress
from attune_cli.runtime.environments import MARKER, Recipe, digest, ensure

ROOT = Path(__file__).parents[3]

#: A process that builds, and notes each build in `log`. One that is called `slow` tells through
#: `begun` that it is at it, and goes on when someone opens `gate`, both of them named pipes.
BUILDER = """
import sys
from pathlib import Path
from attune_cli.runtime.environments import Recipe, ensure

base = Path(sys.argv[1])

def build(folder, progress):
    folder.mkdir()
    (folder / "half").write_text("")
    with (base / "log").open("a") as log:
        log.write("built\\n")
    if sys.argv[2] == "slow":
        (base / "begun").write_text("begun")
        (base / "gate").read_text()
    (folder / "proof").write_text("")

def say(line):
    print(line, flush=True)

recipe = Recipe("test", "the environment", ("x",), "proof", Path("source"), build)
print(ensure(recipe, say), flush=True)
"""


def recipe(build: Callable[[Path, Progress], None], *made_from: str) -> Recipe:
    return Recipe("test", "the environment", made_from, "proof", Path("source"), build)


def whole(folder: Path, progress: Progress) -> None:
    folder.mkdir()
    (folder / "proof").write_text("")
    progress("half done")


def never(folder: Path, _: Progress) -> None:
    pytest.fail(f"{folder} was built again")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for name in ("begun", "gate"):
        os.mkfifo(tmp_path / name)
    return tmp_path


@contextmanager
def builder(base: Path, pace: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs BUILDER; it does not outlive the test, whatever becomes of that."""
    env = {**os.environ, "ATTUNE_CACHE_DIR": str(base / "cache"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", BUILDER, str(base), pace]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def wait_until_begun(base: Path) -> None:
    assert (base / "begun").read_text() == "begun"


def test_it_is_built_once() -> None:
    seen: list[str] = []
    folder = ensure(recipe(whole), seen.append)
    assert seen == ["setting up the environment", "half done"]
    assert ensure(recipe(never), seen.append) == folder
    assert len(seen) == 2, "nothing is said when nothing is to be done"


def test_it_is_closed_to_others(home: Path) -> None:
    ensure(recipe(whole), ignore_progress)
    assert (home / "cache/attune/environments").stat().st_mode & 0o777 == 0o700


def test_what_it_is_made_from_makes_the_difference() -> None:
    folders = {recipe(whole, *parts).folder for parts in [("a", "b"), ("ab",), ("a", "b", ""), ("b", "a")]}
    assert len(folders) == 4
    assert recipe(whole, "a", "b").folder in folders


def test_the_digest_is_sha256_over_parts_and_lengths() -> None:
    import hashlib

    assert digest("é", b"ab") == hashlib.sha256(b"2:\xc3\xa92:ab").hexdigest()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (AttuneError("it is not there"), "it is not there"),
        (KeyboardInterrupt(), None),
        (OSError(28, "No space left on device"), "cannot make the environment .*No space left"),
    ],
)
def test_a_build_that_fails_leaves_nothing(error: BaseException, told: str | None) -> None:
    def fail(folder: Path, _: Progress) -> None:
        folder.mkdir()
        (folder / "proof").write_text("")
        raise error

    failing = recipe(fail)
    expected = AttuneError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected, match=told):
        ensure(failing, ignore_progress)
    assert [path.suffix for path in failing.folder.parent.iterdir()] in ([".lock"], [])
    assert ensure(recipe(whole), ignore_progress) == failing.folder


def test_an_installer_that_made_nothing_has_failed() -> None:
    with pytest.raises(AttuneError, match="made no proof"):
        ensure(recipe(lambda folder, _: folder.mkdir()), ignore_progress)


@pytest.mark.parametrize("broken", ["marker", "proof"])
def test_one_that_is_not_whole_is_built_anew(broken: str) -> None:
    folder = ensure(recipe(whole), ignore_progress)
    (folder / "old").write_text("")
    (folder / (MARKER if broken == "marker" else "proof")).unlink()
    assert ensure(recipe(whole), ignore_progress) == folder
    assert sorted(path.name for path in folder.iterdir()) == [MARKER, "proof"]
    assert list(folder.parent.glob("*.removed-*")) == []


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ATTUNE_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(AttuneError, match="cannot use the folder") as caught:
        ensure(recipe(whole), ignore_progress)
    assert "ATTUNE_CACHE_DIR" in str(caught.value.help)


def test_two_processes_at_once_build_one(base: Path) -> None:
    with builder(base, "slow") as first:
        wait_until_begun(base)
        with builder(base, "quick") as second:
            assert second.stdout
            assert second.stdout.readline() == "waiting for another attune that sets up the environment\n"
            (base / "gate").write_text("")
            folders = [child.communicate()[0].splitlines()[-1] for child in (first, second)]
    assert first.returncode == second.returncode == 0
    assert folders[0] == folders[1]
    assert (base / "log").read_text() == "built\n"


def test_one_that_was_killed_half_way_is_built_anew(base: Path) -> None:
    with builder(base, "slow"):
        wait_until_begun(base)
    with builder(base, "quick") as second:
        said = second.communicate()[0].splitlines()
    assert said[0] == "setting up the environment"
    assert sorted(path.name for path in Path(said[1]).iterdir()) == [MARKER, "half", "proof"]
    assert (base / "log").read_text() == "built\nbuilt\n"
