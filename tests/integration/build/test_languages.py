"""Sources of every language become an executable at the entry point, which starts."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from attune_cli.binary.model import Platform
from attune_cli.binary.read import identify
from attune_cli.build.builder import build
from attune_cli.build.lacking import Lacking
from attune_cli.build.lock import read_lock
from attune_cli.errors import AttuneError
from tests.integration.build.conftest import GO_MOD, HELLO_GO, SOURCES, MakePack, action, built_one, write

pytestmark = pytest.mark.timeout(600)  # a compiler from a wheel builds its C library first

#: Languages whose compilers come as wheels, or whose tools this machine has.
HERE = [
    language
    for language in SOURCES
    if language in {"c", "go", "zig"} or shutil.which("cargo" if language == "cargo" else "make")
]


@pytest.mark.parametrize("language", SOURCES)
def test_it_is_built_where_it_is_started_from(make_pack: MakePack, language: str) -> None:
    root = make_pack(SOURCES[language])
    if language not in HERE:
        # No wheel brings this tool: what is said then is all there is to test.
        with pytest.raises(Lacking, match=r"there is no (Cargo|`make`) to build with"):
            build(root)
        assert not (root / "binaries.lock").exists()
        return
    one = built_one(root)
    executable = root / "actions/hello"
    said = subprocess.run([executable], capture_output=True, text=True, check=True)
    expected = "hello" if language in {"zig", "make"} else "hello 1.2.3"
    assert (said.stdout or said.stderr).strip() == expected
    assert stat.S_IMODE(executable.stat().st_mode) == 0o755
    assert one.is_new
    assert one.source.refs == ("demo.hello",)
    assert sorted(os.listdir(root / "actions")) == ["hello", "hello.yaml"]


@pytest.mark.parametrize("language", HERE)
def test_what_is_written_down_is_true(make_pack: MakePack, language: str) -> None:
    root = make_pack(SOURCES[language])
    one = built_one(root)
    content = (root / "actions/hello").read_bytes()
    (entry,) = read_lock(root).entries
    assert entry == one.binary
    assert (entry.name, entry.platform, entry.version) == ("hello", str(Platform.here()), "1.2.3")
    assert (entry.path, entry.size) == ("actions/hello", len(content))
    assert entry.sha256 == hashlib.sha256(content).hexdigest()
    assert entry.build_id == identify(root / "actions/hello", everything=True).build_id
    assert entry.toolchain_version[0].isdigit()
    if Platform.here().os == "linux":
        assert len(entry.build_id or "") == 40


@pytest.mark.parametrize("language", HERE)
def test_two_builds_are_the_same_file(
    make_pack: MakePack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """In two folders, with caches of their own as far as attune's go."""
    digests = []
    for number, folder in enumerate(("one", "another/further/down")):
        root = make_pack(SOURCES[language], folder)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache{number}"))
        digests.append(built_one(root).binary.sha256)
    assert digests[0] == digests[1]
    assert b"/further/down" not in (tmp_path / "another/further/down/actions/hello").read_bytes()


def test_a_library_beside_the_sources(make_pack: MakePack) -> None:
    """It belongs to them: where it lies is not in the executable, and when it changes that is built anew."""
    library = "pub fn place() -> &'static str { file!() }\n"
    root = make_pack(
        {
            "Cargo.toml": f'{SOURCES["cargo"]["Cargo.toml"]}[dependencies]\nplace = {{ path = "../place" }}\n',
            "Cargo.lock": 'version = 3\n\n[[package]]\nname = "hello"\nversion = "0.1.0"\ndependencies = ["place"]\n\n'
            '[[package]]\nname = "place"\nversion = "0.1.0"\n',
            "src/main.rs": 'fn main() { println!("{}", place::place()); }\n',
            "native/place/Cargo.toml": SOURCES["cargo"]["Cargo.toml"].replace("hello", "place"),
            "native/place/src/lib.rs": library,
        }
    )
    if "cargo" not in HERE:
        with pytest.raises(Lacking, match="there is no Cargo to build with"):
            build(root)
        return
    built_one(root)
    assert subprocess.check_output([root / "actions/hello"], text=True) == "/native/place/src/lib.rs\n"
    write(root / "native/place/src/lib.rs", library.replace("file!()", '"moved"'))
    assert built_one(root).is_new
    assert subprocess.check_output([root / "actions/hello"], text=True) == "moved\n"


def test_dates_in_c_are_the_same_in_every_build(make_pack: MakePack) -> None:
    root = make_pack({"hello.c": '#include <stdio.h>\nint main(void) { puts(__DATE__ " " __FILE__); return 0; }\n'})
    built_one(root)
    assert subprocess.check_output([root / "actions/hello"], text=True) == "Jan  1 1970 hello.c\n"


