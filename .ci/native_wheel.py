# ruff: noqa: INP001 - hatchling runs it as a file, and imports nothing beside it
"""What makes the wheel a wheel for one platform: the executables of the core pack.

A wheel carries what `attune build packs/core` has built in the tree it is made from, together with its
`binaries.lock`, and is tagged for that platform. Where nothing was built, or an executable is not what the lock file
says, it carries none of them and is the same for all platforms: no compiler is needed to make a wheel.

With ATTUNE_BUILD_NATIVE=1 in the environment the core pack is built first, by the toolchains of the machine, else by
those of the extra `build`, which are then requirements of the wheel's build.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACK = Path("packs/core")
#: Where the wheel has it.
INSTALLED = "attune_cli/_packs/core"
VARIABLE = "ATTUNE_BUILD_NATIVE"


class NativeWheel(BuildHookInterface[Any]):
    """Called by hatchling; the only hook in this file, so that it is found."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What building takes: attune itself, from this tree."""
        if not _is_wanted():
            return []
        metadata = self.metadata.core
        return [*metadata.dependencies, *metadata.optional_dependencies["build"]]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the executables into a wheel; an editable one finds them where they are."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        if _is_wanted():
            environment = {**os.environ, "PYTHONPATH": str(root)}
            command = [sys.executable, "-m", "attune_cli", "build", str(root / PACK)]
            subprocess.run(command, env=environment, check=True)
        found = _executables(root)
        if found:
            carried = [*found, "binaries.lock"]
            build_data["force_include"].update({str(root / PACK / each): f"{INSTALLED}/{each}" for each in carried})
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{_platform(root, found)}"


def _is_wanted() -> bool:
    return os.environ.get(VARIABLE, "") not in {"", "0"}


def _executables(root: Path) -> list[str]:
    """Those for this machine, when all of them are what the lock file says."""
    if not (root / PACK / "binaries.lock").is_file():
        return []
    # These take nothing but Python: a wheel is built where no library of attune's is installed.
    sys.path.insert(0, str(root))
    try:
        from attune_cli.binary.model import Platform
        from attune_cli.binary.read import sha256
        from attune_cli.build.lock import read_lock

        entries = [each for each in read_lock(root / PACK).entries if "/dist/" not in each.path]
    finally:
        sys.path.remove(str(root))
    here = [
        each.path
        for each in entries
        if each.platform == str(Platform.here())
        and (root / PACK / each.path).is_file()
        and sha256(root / PACK / each.path) == each.sha256
    ]
    return here if len(here) == len(entries) else []


def _platform(root: Path, found: list[str]) -> str:
    """The platform of the tag. What is linked statically runs on every Linux of its processor."""
    from attune_cli.binary.read import identify

    own = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    if own.startswith("linux_") and all(identify(root / PACK / each).static for each in found):
        machine = own.removeprefix("linux_")
        return f"manylinux_2_17_{machine}.manylinux2014_{machine}.musllinux_1_1_{machine}"
    return own
