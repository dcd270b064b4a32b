"""The wheel and the sdist: what they carry, and that they work far from the checkout."""

from __future__ import annotations

import email
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.conftest import Venv, run
from tests.packaging.project import copy_project, project_files

pytestmark = pytest.mark.timeout(300)  # builds and installs, maybe on a busy machine

ECHO = ["run", "action", "core.echo", "-p", "message=from afar"]

#: How compiled code begins: ELF, Mach-O (three ways), PE, object archives.
COMPILED = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"MZ", b"!<arch>\n")


@pytest.fixture
def wheel(dist: Path) -> Iterator[zipfile.ZipFile]:
    (path,) = dist.glob("attune_cli-*-py3-none-any.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def in_wheel(file: Path) -> str | None:
    """Where a file of the project should be in the wheel; None for one that should not."""
    if file.parts[0] == "attune_cli":
        return file.as_posix()
    if file.parts[:2] == ("packs", "core"):
        return f"attune_cli/_packs/{file.relative_to('packs').as_posix()}"
    if file.parts[0] == "completions":
        return f"attune_cli/_completions/{file.relative_to('completions').as_posix()}"
    return None


def test_the_wheel_holds_package_pack_schemas_and_completions_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    expected = {path for file in project_files() if (path := in_wheel(file))}
    for needed in ("attune_cli/py.typed", "attune_cli/_packs/core/native/digest/digest.c"):
        assert needed in expected
    assert any(path.endswith(".json") for path in expected)
    assert {f"attune_cli/_completions/attune.{shell}" for shell in ("bash", "zsh", "fish")} <= expected
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == expected


def test_the_wheel_holds_nothing_compiled(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if wheel.read(name).startswith(COMPILED)] == []
    assert [name for name in wheel.namelist() if name.endswith((".pyc", ".o", ".so"))] == []


def test_scripts_stay_executable(wheel: zipfile.ZipFile) -> None:
    modes = {Path(info.filename).name: info.external_attr >> 16 for info in wheel.infolist()}
    assert [name for name in ("echo.sh", "http_request.py") if not modes[name] & 0o100] == []


def test_what_the_wheel_says_of_itself(wheel: zipfile.ZipFile) -> None:
    (path,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    facts = email.message_from_bytes(wheel.read(path))
    assert (facts["Name"], facts["License-Expression"], facts["Requires-Python"]) == (
        "attune-cli",
        "Apache-2.0",
        ">=3.11",
    )
    assert set(facts.get_all("Provides-Extra", [])) == {"build", "embedded", "test"}
    assert f"{Path(path).parent.as_posix()}/licenses/LICENSE" in wheel.namelist()


def test_the_sdist_is_complete(dist: Path) -> None:
    (path,) = dist.glob("attune_cli-*.tar.gz")
    with tarfile.open(path) as archive:
        held = {Path(*Path(name).parts[1:]) for name in archive.getnames()}
    assert set(project_files()) - held == set()
    assert held - set(project_files()) == {Path("PKG-INFO")}


def test_an_installed_wheel_runs_an_action_from_another_folder(dist: Path, venv: Venv, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    attune = venv(wheel) / "attune"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run([attune, *ECHO], cwd=elsewhere) == "from afar"
    assert run([attune, "--version"], cwd=elsewhere) == run(
        [attune.with_name("python"), "-m", "attune_cli", "--version"]
    )
    where = run([attune.with_name("python"), "-c", "import attune_cli; print(attune_cli.__file__)"], cwd=elsewhere)
    assert Path(where).is_relative_to(tmp_path)


def test_an_editable_install_finds_the_packs_of_the_checkout(venv: Venv, tmp_path: Path) -> None:
    checkout = copy_project(tmp_path / "checkout")
    python = venv("-e", checkout) / "python"
    lookup = "from attune_cli.pack.discover import shipped_packs_dir; print(shipped_packs_dir())"
    assert Path(run([python, "-c", lookup], cwd=tmp_path).strip()) == checkout / "packs"