def test_several_files_libraries_and_flags(make_pack: MakePack) -> None:
    main = "#include <math.h>\n#include <stdio.h>\nint twice(int);\n"
    main += 'int main(int c, char **v) { (void)v; printf("%d %.0f\\n", twice(VALUE), cos(c - 1.0)); return 0; }\n'
    root = make_pack(
        {
            "pack.yaml": "ref: demo\nversion: 1.2.3\nnative: {hello: {flags: [-DVALUE=21, -lm]}}\n",
            "a_main.c": main,
            "b_twice.c": '#include "twice.h"\nint twice(int n) { return FACTOR * n; }\n',
            "twice.h": "#define FACTOR 2\n",
            "test_twice.c": "int main(void) { return 0; }\n",
            "twice_test.c": "int main(void) { return 0; }\n",
        }
    )
    built_one(root)
    assert subprocess.check_output([root / "actions/hello"], text=True) == "42 1\n"


def test_a_program_among_the_commands_of_a_module(make_pack: MakePack) -> None:
    other = HELLO_GO.replace("hello ", "other ")
    root = make_pack({"go.mod": GO_MOD, "cmd/hello/main.go": HELLO_GO, "cmd/other/main.go": other})
    built_one(root)
    assert subprocess.run([root / "actions/hello"], capture_output=True, check=True).stderr == b"hello 1.2.3\n"
    write(root / "pack.yaml", "ref: demo\nversion: 2.0.0\nnative: {hello: {package: ./cmd/other}}\n")
    built_one(root)
    assert subprocess.run([root / "actions/hello"], capture_output=True, check=True).stderr == b"other 2.0.0\n"


def test_a_module_without_a_program(make_pack: MakePack) -> None:
    with pytest.raises(AttuneError, match="which package of the module is the program") as caught:
        build(make_pack({"go.mod": GO_MOD, "cmd/a/a.go": HELLO_GO, "cmd/b/b.go": HELLO_GO}))
    assert caught.value.why == "there are cmd/a, cmd/b"
    with pytest.raises(AttuneError, match="which package of the module is the program"):
        build(make_pack({"go.mod": GO_MOD}, "other"))


def test_a_module_that_says_otherwise_than_the_users_settings(
    make_pack: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment of whoever builds changes nothing of what is built."""
    plain = built_one(make_pack(SOURCES["go"], "plain")).binary.sha256
    monkeypatch.setenv("GOFLAGS", "-tags=x -race")
    monkeypatch.setenv("GOARCH", "wasm")
    monkeypatch.setenv("GOROOT", "/nowhere")
    monkeypatch.setenv("CGO_ENABLED", "1")
    monkeypatch.setenv("CFLAGS", "-DX")
    assert built_one(make_pack(SOURCES["go"], "other")).binary.sha256 == plain


def test_zig_with_a_build_file(make_pack: MakePack) -> None:
    text = """const std = @import("std");
pub fn build(b: *std.Build) void {
    const module = b.createModule(.{
        .root_source_file = b.path("src/start.zig"),
        .target = b.standardTargetOptions(.{}),
        .optimize = b.standardOptimizeOption(.{}),
    });
    b.installArtifact(b.addExecutable(.{ .name = "hello", .root_module = module }));
}
"""
    root = make_pack({"build.zig": text, "src/start.zig": SOURCES["zig"]["main.zig"]})
    built_one(root)
    assert subprocess.run([root / "actions/hello"], capture_output=True, check=True).stderr == b"hello\n"
    assert [name for name in os.listdir(root / "native/hello") if name not in {"build.zig", "src"}] == []


def test_a_go_library_beside_the_sources(make_pack: MakePack) -> None:
    library = (
        'package place\n\nimport "runtime"\n\nfunc Place() string { _, file, _, _ := runtime.Caller(0); return file }\n'
    )
    main = 'package main\n\nimport "example.com/place"\n\nfunc main() { println(place.Place()) }\n'
    replaced = "\nrequire example.com/place v0.0.0\n\nreplace example.com/place => ../place\n"
    root = make_pack(
        {
            "go.mod": GO_MOD + replaced,
            "main.go": main,
            "native/place/go.mod": "module example.com/place\n\ngo 1.21\n",
            "native/place/place.go": library,
        }
    )
    built_one(root)
    said = subprocess.run([root / "actions/hello"], capture_output=True, check=True).stderr
    assert said == b"example.com/place@v0.0.0/place.go\n"
    write(root / "native/place/place.go", f"{library}\n")
    assert built_one(root).is_new


def test_a_version_that_is_not_in_the_executable_is_written_down(make_pack: MakePack) -> None:
    root = make_pack(SOURCES["zig"])
    first = built_one(root)
    write(root / "pack.yaml", "ref: demo\nversion: 2.0.0\n")
    second = built_one(root)
    assert (first.binary.sha256, second.binary.version) == (second.binary.sha256, "2.0.0")
    assert [entry.version for entry in read_lock(root).entries] == ["2.0.0"]


def test_several_sources_and_one_that_nothing_starts(make_pack: MakePack) -> None:
    c = SOURCES["c"]["hello.c"]
    files = {"hello.c": c, "native/unused/x.c": c, "native/second/x.c": c, "actions/second.yaml": action("second")}
    assert [one.source.name for one in build(make_pack(files))] == ["hello", "second"]
