"""`attune build` and `attune binary verify` as they are typed."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.compilers import c_compiler
from tests.installed import ROOT
from tests.integration.build.conftest import HELLO_C, MakePack, write

pytestmark = pytest.mark.timeout(300)

SCHEMA = json.loads((ROOT / "attune_cli/report/schemas/build-1.json").read_text())


class Attune:
    """Calls of the command in the folder of `demo`'s parent."""

    def __init__(self, command: Path, folder: Path) -> None:
        self._command, self.folder = command, folder

    def __call__(self, *args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._command, *args], cwd=cwd or self.folder, capture_output=True, text=True, check=False
        )

    def document(self, *args: str) -> dict[str, Any]:
        """That of `attune build --json`, held against its schema."""
        document: dict[str, Any] = json.loads(self("build", *args, "--json").stdout)
        jsonschema.Draft202012Validator(SCHEMA).validate(document)
        return document


@pytest.fixture
def attune(command: Path, tmp_path: Path) -> Attune:
    return Attune(command, tmp_path)


@pytest.fixture
def root(make_pack: MakePack) -> Path:
    return make_pack({"hello.c": HELLO_C}, "packs/demo")


@pytest.mark.parametrize(
    "subject",
    [
        *("demo", "demo.hello", "packs/demo", "packs/demo/", "packs/demo/pack.yaml", "packs/demo/native/hello"),
        *("packs/demo/actions/hello.yaml", "packs/demo/actions/hello", "./packs/demo"),
    ],
)
def test_a_pack_by_its_names(attune: Attune, root: Path, subject: str) -> None:
    done = attune("build", subject)
    assert (done.returncode, done.stderr.splitlines()[-1].partition(" in ")[0]) == (0, "built actions/hello")
    head, row = done.stdout.splitlines()
    assert head.split() == ["EXECUTABLE", "PLATFORM", "STATUS", "SIZE", "TOOLCHAIN", "SHA-256"]
    assert row.startswith("actions/hello ")
    assert (root / "actions/hello").is_file()


def test_the_pack_around_the_current_folder(attune: Attune, root: Path) -> None:
    assert attune("build", cwd=root / "native/hello").returncode == 0
    done = attune("build", "-q", cwd=root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert attune("binary", "verify", cwd=root).returncode == 0


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        ((), 2, "which pack?"),
        (("nix",), 3, "there is no pack `nix`"),
        (("dem",), 3, "did you mean demo?"),
        (("demo.helo",), 3, "did you mean demo.hello?"),
        (("packs/demo/native/helo",), 3, "there is no such file or folder"),
        (("packs",), 3, "this is part of no pack"),
        (("demo", "--platform", "linux/amd46"), 2, "did you mean linux/amd64?"),
        (("demo", "--timeout", "soon"), 2, "is not a length of time"),
        (("demo", "--fast"), 2, "there is no option --fast"),
    ],
)
def test_what_is_not_understood(attune: Attune, root: Path, args: tuple[str, ...], status: int, said: str) -> None:
    done = attune("build", *args)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / "binaries.lock").exists()


def test_a_pack_without_sources(attune: Attune, root: Path) -> None:
    shutil.rmtree(root / "native")
    done = attune("build", "demo")
    assert (done.returncode, done.stdout) == (0, "")
    assert "there is nothing to build" in done.stderr
    assert attune.document("demo")["executables"] == []


def test_the_document(attune: Attune, root: Path) -> None:
    first, second = attune.document("demo"), attune.document("demo")
    assert (first["status"], first["pack"]) == ("built", str(root))
    (new,), (old,) = first["executables"], second["executables"]
    assert (new["status"], old["status"]) == ("built", "unchanged")
    assert new["refs"] == ["demo.hello"]
    assert {**new, "status": "", "duration_ms": 0} == {**old, "status": "", "duration_ms": 0}
    write(root / "native/hello/hello.c", "wrong\n")
    failed = attune.document("demo")
    assert (failed["status"], failed["executables"]) == ("not_built", [])
    assert "hello.c:1" in failed["error"]["why"]
    assert attune("build", "demo", "-j").returncode == 3
    assert attune.document("nix")["status"] == "not_built"


def test_warnings_of_the_compiler_are_shown(attune: Attune, root: Path) -> None:
    write(root / "native/hello/hello.c", f"#warning \x1b[31mred\n{HELLO_C}")
    done = attune("build", "demo", "-q")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("native/hello:\n")
    assert "#warning" in done.stderr
    assert "\x1b" not in done.stderr


def test_what_would_not_start_is_a_finding(
    attune: Attune, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linked with a library that is only there while it is built."""
    monkeypatch.setenv("CC", shlex.join(c_compiler()))
    write(tmp_path / "lib.c", "int answer(void) { return 42; }\n")
    library = tmp_path / "libanswer.so"
    link = ["-shared", "-fPIC", "-Wl,-soname,libanswer.so", "-o", str(library), str(tmp_path / "lib.c")]
    subprocess.run([*c_compiler(), *link], check=True)
    write(root / "native/hello/hello.c", "int answer(void);\nint main(void) { return answer(); }\n")
    write(root / "pack.yaml", f"ref: demo\nversion: 1.0.0\nnative: {{hello: {{flags: [{library}]}}}}\n")
    done = attune("build", "demo")
    assert done.returncode == 1
    assert "error ATN111" in done.stderr
    assert "libanswer.so" in done.stderr
    assert attune.document("demo", "--force")["executables"][0]["findings"][0]["code"] == "ATN111"


def test_verify(attune: Attune, root: Path) -> None:
    attune("build", "demo")
    done = attune("binary", "verify", "demo")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("✓ no errors or warnings in 1 file")
    write(root / "native/hello/hello.c", f"{HELLO_C}\n")
    done = attune("binary", "verify", "demo", "packs/demo", "-q")
    assert done.returncode == 1
    assert (
        done.stdout.splitlines()[0]
        == "packs/demo/binaries.lock:5:1: error ATN122 `actions/hello` is older than its source"
    )
    assert done.stdout.count("ATN122") == 1
    found = json.loads(attune("binary", "verify", "demo", "-j").stdout)
    assert [one["code"] for one in found["findings"]] == ["ATN122"]
    cure = found["findings"][0]["help"].split()
    assert cure[0] == "attune"
    assert attune(*cure[1:]).returncode == 0
    assert attune("binary", "verify", "demo", "--report", "sarif=out.sarif").returncode == 0
    assert json.loads((attune.folder / "out.sarif").read_text())["runs"][0]["results"] == []


def test_verify_what_is_not_there(attune: Attune) -> None:
    assert attune("binary", "verify").returncode == 2
    done = attune("binary", "verify", "nix", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["what"] == "there is no pack `nix`"


def test_run_says_how_it_is_built(attune: Attune, root: Path) -> None:
    del root
    done = attune("run", "action", "demo.hello")
    assert done.returncode == 127
    (cure,) = [line.partition("help:")[2].strip() for line in done.stderr.splitlines() if "help:" in line]
    assert cure.startswith("attune build ")
    assert attune(*cure.split()[1:]).returncode == 0
    assert attune("run", "action", "demo.hello", "-q").stdout == "hello 1.2.3\n"
