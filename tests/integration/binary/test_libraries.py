"""The libraries are those that the loader itself would take; in roots of other machines, those it would take there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.binary.libraries import Resolver, resolve
from attune_cli.binary.model import Facts, Library
from attune_cli.binary.read import identify
from tests.binaries import ASKING, LIBRARY, Binaries
from tests.compilers import Compiler

LOADER = Path("/lib64/ld-linux-x86-64.so.2")
here = pytest.mark.skipif(not LOADER.exists(), reason="glibc's loader for x86-64 is not there")

#: How the loader lists a library that it finds, and one that it does not.
_FOUND = re.compile(r"\t(\S+) => (\S+) \(0x")
_MISSING = re.compile(r"\t(\S+) => not found")


def listed(program: Path, **environ: str) -> dict[str, str | None]:
    """What the loader says, by name. It starts nothing of the program's own."""
    environ["LD_TRACE_LOADED_OBJECTS"] = "1"
    said = subprocess.run([program], env=environ, capture_output=True, text=True, check=False).stdout
    return {**dict(_FOUND.findall(said)), **dict.fromkeys(_MISSING.findall(said))}


def found(facts: Facts, library_path: tuple[str, ...] = ()) -> dict[str, str | None]:
    """The same as the reader has it, the loader itself left out, which is in the list under its path."""
    libraries = resolve(facts, library_path=library_path)
    return {each.name: str(each.path) if each.path else None for each in libraries if not each.name.startswith("ld-")}


def same(ours: dict[str, str | None], theirs: dict[str, str | None]) -> bool:
    """As files: the loader may come to one by another path."""

    def files(paths: dict[str, str | None]) -> dict[str, str | None]:
        return {name: path and os.path.realpath(path) for name, path in paths.items()}

    return files(ours) == files(theirs)


# --- what the loader of this machine says ---


