"""Whether packs are right: paths → packs → findings, sorted, without those that nobody wants to hear of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.pack import cache, recall
from attune_cli.pack.cache import Judged
from attune_cli.pack.crew import share_out, work, workers_for
from attune_cli.pack.neighbours import Neighbours
from attune_cli.pack.places import Place, count_files, discover, joined
from attune_cli.pack.selection import Selection, from_table, selection
from attune_cli.yaml12.collector import CollectorPaused

#: The table `[validate]` that holds for a pack's folder, and the file it stands in; None: there is none.
Settings = Callable[[Path], "tuple[object, str] | None"]
#: Called after each pack: files done, files in all.
Progress = Callable[[int, int], None]


class Options(NamedTuple):
    """How to validate.

    select, ignore: codes or beginnings of codes (`ATN03`); what is selected and not ignored is told. Empty
                    `select`: all.
    strict:         warnings count as errors do.
    baseline:       a file of findings that are known: they are left out.
    use_cache:      what has not changed is not judged again.
    workers:        processes; None: as many as pay.
    packs_dirs:     folders of packs that refs may lead into, beside those of the packs themselves.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    baseline: Path | None = None
    use_cache: bool = True
    workers: int | None = None
    packs_dirs: tuple[Path, ...] = ()


class Result(NamedTuple):
    """What was found.

    diagnostics: errors, warnings and infos, sorted by path, place, code and message.
    files:       YAML files that were read (or known from the cache).
    packs:       packs that were judged.
    suppressed:  findings that comments took away.
    known:       findings left out because they stand in the baseline.
    strict:      whether warnings count, by the options or by a pack's own settings.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: int
    packs: int
    suppressed: int = 0
    known: int = 0
    strict: bool = False

    @property
    def infos(self) -> int:
        """How many of the findings are infos, which never make a pack wrong."""
        return sum(finding.severity is Severity.INFO for finding in self.diagnostics)

    @property
    def failed(self) -> bool:
        """Whether anything has to be put right."""
        least = Severity.WARNING if self.strict else Severity.ERROR
        return any(finding.severity >= least for finding in self.diagnostics)


class _Told(NamedTuple):
    """What is told of one pack."""

    findings: list[Diagnostic]
    suppressed: int
    files: int


def validate(
    paths: Iterable[str | Path],
    options: Options | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Result:
    """Validates all packs that the paths mean; where several processes are worth it, in as many.

    Raises UsageError for a path that leads to no pack, for codes that do not exist, for a baseline that is
    none. What is wrong with a pack is a finding, never an exception.
    """
    options = options or Options()
    wanted = selection(options.select, options.ignore, strict=options.strict)
    places = discover(paths)
    selections = [wanted.within(_of_project(place, settings)) for place in places]
    with CollectorPaused():
        judged = _judge_all(places, options, progress)
    told = [_told(*each) for each in zip(judged, places, selections, strict=True)]
    findings = sorted(finding for each in told for finding in each.findings)
    known: list[Diagnostic] = []
    if options.baseline is not None:
        from attune_cli.pack import baseline

        findings, known = baseline.compare(options.baseline, findings)
    return Result(
        diagnostics=tuple(findings),
        files=sum(each.files for each in told),
        packs=len(places),
        suppressed=sum(each.suppressed for each in told),
        known=len(known),
        strict=any(each.strict for each in selections),
    )


def _of_project(place: Place, settings: Settings | None) -> Selection:
    found = settings(place.root) if settings is not None else None
    return Selection() if found is None else from_table(*found)


def _judge_all(places: Sequence[Place], options: Options, progress: Progress | None) -> list[Judged]:
    """In the order of the places."""
    identity = recall.identity() if options.use_cache else None
    sizes = [count_files(place.root) for place in places]
    workers = min(options.workers or workers_for(sizes), len(places))
    if workers > 1:
        # Imported once, for its effect, rather than in each of them.
        from attune_cli.pack import judgement  # noqa: F401
        from attune_cli.yaml12 import compose  # noqa: F401
    neighbours = Neighbours([place.root for place in places], options.packs_dirs)
    judged: dict[int, Judged] = {}
    for index, found in work(
        partial(recall.judged, identity=identity, neighbours=neighbours), places, share_out(sizes, workers)
    ):
        judged[index] = found
        if progress is not None:
            # The others are about as far as this process is.
            progress(min(sum(sizes[each] for each in judged) * workers, sum(sizes)), sum(sizes))
    if any(each.fresh for each in judged.values()) and identity is not None:
        cache.prune()
    return [judged[index] for index in range(len(places))]


def _told(judged: Judged, place: Place, wanted: Selection) -> _Told:
    """What is left of a pack's findings for who asked for some of its files, or some codes."""
    kept = [finding for finding in judged.findings if wanted.wants(finding.code)]
    suppressed = [finding for finding in judged.suppressed if wanted.wants(finding.code)]
    if place.only is None:
        return _Told(kept, len(suppressed), len(judged.files))
    narrowed = [each._replace(path=path) for each in kept if (path := _asked_for(place, each.path))]
    return _Told(
        narrowed,
        sum(_asked_for(place, each.path) is not None for each in suppressed),
        sum(_asked_for(place, joined(place.shown, each)) is not None for each in judged.files),
    )


def _asked_for(place: Place, path: str) -> str | None:
    """The path of a finding as the user gave it; None for a file that nobody asked for."""
    inside = path if place.shown == "." else path.removeprefix(place.shown + os.sep)
    for asked, shown in (place.only or {}).items():
        if inside == asked:
            return shown
        if inside.startswith(asked + os.sep):
            return joined(shown, inside[len(asked) + 1 :])
    return None
