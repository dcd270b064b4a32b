"""What `attune build` costs when there is nothing to build: it has to be found out that nothing has changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.harness import Contender, Series, race
from tests.bench.table import Goal, Row, compared
from tests.bench.workshop import Workshop

_ROOT = Path(__file__).resolve().parents[2]
#: More than any pack has.
_MANY = 2000
_SOURCE = "int f%d(void) { return %d; }\n" + "/* as long as a source file is */\n" * 200


def rows(workshop: Workshop) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir=workshop.folder) as name:
        folder = Path(name)
        core = _core(folder)
        many = _many(folder / "many")
        env = {**os.environ, "HOME": name, "PYTHONPATH": str(_ROOT), "ATTUNE_CACHE_DIR": str(folder / "cache")}
        workshop.say("build: the packs, once")
        for pack in (core, many):
            _build(pack, env)
        contenders = [
            Contender("the pack core", lambda: _build(core, env)),
            Contender(f"{_MANY} source files", lambda: _build(many, env)),
        ]
        found = race(contenders, workshop.rounds(15, 5))
        for each in found.values():
            second = Series("one second", (1.0,) * len(each.values))
            yield compared(f"build: nothing changed, {each.name} / one second", each, second, Goal(1))


def _core(folder: Path) -> Path:
    """The pack as it comes, with what was built of it left out."""
    built = shutil.ignore_patterns("digest", "attune-core-timer-sensor", "binaries.lock", ".*")
    copy = Path(shutil.copytree(_ROOT / "packs/core", folder / "core", ignore=built))
    shutil.copytree(_ROOT / "packs/core/native/digest", copy / "native/digest")
    return copy


def _many(pack: Path) -> Path:
    """One executable of very many files."""
    sources = pack / "native/tool"
    sources.mkdir(parents=True)
    (pack / "actions").mkdir()
    (pack / "pack.yaml").write_text("ref: many\nversion: 1.0.0\n")
    (pack / "actions/tool.yaml").write_text("ref: many.tool\nrunner_type: native\nentry_point: tool\n")
    (sources / "main.c").write_text("int main(void) { return 0; }\n")
    for number in range(_MANY):
        (sources / f"part{number}.h").write_text(_SOURCE % (number, number))
    return pack


def _build(pack: Path, env: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "attune_cli", "build", str(pack), "-q"], env=env, check=True)
    return time.perf_counter() - started