@here
def test_programs_of_this_machine() -> None:
    resolver = Resolver()
    everything = [identify(path) for path in sorted(Path("/usr/bin").iterdir()) if os.access(path, os.R_OK)]
    programs = [facts for facts in everything if facts.interpreter == str(LOADER) and not facts.setuid]
    for facts in programs[:: -(-len(programs) // 60)]:
        assert same(found(facts), listed(facts.path)), facts.path
    libraries = [library for facts in programs for library in resolver.resolve(facts)]
    assert [library for library in libraries if library.path is None or library.lacks] == []


@here
@pytest.mark.parametrize("flags", ["-Wl,--enable-new-dtags", "-Wl,--disable-new-dtags"])
@pytest.mark.parametrize("folder", ["$ORIGIN/lib", "${ORIGIN}/../{name}/lib", "{folder}/lib", "/nowhere:{folder}/lib"])
def test_folders_that_the_program_names(binaries: Binaries, tmp_path: Path, flags: str, folder: str) -> None:
    place = tmp_path / "program"
    path = folder.replace("{folder}", str(place)).replace("{name}", place.name)
    program = lay_out(place, binaries.asking(f"-Wl,-rpath,{path}", flags), {"lib/libanswer.so.1": binaries.library})
    assert found(identify(program))["libanswer.so.1"] is not None
    assert same(found(identify(program)), listed(program))
    # By a link from elsewhere: `$ORIGIN` is where the program is.
    link = tmp_path / "link"
    link.symlink_to(program)
    assert same(found(identify(link)), listed(program))


def lay_out(folder: Path, program: Path, files: dict[str, Path]) -> Path:
    """A program and its libraries in a folder."""
    for name, source in {"asking": program, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / name)
    return folder / "asking"


@here
@pytest.mark.parametrize(
    ("own", "flags", "inherited"),
    [
        ((), "-Wl,--enable-new-dtags", False),
        ((), "-Wl,--disable-new-dtags", True),
        # A RUNPATH of its own: nobody else's RPATH counts.
        (("-Wl,-rpath,/nowhere", "-Wl,--enable-new-dtags"), "-Wl,--disable-new-dtags", False),
        (("-Wl,-rpath,/nowhere", "-Wl,--disable-new-dtags"), "-Wl,--disable-new-dtags", True),
    ],
)
def test_rpath_is_inherited_and_runpath_is_not(
    chain: Callable[[tuple[str, ...], str], Path], own: tuple[str, ...], flags: str, inherited: bool
) -> None:
    program = chain(own, flags)
    ours = found(identify(program))
    assert (ours["libanswer.so.1"] is not None) is inherited
    assert same(ours, listed(program))


@pytest.fixture
def chain(compile_c: Compiler, binaries: Binaries, tmp_path: Path) -> Callable[[tuple[str, ...], str], Path]:
    """A program, a library that it names the folder of, and a third that this asks for, in the same folder."""

    def make(own: tuple[str, ...], flags: str) -> Path:
        between = compile_c(
            "int answer(void);\nint between(void) { return answer(); }\n",
            "libbetween.so",
            "-shared", "-fPIC", "-Wl,-soname,libbetween.so.1", "-Wl,--no-as-needed", str(binaries.library), *own,
        )  # fmt: skip
        program = compile_c(
            ASKING.replace("answer", "between"),
            "asking",
            "-Wl,--no-as-needed", str(between), "-Wl,--allow-shlib-undefined", "-Wl,-rpath,$ORIGIN/lib", flags,
        )  # fmt: skip
        return lay_out(tmp_path, program, {"lib/libbetween.so.1": between, "lib/libanswer.so.1": binaries.library})

    return make


@here
def test_what_is_missing_and_what_the_caller_adds(binaries: Binaries, tmp_path: Path) -> None:
    facts = identify(binaries.missing_library)
    assert found(facts)["libanswer.so.1"] is None
    assert same(found(facts), listed(facts.path))
    shutil.copy(binaries.library, tmp_path / "libanswer.so.1")
    assert same(found(facts, (str(tmp_path),)), listed(facts.path, LD_LIBRARY_PATH=str(tmp_path)))


@here
def test_the_environment_does_not_choose_for_a_program_with_rights(binaries: Binaries, tmp_path: Path) -> None:
    shutil.copy(binaries.library, tmp_path / "libanswer.so.1")
    program = binaries.file("setuid", binaries.missing_library.read_bytes(), mode=0o4755)
    assert found(identify(program), (str(tmp_path),))["libanswer.so.1"] is None


@here
def test_a_library_of_another_machine_is_passed_over(binaries: Binaries, tmp_path: Path) -> None:
    """Wherever it lies: the next one counts."""
    flags = ("-Wl,-rpath,$ORIGIN/a:$ORIGIN/b:$ORIGIN/c:$ORIGIN/d", "-Wl,--disable-new-dtags")
    wrong = {
        "a/libanswer.so.1": binaries.i386,
        "b/libanswer.so.1": binaries.arm64,
        "c/libanswer.so.1": binaries.text,
    }
    program = lay_out(tmp_path, binaries.asking(*flags), {**wrong, "d/libanswer.so.1": binaries.library})
    assert found(identify(program))["libanswer.so.1"] == str(tmp_path / "d/libanswer.so.1")


@here
def test_versions_that_a_library_lacks(binaries: Binaries) -> None:
    """As the loader says: version `GLIBC_9.99' not found (required by ...)."""
    facts = identify(binaries.too_new)
    libc = {library.name: library for library in resolve(facts)}["libc.so.6"]
    assert libc.lacks == (("GLIBC_9.99", binaries.too_new),)
    said = subprocess.run([binaries.too_new], capture_output=True, text=True, check=False).stderr
    assert "GLIBC_9.99" in said
    assert facts.glibc == (9, 99)


def test_only_elf_files_have_libraries_to_be_found(binaries: Binaries) -> None:
    for name in ("macos_arm64", "windows_amd64", "script", "static", "text"):
        assert resolve(identify(binaries[name])) == ()


# --- roots of other machines ---


class Machine:
    """A root with nothing in it but what is put there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, name: str, source: Path) -> None:
        target = self.path / name.removeprefix("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)

    def link(self, name: str, target: str) -> None:
        path = self.path / name.removeprefix("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    def libraries(self, program: Path) -> dict[str, str | None]:
        """Where they are found, seen from within."""
        return {each.name: self._within(each) for each in resolve(identify(program), self.path)}

    def _within(self, library: Library) -> str | None:
        return f"/{library.path.relative_to(self.path)}" if library.path else None


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "root").mkdir()
    return Machine(tmp_path / "root")


@pytest.mark.parametrize(
    "folder", ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib"]
)
def test_folders_that_every_loader_knows(binaries: Binaries, machine: Machine, folder: str) -> None:
    machine.put(f"{folder}/libc.so.6", binaries.library)
    assert machine.libraries(binaries.dynamic) == {"libc.so.6": f"{folder}/libc.so.6"}


def test_nothing_of_this_machine_gets_in(binaries: Binaries, machine: Machine) -> None:
    assert machine.libraries(binaries.dynamic) == {"libc.so.6": None}
    machine.link("/lib64/libc.so.6", "/lib/x86_64-linux-gnu/libc.so.6")
    machine.link("/usr/lib/libc.so.6", "../../../../../../../../lib/x86_64-linux-gnu/libc.so.6")
    assert machine.libraries(binaries.dynamic) == {"libc.so.6": None}


def test_links_within_a_root_stay_in_it(binaries: Binaries, machine: Machine) -> None:
    machine.put("/usr/somewhere/libc-real.so", binaries.library)
    machine.link("/usr/lib/libc.so.6", "/usr/somewhere/libc-real.so")
    assert machine.libraries(binaries.dynamic) == {"libc.so.6": "/usr/somewhere/libc-real.so"}
    machine.link("/lib64", "/usr/somewhere")
    machine.link("/usr/somewhere/libc.so.6", "libc-real.so")
    assert machine.libraries(binaries.dynamic) == {"libc.so.6": "/usr/somewhere/libc-real.so"}
    machine.link("/lib", "/lib")
    assert machine.libraries(binaries.dynamic) == {"libc.so.6": "/usr/somewhere/libc-real.so"}


def test_programs_of_another_processor(binaries: Binaries, machine: Machine) -> None:
    """A library of ours in its place does not count."""
    machine.put("/lib/aarch64-linux-gnu/libc.so.6", binaries.library)
    assert machine.libraries(binaries.arm64) == {"libc.so.6": None}
    machine.put("/usr/lib64/libc.so.6", binaries.zig(LIBRARY, "libanswer-arm64.so", "aarch64-linux-musl", "-shared"))
    assert machine.libraries(binaries.arm64) == {"libc.so.6": "/usr/lib64/libc.so.6"}


def test_musl_has_its_own_libraries_in_its_loader(binaries: Binaries, machine: Machine) -> None:
    assert machine.libraries(binaries.musl_dynamic) == {"libc.so": None}
    machine.put("/lib/ld-musl-x86_64.so.1", binaries.library)
    assert machine.libraries(binaries.musl_dynamic) == {"libc.so": "/lib/ld-musl-x86_64.so.1"}


@pytest.mark.parametrize(
    ("file", "folder"), [(None, "/usr/local/lib"), ("/opt/a:/opt/b\n", "/opt/b"), ("/opt/a\n/opt/c\n", "/opt/c")]
)
def test_folders_of_musl(binaries: Binaries, machine: Machine, file: str | None, folder: str) -> None:
    """Those in its own file, or its three."""
    machine.put("/lib/ld-musl-x86_64.so.1", binaries.library)
    machine.put(f"{folder}/libanswer.so.1", binaries.library)
    # Of glibc's folders it knows nothing.
    machine.put("/lib64/libanswer.so.1", binaries.library)
    if file:
        machine.put("/etc/ld-musl-x86_64.path", binaries.file("path", file.encode()))
    program = binaries.asking("-Wl,-dynamic-linker,/lib/ld-musl-x86_64.so.1")
    assert machine.libraries(program)["libanswer.so.1"] == f"{folder}/libanswer.so.1"


def test_the_path_of_musl_replaces_its_folders(binaries: Binaries, machine: Machine) -> None:
    machine.put("/lib/libanswer.so.1", binaries.library)
    machine.put("/etc/ld-musl-x86_64.path", binaries.file("path", b"/opt\n"))
    program = binaries.asking("-Wl,-dynamic-linker,/lib/ld-musl-x86_64.so.1")
    assert machine.libraries(program)["libanswer.so.1"] is None
