"""What an environment depends on is found in requirements files as pip reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.errors import AttuneError
from attune_cli.runtime.requirements import Requirements, read_requirements


def read(folder: Path, text: str) -> Requirements:
    (folder / "requirements.txt").write_text(text)
    return read_requirements(folder / "requirements.txt")


def names(requirements: Requirements, folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path, _ in requirements.contents]


@pytest.mark.parametrize(
    "line",
    [
        "-r sub/more.txt",
        "-rsub/more.txt",
        "--requirement sub/more.txt",
        "--requirement=sub/more.txt",
        "-c sub/more.txt",
        "--constraint=sub/more.txt  # why",
        "-r \\\n  sub/more.txt",
        "-r ${WHERE}/more.txt",
        "-r 'sub/more.txt'",
    ],
)
def test_included_files_count(tmp_path: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHERE", "sub")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/more.txt").write_text("a\n-r deep.txt\n-r ../requirements.txt\n")
    (tmp_path / "sub/deep.txt").write_text("b\n")
    requirements = read(tmp_path, f"requests\n{line}\n")
    assert [path.name for path, _ in requirements.contents] == ["requirements.txt", "more.txt", "deep.txt"]
    assert requirements.contents[2][1] == b"b\n"


def test_files_elsewhere_are_not_fetched(tmp_path: Path) -> None:
    requirements = read(tmp_path, "-r https://example.org/r.txt\n# -r gone.txt\n")
    assert names(requirements, tmp_path) == ["requirements.txt"]
    assert not requirements.is_empty
    assert not requirements.from_disk


def test_an_included_file_that_is_not_there_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match=r"gone\.txt cannot be read") as caught:
        read(tmp_path, "\n# more\n-r gone.txt\n")
    assert caught.value.where == f"{tmp_path}/requirements.txt:3"


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "# nothing\n  # at all\n", "\ufeff# bom\n", "--index-url https://example.org/\n-f x\n", "-c c.txt\n"],
)
def test_nothing_to_install(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.txt").write_text("a==1\n")
    assert read(tmp_path, text).is_empty


@pytest.mark.parametrize("text", ["requests", "-e .", "a @ https://x.org/a.whl", "--no-index\na", "a \\\n>=1", "a\\"])
def test_something_to_install(tmp_path: Path, text: str) -> None:
    assert not read(tmp_path, text).is_empty


@pytest.mark.parametrize(
    ("line", "from_disk"),
    [
        ("requests>=2 ; python_version < '3.12'", False),
        ("requests[socks]==2.0", False),
        ("a @ https://example.org/a-1.whl", False),
        ("git+https://example.org/a.git", False),
        ("--find-links https://example.org/", False),
        ("--no-index", False),
        ("./vendor/a", True),
        ("..", True),
        ("/abs/a", True),
        ("vendor/a[x]", True),
        ("a-1-py3-none-any.whl", True),
        ("a-1.tar.gz", True),
        ("a @ file:///x/a", True),
        ("-e .", True),
        ("-e git+https://example.org/a.git", False),
        ("--editable=pkg", True),
        ("--find-links=wheels", True),
        ("-f wheels", True),
        ("${HERE}/a", True),
    ],
)
def test_whether_something_comes_from_this_disk(tmp_path: Path, line: str, *, from_disk: bool) -> None:
    assert read(tmp_path, f"{line}  # why\n").from_disk is from_disk
