"""Values: platforms, versions, and that they are frozen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attune_cli.binary.model import Facts, Kind, Library, Platform, highest


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/amd64", ("linux", "amd64")),
        ("Linux/x86_64", ("linux", "amd64")),
        ("macos/arm64", ("darwin", "arm64")),
        ("darwin/aarch64", ("darwin", "arm64")),
        ("linux/i686", ("linux", "386")),
        (" linux/riscv64 ", ("linux", "riscv64")),
    ],
)
def test_platforms_by_any_name(text: str, platform: tuple[str, str]) -> None:
    assert Platform.parse(text) == Platform(*platform)
    assert Platform.parse(str(Platform.parse(text))) == Platform(*platform)


@pytest.mark.parametrize(
    "text", ["", "linux", "linux/", "/amd64", "linux/amd64/v2", "linux amd64", "lin ux/amd64", "a/b-c"]
)
def test_what_is_no_platform(text: str) -> None:
    with pytest.raises(ValueError, match="is no platform"):
        Platform.parse(text)


def test_this_platform() -> None:
    here = Platform.here()
    assert here.os == os.uname().sysname.lower()
    assert here.arch not in {"x86_64", "aarch64"}


def test_the_highest_version_is_the_greatest_number() -> None:
    names = (
        "GLIBC_2.9",
        "GLIBC_2.34",
        "GLIBC_2.4",
        "GLIBC_PRIVATE",
        "GLIBCXX_3.4.30",
        "GLIBC_2.",
        "GLIBC_",
        "GLIBC_2.x",
    )
    assert highest("GLIBC", names) == (2, 34)
    assert highest("GLIBCXX", names) == (3, 4, 30)
    assert highest("CXXABI", names) is None
    # Relocations in a form that came with 2.36.
    assert highest("GLIBC", ("GLIBC_2.34", "GLIBC_ABI_DT_RELR")) == (2, 36)


def test_versions_of_all_libraries_count() -> None:
    versions = {"libc.so.6": ("GLIBC_2.34",), "libm.so.6": ("GLIBC_2.35",), "libstdc++.so.6": ("CXXABI_1.3.9",)}
    facts = Facts(path=Path("x"), kind=Kind.ELF, symbol_versions=versions, weak_versions={"libc.so.6": ("GLIBC_2.39",)})
    assert (facts.glibc, facts.glibcxx, facts.cxxabi) == ((2, 35), None, (1, 3, 9))


def test_values_are_frozen_and_compared_by_their_fields() -> None:
    library = Library(name="libc.so.6", path=None, needed_by=Path("x"))
    assert library == Library(name="libc.so.6", path=None, needed_by=Path("x"), lacks=())
    assert library != Library(name="libc.so.6", path=Path("y"), needed_by=Path("x"))
    assert library != Facts(path=Path("x"), kind=Kind.ELF)
    assert repr(library) == "Library(name='libc.so.6', path=None, needed_by=PosixPath('x'))"
    with pytest.raises(AttributeError, match="frozen"):
        library.name = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del library.name
