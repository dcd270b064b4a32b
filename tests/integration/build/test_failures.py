"""What goes wrong is told, and leaves everything as it was."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from attune_cli.binary.model import Platform
from attune_cli.build.builder import Options, build
from attune_cli.build.compiling import compiled
from attune_cli.build.lacking import Lacking
from attune_cli.build.model import OUT, Recipe, Source, Toolchain
from attune_cli.build.platforms import NAMES
from attune_cli.errors import AttuneError
from attune_cli.paths import cache_dir
from tests.integration.build.conftest import (
    GO_MOD,
    HELLO_C,
    HELLO_GO,
    SOURCES,
    Counted,
    MakePack,
    action,
    built_one,
    write,
)

pytestmark = pytest.mark.timeout(300)

HERE = Platform.here()
ELSEWHERE = Platform("linux", "arm64") if HERE.arch == "amd64" else Platform("linux", "amd64")


def left_behind() -> list[str]:
    """What a build had for itself and has not removed."""
    return [str(path) for path in cache_dir().glob("build/*/scratch*")]


def test_what_the_compiler_says_is_told_whole(make_pack: MakePack) -> None:
    root = make_pack({"hello.c": HELLO_C})
    before = built_one(root)
    content = (root / "actions/hello").read_bytes()
    write(root / "native/hello/hello.c", "int main(void) {\n    return wrong;\n}\n")
    with pytest.raises(AttuneError, match="hello was not built for") as caught:
        build(root)
    assert "hello.c:2" in str(caught.value.why)
    assert "wrong" in str(caught.value.why)
    assert caught.value.where == str(root / "native/hello")
    assert (root / "actions/hello").read_bytes() == content
    assert before.binary.sha256 in (root / "binaries.lock").read_text()
    assert sorted(os.listdir(root / "actions")) == ["hello", "hello.yaml"]
    assert left_behind() == []


def test_what_was_built_before_another_failed_stays(make_pack: MakePack, counted: Counted) -> None:
    files = {"hello.c": HELLO_C, "native/worse/x.c": "no C\n", "actions/worse.yaml": action("worse")}
    root = make_pack(files)
    with pytest.raises(AttuneError, match="worse was not built"):
        build(root)
    assert 'name = "hello"' in (root / "binaries.lock").read_text()
    compilations = counted.compilations
    assert not built_one(root, "hello").is_new
    assert counted.compilations == compilations


def source(folder: Path) -> Source:
    folder.mkdir()
    return Source(name="x", folder=folder, inside="native/x", language="make", entry_point="actions/x")


def by_shell(line: str) -> Recipe:
    """A recipe that any machine can follow."""
    shell = Toolchain(name="make", argv=("/bin/sh",), identity="", version=lambda: "1")
    return Recipe(toolchain=shell, argv=("/bin/sh", "-c", line, OUT))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("true", r"there is no executable at \$\(OUT\)"),
        ('printf "#!/bin/sh\\n" >"$0"', "it is no executable but: script"),
        ('echo text >"$0"', "it is no executable but: text"),
        (': >"$0"', "it is no executable but: empty"),
        ('head -c 4096 /bin/sh >"$0"', "are missing"),
        ('printf "\\177ELFxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" >"$0"', "."),
        ("echo sorry >&2; exit 3", "^sh exited with 3\nsorry$"),
        ("kill -SEGV $$", "^sh was ended by SIGSEGV$"),
    ],
)
def test_what_is_not_put_in_place(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(AttuneError) as caught:
        compiled(source(tmp_path / "x"), HERE, by_shell(line), tmp_path / "work", None)
    caught.match(r"(not|nothing) .*(built|put in place)")
    assert re.search(why, str(caught.value.why))


def test_an_executable_for_another_platform_is_not_put_in_place(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="is not put in place") as caught:
        compiled(source(tmp_path / "x"), ELSEWHERE, by_shell('cp /bin/sh "$0"'), tmp_path / "work", None)
    assert caught.value.why == f"it is made for {HERE}, and not for {ELSEWHERE}"


def test_a_compiler_that_hangs_is_stopped_with_all_it_has_started(tmp_path: Path) -> None:
    line = f"sleep 600 & echo $! >{tmp_path}/pid; wait"
    with pytest.raises(AttuneError, match="x was not built") as caught:
        compiled(source(tmp_path / "x"), HERE, by_shell(line), tmp_path / "work", 1.0)
    assert caught.value.why == "sh took longer than 1s and was stopped"
    pid = int((tmp_path / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def test_the_executable_may_be_running(make_pack: MakePack) -> None:
    """It goes on as it is; the new one is a new file."""
    waiting = '#include <stdio.h>\nint main(void) { puts("%s"); fflush(stdout); return getchar() == 10 ? %d : 1; }\n'
    root = make_pack({"hello.c": waiting % ("old", 7)})
    built_one(root)
    with subprocess.Popen([root / "actions/hello"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"old\n"
        write(root / "native/hello/hello.c", waiting % ("new", 8))
        assert built_one(root).is_new
        assert subprocess.run([root / "actions/hello"], input=b"\n", capture_output=True, check=False).returncode == 8
        assert running.communicate(b"\n")[0] == b""
    assert running.returncode == 7


def test_a_link_out_of_the_pack_is_not_followed(make_pack: MakePack, tmp_path: Path, counted: Counted) -> None:
    root = make_pack({"hello.c": HELLO_C})
    outside = write(tmp_path / "outside", "mine\n")
    (root / "actions/hello").symlink_to(outside)
    with pytest.raises(AttuneError, match="is a link out of the pack"):
        build(root)
    assert outside.read_text() == "mine\n"
    assert counted.compilations == 0


def test_sources_outside_of_the_pack_are_not_built(make_pack: MakePack, tmp_path: Path) -> None:
    root = make_pack({})
    write(tmp_path / "elsewhere/x.c", HELLO_C)
    (root / "native").mkdir()
    (root / "native/hello").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AttuneError, match="leads out of the pack"):
        build(root)


@contextmanager
def not_root() -> Iterator[None]:
    """Where the tests run as root, another user meanwhile: root may write everywhere."""
    was_root = os.getuid() == 0
    if was_root:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if was_root:
            os.setresuid(0, 0, 0)


def test_a_pack_that_cannot_be_written_to(
    make_pack: MakePack, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    """As one that is installed for all users is: it is said where it can be built instead."""
    with TemporaryDirectory() as name:
        open_folder = Path(name)
        root = Path(shutil.copytree(make_pack({"hello.c": HELLO_C}), open_folder / "demo"))
        (open_folder / "cache").mkdir()
        if os.getuid() == 0:
            os.chown(open_folder / "cache", 65534, 65534)
        for folder in (open_folder, root, root / "actions"):
            folder.chmod(0o555)
        monkeypatch.setenv("ATTUNE_CACHE_DIR", str(open_folder / "cache"))
        with not_root(), pytest.raises(AttuneError, match="the pack demo cannot be built where it lies") as caught:
            build(root)
        assert counted.compilations == 0
        for folder in (open_folder, root, root / "actions"):
            folder.chmod(0o755)
        # The cure cures.
        here = open_folder / "here"
        here.mkdir()
        copy, _, then = str(caught.value.help).splitlines()[0].rpartition(" && ")
        subprocess.run(copy, shell=True, check=True, cwd=here)
        assert then == "attune build packs/demo"
        assert built_one(here / "packs/demo").is_new


def test_all_that_is_lacking_is_told_before_anything_is_built(
    make_pack: MakePack, tools: Path, no_wheels: None
) -> None:
    del tools, no_wheels
    files = {
        **SOURCES["c"],
        **{f"native/gopher/{name}": text for name, text in SOURCES["go"].items()},
        "actions/gopher.yaml": action("gopher"),
    }
    root = make_pack(files)
    with pytest.raises(Lacking, match="this machine cannot build all of that") as caught:
        build(root)
    assert caught.value.where == f"gopher ({HERE}), hello ({HERE})"
    assert "there is no Go to build with" in str(caught.value.why)
    assert "there is no C compiler to build with" in str(caught.value.why)
    assert "pip install 'attune-cli[build]'" in str(caught.value.help)
    assert sorted(os.listdir(root / "actions")) == ["gopher.yaml", "hello.yaml"]


def test_a_platform_that_no_compiler_here_builds_for(make_pack: MakePack, counted: Counted, no_wheels: None) -> None:
    del no_wheels
    with pytest.raises(Lacking, match=f"no C compiler here builds for {ELSEWHERE}"):
        build(make_pack({"hello.c": HELLO_C}), platforms=[HERE, ELSEWHERE])
    assert counted.compilations == 0


def fake_go(folder: Path, version: str) -> Path:
    """A Go that is installed as Go is, of that version."""
    write(folder / f"go-{version}/VERSION", f"go{version}\ntime 2020-01-01\n")
    program = write(folder / f"go-{version}/bin/go", "#!/bin/sh\nexit 9\n")
    program.chmod(0o755)
    return program


def test_a_go_that_is_too_old_is_passed_over(make_pack: MakePack, tools: Path) -> None:
    (tools / "go").symlink_to(fake_go(tools.parent, "1.4.2"))
    one = built_one(make_pack(SOURCES["go"]))
    assert one.binary.toolchain_version != "1.4.2"


def test_no_go_is_new_enough(make_pack: MakePack, tools: Path) -> None:
    program = fake_go(tools.parent, "1.4.2")
    (tools / "go").symlink_to(program)
    files = {"go.mod": GO_MOD.replace("1.21", "9.99"), "main.go": HELLO_GO}
    with pytest.raises(Lacking, match=r"no Go here is new enough: the module wants 9\.99") as caught:
        build(make_pack(files))
    assert str(caught.value.why).startswith(f"{tools / 'go'} is 1.4.2, ")


def test_c_in_go_is_not_built_for_others(make_pack: MakePack) -> None:
    text = 'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n'
    root = make_pack({"go.mod": GO_MOD, "main.go": text})
    with pytest.raises(Lacking, match=f"what is built with cgo is not built for {ELSEWHERE} here"):
        build(root, platforms=[ELSEWHERE])


def test_a_rust_target_that_is_not_installed(make_pack: MakePack) -> None:
    files = {f"native/hello/{name}": text for name, text in SOURCES["cargo"].items()}
    with pytest.raises(Lacking, match=r"Cargo cannot build for windows/arm64 here|there is no Cargo"):
        build(make_pack(files), platforms=[Platform("windows", "arm64")])
    assert Platform("windows", "arm64") in NAMES


def test_a_second_build_waits_for_the_first(make_pack: MakePack, counted: Counted, command: Path) -> None:
    root = make_pack({"hello.c": HELLO_C})
    gate = counted.gate()

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen([command, "build", root], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    with start() as first:
        assert first.stderr is not None
        while not first.stderr.readline().startswith("building hello"):
            pass
        with start() as second:
            assert second.stderr is not None
            assert second.stderr.readline() == "waiting for another attune that builds this pack\n"
            gate.write_text("go\n")
            assert "unchanged" in second.communicate()[0]
        assert "built in" in first.communicate()[0]
    assert (first.returncode, second.returncode) == (0, 0)
    assert counted.compilations == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_interrupted(make_pack: MakePack, counted: Counted, command: Path, number: int) -> None:
    """The compiler is gone with it, and nothing is left."""
    root = make_pack({"hello.c": HELLO_C})
    counted.gate()
    with subprocess.Popen(
        [command, "build", root], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        while not process.stderr.readline().startswith("building hello"):
            pass
        while not counted.compilations:
            # A compiler that has been started writes its line before it waits.
            os.sched_yield()
        process.send_signal(number)
        said = process.communicate()[1]
    assert (process.returncode, said) == (130, "")
    assert os.listdir(root / "actions") == ["hello.yaml"]
    assert left_behind() == []
    # Nobody has the gate open for reading any longer.
    with pytest.raises(OSError, match="No such device or address"):
        os.open(counted.folder / "gate", os.O_WRONLY | os.O_NONBLOCK)


def test_time_runs_out(make_pack: MakePack, counted: Counted) -> None:
    counted.gate()
    with pytest.raises(AttuneError, match="hello was not built") as caught:
        build(make_pack({"hello.c": HELLO_C}), options=Options(timeout=0.5))
    assert caught.value.help == "--timeout gives it more time"
