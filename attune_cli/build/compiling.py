"""Running a recipe, and looking at what came out of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attune_cli.binary.model import Facts, Kind, Platform
from attune_cli.binary.read import identify
from attune_cli.build.environment import compiler_environment
from attune_cli.build.model import KEPT, OUT, SCRATCH, Recipe, Source
from attune_cli.errors import AttuneError
from attune_cli.paths import private
from attune_cli.process import Outcome, Request, SpawnError, run
from attune_cli.quantities import format_duration

#: Of a compiler's output in an error: what is wrong stands first, how it ended last.
_FIRST_LINES, _LAST_LINES = 60, 20
#: Cargo tells of every crate on standard output.
_MOST_STDOUT: Final = 64 * 1024 * 1024

_PROGRAMS: Final = frozenset((Kind.ELF, Kind.MACHO, Kind.FAT, Kind.PE))


@dataclass(frozen=True, slots=True)
class Compiled:
    """file: the executable, in the scratch folder.  facts: of it.  said: what the compiler wrote to standard error."""

    file: Path
    facts: Facts
    said: str
    seconds: float


def compiled(source: Source, platform: Platform, recipe: Recipe, folder: Path, timeout: float | None) -> Compiled:
    """Build the sources. folder: what builds of this pack have for themselves.

    Raises AttuneError, with all that the compiler said, when it fails, takes longer than `timeout` seconds, or when
    what it made is no executable of that platform.
    """
    scratch, kept = folder / "scratch", private(folder / f"kept-{source.name}")
    # The remains of a build that was killed.
    shutil.rmtree(scratch, ignore_errors=True)
    private(scratch / "tmp")
    out = scratch / "out"
    places = {OUT: str(out), SCRATCH: str(scratch), KEPT: str(kept)}
    env = {**recipe.toolchain.env, **recipe.env, "TMPDIR": str(scratch / "tmp")}
    request = Request(
        argv=tuple(_put(word, places) for word in recipe.argv),
        env=compiler_environment({name: _put(value, places) for name, value in env.items()}),
        cwd=source.folder,
        timeout=timeout,
        max_stdout=_MOST_STDOUT,
    )
    recipe.prepare()
    outcome = _outcome(request, source, platform)
    product = recipe.product(outcome.stdout.raw, out)
    if product is None or not product.is_file():
        why = f"{recipe.toolchain.name} went well, and there is no executable {_expected(recipe, source)}"
        raise AttuneError(f"nothing was built of {source.inside}", where=str(source.folder), why=why)
    return Compiled(product, _examined(product, source, platform), outcome.stderr.text.strip(), outcome.duration)


def _expected(recipe: Recipe, source: Source) -> str:
    if recipe.toolchain.name == "make":
        return "at $(OUT), which every Makefile of a pack has to make"
    return (
        f"called {source.package or source.name}" if recipe.toolchain.name in {"cargo", "zig"} else "where it should be"
    )


def _put(text: str, places: dict[str, str]) -> str:
    for mark, path in places.items():
        text = text.replace(mark, path)
    return text


def _outcome(request: Request, source: Source, platform: Platform) -> Outcome:
    name = Path(request.argv[0]).name
    what = f"{source.name} was not built for {platform}"
    try:
        outcome = run(request)
    except SpawnError as error:
        raise AttuneError(what, where=str(source.folder), why=str(error)) from error
    if outcome.timed_out:
        assert request.timeout is not None
        why = f"{name} took longer than {format_duration(request.timeout)} and was stopped"
        raise AttuneError(what, where=str(source.folder), why=why, help="--timeout gives it more time")
    if not outcome:
        raise AttuneError(what, where=str(source.folder), why=_account(name, outcome))
    return outcome


def _account(name: str, outcome: Outcome) -> str:
    """How it ended, and what it said."""
    ended = f"exited with {outcome.exit_code}" if outcome.signal is None else f"was ended by {outcome.signal_name}"
    lines = (outcome.stderr.text.strip() or outcome.stdout.text.strip()).splitlines()
    if len(lines) > _FIRST_LINES + _LAST_LINES:
        left_out = len(lines) - _FIRST_LINES - _LAST_LINES
        lines[_FIRST_LINES:-_LAST_LINES] = [f"… {left_out} lines …"]
    return "\n".join([f"{name} {ended}", *lines])


def _examined(product: Path, source: Source, platform: Platform) -> Facts:
    """Raises AttuneError unless it is a whole executable of the platform."""
    facts = identify(product, everything=True)
    what = f"what was built of {source.inside} is not put in place"
    if facts.kind not in _PROGRAMS:
        raise AttuneError(what, where=str(source.folder), why=f"it is no executable but: {facts.kind}")
    if facts.problem or facts.missing_bytes:
        why = facts.problem or f"{facts.missing_bytes} bytes of it are missing"
        raise AttuneError(what, where=str(source.folder), why=why)
    if facts.platforms and platform not in facts.platforms:
        made = ", ".join(map(str, facts.platforms))
        cure = "let it compile with $(CC)" if source.language == "make" else None
        raise AttuneError(
            what, where=str(source.folder), why=f"it is made for {made}, and not for {platform}", help=cure
        )
    return facts
