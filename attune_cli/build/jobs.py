"""What a build has to make, and whether this machine can make all of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from attune_cli.binary.model import Platform
from attune_cli.build.fingerprint import source_digest
from attune_cli.build.lacking import Lacking
from attune_cli.build.model import Recipe, Source, Wish
from attune_cli.build.platforms import executable_name
from attune_cli.build.sources import DIST
from attune_cli.build.state import inputs_of


@dataclass(frozen=True, slots=True)
class Job:
    """One executable to be. inside: its path from the pack's folder on.  inputs: see `Made`."""

    wish: Wish
    recipe: Recipe
    inside: str
    inputs: str


def plan_jobs(sources: Sequence[Source], platforms: Sequence[Platform], version: str) -> list[Job]:
    """One for each of the sources and each of the platforms; none: this machine's, at the entry points.

    version: of the pack. Raises Lacking, which tells of all that this machine lacks.
    """
    jobs: list[Job] = []
    lacking: list[tuple[str, Lacking]] = []
    for source in sources:
        digest = source_digest(source)
        for platform in platforms or (Platform.here(),):
            wish = Wish(source=source, platform=platform, is_explicit=bool(platforms), version=version, digest=digest)
            try:
                jobs.append(_job(wish))
            except Lacking as error:
                lacking.append((f"{source.name} ({platform})", error))
    if lacking:
        raise _all_lacking(lacking)
    return jobs


def _job(wish: Wish) -> Job:
    # Each language has a module, imported when it is wanted.
    choose: Callable[[Wish], Recipe] = import_module(f"attune_cli.build.{wish.source.language}").recipe
    recipe = choose(wish)
    inside = wish.source.entry_point
    if wish.is_explicit:
        inside = f"{DIST}/{wish.platform}/{executable_name(os.path.basename(inside), wish.platform)}"
    return Job(wish, recipe, inside, inputs_of(wish, recipe))


def _all_lacking(found: Sequence[tuple[str, Lacking]]) -> Lacking:
    """One error for all of them; what several lack is told once."""
    names = ", ".join(name for name, _ in found)
    told = {(error.what, error.why, error.help): error for _, error in found}
    if len(told) == 1:
        first = found[0][1]
        return Lacking(first.what, where=names, why=first.why, help=first.help)
    why = "\n".join(f"{name}: {error.what}{f' ({error.why})' if error.why else ''}" for name, error in found)
    cures = "\n".join(dict.fromkeys(error.help for error in told.values() if error.help))
    return Lacking("this machine cannot build all of that", where=names, why=why, help=cures or None)
