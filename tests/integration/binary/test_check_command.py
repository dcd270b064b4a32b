"""`attune binary check` and `show` as they are called, and the same look before a run."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import jsonschema
import pytest

from tests.binaries import Binaries
from tests.compilers import Compiler
from tests.installed import ROOT
from tests.integration.cli.conftest import Attune


@pytest.fixture
def attune(tmp_path: Path) -> Iterator[Attune]:
    """The command, in a folder of its own."""
    (tmp_path / "bin").mkdir()
    with ExitStack() as stack:
        yield Attune(tmp_path, stack)


@pytest.fixture
def demo(attune: Attune) -> Path:
    """A pack with a native action, `run`, whose entry point is not there, and one of the shell."""
    root = attune.folder / "demo"
    (root / "actions").mkdir(parents=True)
    (root / "pack.yaml").write_text("ref: demo\nlabel: Demo\ndescription: A demo\nversion: 1.0.0\n")
    for name, runner in (("run", "native"), ("say", "shell")):
        text = f"ref: demo.{name}\nlabel: L\nrunner_type: {runner}\nentry_point: {name}\n"
        (root / "actions" / f"{name}.yaml").write_text(text)
    return root


def test_a_program_that_starts(attune: Attune, binaries: Binaries) -> None:
    done = attune("binary", "check", binaries.dynamic)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith("✓ no errors or warnings in 1 file".encode())


def test_one_that_does_not(attune: Attune, binaries: Binaries) -> None:
    done = attune("binary", "check", binaries.missing_library)
    assert done.returncode == 1
    first, second, *_ = done.stdout.decode().splitlines()
    assert first.startswith(f"{binaries.missing_library}: error ATN111 needs libanswer.so.1, which is in none of")
    assert second.startswith("  help: install the package")


def test_for_another_platform(attune: Attune, binaries: Binaries) -> None:
    assert attune("binary", "check", binaries.arm64, "--platform", "linux/aarch64").returncode == 0
    assert attune("binary", "check", binaries.arm64, "--platform", "linux/amd64").returncode == 1
    done = attune("binary", "check", binaries.glibc_2_38, "--platform=linux/amd64", "--glibc=2.31")
    assert b"needs GLIBC_2.38, and glibc 2.31 is what there is" in done.stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nothing"], b"nothing does not exist"),
        (["/bin/sh", "--platform", "linux"], b"'linux' is no platform"),
        (["/bin/sh", "--glibc", "new"], b"'new' is no version of glibc"),
        (["/bin/sh", "--select", "XYZ"], b"XYZ"),
        (["/bin/sh", "--fixx"], b"--fixx"),
    ],
)
def test_wrong_calls(attune: Attune, args: list[str], said: bytes) -> None:
    done = attune("binary", "check", *args)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr


def test_the_bit_is_set(attune: Attune, binaries: Binaries) -> None:
    program = binaries.file("program", binaries.dynamic.read_bytes(), 0o640)
    done = attune("binary", "check", program)
    assert (done.returncode, b"ATN105" in done.stdout) == (1, True)
    done = attune("binary", "check", program, "--fix")
    assert (done.returncode, b"is executable now" in done.stderr) == (0, True)
    # For those who may read it, and nobody else.
    assert stat.S_IMODE(program.stat().st_mode) == 0o750


def test_a_pack_is_its_native_entry_points(attune: Attune, demo: Path, binaries: Binaries) -> None:
    done = attune("binary", "check", "demo")
    assert done.returncode == 1
    assert b"demo/actions/run: error ATN100 does not exist" in done.stdout
    assert b"attune build demo" in done.stdout
    shutil.copy(binaries.dynamic, demo / "actions" / "run")
    for path in ("demo", "."):
        done = attune("binary", "check", path, "-j")
        assert json.loads(done.stdout)["summary"]["files"] == 1
    assert b" in 1 file" in attune.shell("cd demo/actions && attune binary check").stdout


def test_a_folder_is_the_programs_in_it(attune: Attune, binaries: Binaries) -> None:
    folder = attune.folder / "programs"
    (folder / "below" / ".hidden").mkdir(parents=True)
    for source, name in ((binaries.dynamic, "a"), (binaries.arm64, "below/b"), (binaries.empty, "below/.hidden/c")):
        shutil.copy(source, folder / name)
    shutil.copyfile(binaries.library, folder / "lib.so")
    (folder / "notes.txt").write_text("no program\n")
    (folder / "bare").write_text("echo no shebang\n")
    (folder / "bare").chmod(0o755)
    done = attune("binary", "check", "programs", "-j")
    document = json.loads(done.stdout)
    found = {(Path(each["path"]).name, each["code"]) for each in document["findings"]}
    assert (found, document["summary"]["files"]) == ({("b", "ATN107"), ("bare", "ATN102")}, 3)


def test_every_report(attune: Attune, binaries: Binaries) -> None:
    names = ("text", "json", "yaml", "sarif", "junit", "github")
    reports = [word for name in names for word in ("--report", f"{name}=out.{name}")]
    assert attune("binary", "check", binaries.empty, "-q", *reports).returncode == 1
    texts = {name: (attune.folder / f"out.{name}").read_text() for name in names}
    assert all("ATN100" in text for text in texts.values())
    (finding,) = json.loads(texts["json"])["findings"]
    assert (finding["start"], finding["end"]) == (None, None)
    (result,) = json.loads(texts["sarif"])["runs"][0]["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert "line=" not in texts["github"]
    assert 'name="attune binary check"' in texts["junit"]


def test_what_is_asked_for(attune: Attune, binaries: Binaries) -> None:
    program = binaries.file("program", binaries.static.read_bytes(), 0o757)
    assert attune("binary", "check", program).returncode == 0
    assert attune("binary", "check", program, "--strict").returncode == 1
    assert attune("binary", "check", program, "--strict", "--ignore", "ATN113").returncode == 0
    assert b"ATN113" not in attune("binary", "check", program, "--show", "error").stdout


def test_what_is_shown(attune: Attune, binaries: Binaries) -> None:
    done = attune("binary", "show", binaries.glibc_2_38)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert all(word in text for word in ("linux/amd64", "glibc", "2.38 or newer", "sha256", "libc.so.6"))
    document = json.loads(attune("binary", "show", binaries.arm64, "-j").stdout)
    assert (document["schema"], document["platforms"], document["kind"]) == ("attune.binary/1", ["linux/arm64"], "ELF")
    assert len(document["sha256"]) == 64
    schema = json.loads((ROOT / "attune_cli/report/schemas/binary-1.json").read_text())
    others = (binaries.universal, binaries.dynamic, binaries.script, binaries.too_new, attune.folder)
    for path in (binaries.arm64, *others):
        jsonschema.validate(json.loads(attune("binary", "show", path, "-j").stdout), schema)
    assert attune("binary", "show", "nothing").returncode == 2
    assert attune("binary", "show", attune.folder).returncode == 0


def test_a_run_says_why_the_kernel_would_refuse(attune: Attune, binaries: Binaries) -> None:
    done = attune("run", "action", binaries.arm64)
    assert done.returncode == 126
    assert b"is for linux/arm64, and this machine is" in done.stderr
    assert b"attune build --platform" in done.stderr


def test_a_run_goes_as_on_the_platform_when_a_library_is_missing(attune: Attune, binaries: Binaries) -> None:
    """The loader has the last word; which library it was is told behind."""
    done = attune("run", "action", binaries.missing_library, "-j")
    execution = json.loads(done.stdout)
    assert (done.returncode, execution["exit_code"]) == (127, 127)
    (warning,) = (each for each in execution["warnings"] if each["code"] == "PAR017")
    assert warning["message"].startswith("the program needs libanswer.so.1")


def test_a_library_that_the_run_is_told_of(attune: Attune, binaries: Binaries) -> None:
    shutil.copy(binaries.library, attune.folder / "libanswer.so.1")
    env = f"LD_LIBRARY_PATH={attune.folder}"
    done = attune("run", "action", binaries.missing_library, "--env", env, "-j")
    assert (done.returncode, json.loads(done.stdout)["warnings"]) == (42, [])


def test_a_program_that_ends_as_if_it_could_not_be_loaded(
    attune: Attune, binaries: Binaries, compile_c: Compiler
) -> None:
    """Its library is where the run says, so nothing is said of that."""
    library = compile_c("int answer(void) { return 127; }\n", "libanswer.so", "-shared", "-fPIC")
    shutil.copy(library, attune.folder / "libanswer.so.1")
    done = attune("run", "action", binaries.missing_library, "--env", f"LD_LIBRARY_PATH={attune.folder}", "-j")
    assert (done.returncode, json.loads(done.stdout)["warnings"]) == (127, [])


def test_validation_looks_into_native_entry_points(attune: Attune, demo: Path, binaries: Binaries) -> None:
    shutil.copy(binaries.arm64, demo / "actions" / "run")
    done = attune("pack", "validate", "demo", "--no-cache", "--select", "ATN1")
    assert b"run.yaml:4:14: warning ATN107 `actions/run` is for linux/arm64" in done.stdout
    (demo / "actions" / "run").write_bytes(binaries.truncated.read_bytes())
    done = attune("pack", "validate", "demo", "--select", "ATN1")
    assert b"run.yaml:4:14: error ATN109 `actions/run` ends" in done.stdout
