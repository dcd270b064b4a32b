"""pyelftools and lief agree with the reader on every fact they know: on this machine's files and on all fixtures."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from attune_cli.binary.model import Facts, Kind
from attune_cli.binary.read import identify
from tests.binaries import WHOLE, Binaries
from tests.integration.binary import oracles
from tests.integration.binary.oracles import Known

#: lief is quick enough for all of them, pyelftools for so many.
FEW = 250
MACHO = {"macos_arm64", "macos_amd64", "universal"}
WINDOWS = {"windows_amd64", "windows_arm64"}


def elf_files() -> list[Path]:
    """Programs and libraries of this machine, each once, those of all folders side by side in a sorted list."""
    found = {
        os.path.realpath(path) for folder in ("/usr/bin", "/usr/sbin") for path in os.scandir(folder) if path.is_file()
    }
    found |= {os.path.realpath(path) for path in Path("/usr/lib").rglob("*.so*") if path.is_file()}
    return [Path(path) for path in sorted(found) if is_elf(path)]


def is_elf(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(4) == b"\x7fELF"
    except PermissionError:
        return False


def differences(facts: Facts, known: Known) -> dict[str, tuple[object, object]]:
    mine = oracles.ours(facts)
    return {name: (mine[name], value) for name, value in known.items() if mine[name] != value}


def all_differences(files: list[Path], oracle: Callable[[Path], Known]) -> Iterator[tuple[Path, object]]:
    for path in files:
        facts = identify(path, everything=True)
        if found := differences(facts, oracle(path)):
            yield path, found
        if facts.problem or facts.missing_bytes:
            yield path, facts.problem


def test_lief_agrees_on_this_machine() -> None:
    files = elf_files()
    assert len(files) > 100
    assert list(all_differences(files, oracles.lief_elf)) == []


def test_pyelftools_agrees_on_this_machine() -> None:
    files = elf_files()
    assert list(all_differences(files[:: -(-len(files) // FEW)], oracles.pyelftools)) == []


@pytest.mark.parametrize("name", sorted({*WHOLE, "missing_loader", "missing_library", "too_new"} - MACHO - WINDOWS))
def test_both_agree_on_elf_files_of_all_kinds(binaries: Binaries, name: str) -> None:
    facts = identify(binaries[name], everything=True)
    assert facts.kind == Kind.ELF
    assert differences(facts, oracles.pyelftools(binaries[name])) == {}
    assert differences(facts, oracles.lief_elf(binaries[name])) == {}


@pytest.mark.parametrize("name", sorted(MACHO))
def test_lief_agrees_on_macho_files(binaries: Binaries, name: str) -> None:
    facts = identify(binaries[name], everything=True)
    parts = facts.slices or (facts,)
    known = oracles.lief_macho(binaries[name])
    assert [differences(part, each) for part, each in zip(parts, known, strict=True)] == [{}] * len(parts)
    assert all(part.needed and part.build_id and part.platforms for part in parts)


@pytest.mark.parametrize("name", sorted(WINDOWS))
def test_lief_agrees_on_pe_files(binaries: Binaries, name: str) -> None:
    facts = identify(binaries[name], everything=True)
    assert differences(facts, oracles.lief_pe(binaries[name])) == {}
    assert facts.needed == ("KERNEL32.dll",)


def test_a_difference_would_be_seen(binaries: Binaries) -> None:
    """Each fact that an oracle knows is compared: none of them fits another file."""
    facts = identify(binaries.powerpc, everything=True)
    known = oracles.pyelftools(binaries.dynamic_no_pie)
    same = {"abi", "soname", "rpath", "runpath", "nx", "weak"}
    assert set(known) - set(differences(facts, known)) == same
