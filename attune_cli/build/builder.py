"""`attune build`: the native sources of a pack made into its executables."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attune_cli.binary.check import check
from attune_cli.binary.machine import Machine
from attune_cli.binary.model import Facts, Platform
from attune_cli.binary.problem import Problem
from attune_cli.binary.read import identify, sha256
from attune_cli.build.compiling import Compiled, compiled
from attune_cli.build.jobs import Job, plan_jobs
from attune_cli.build.lock import Lock, LockedBinary, read_lock, write_lock
from attune_cli.build.model import DEFAULT_TIMEOUT, Built, Progress
from attune_cli.build.sources import find_sources
from attune_cli.build.state import State
from attune_cli.build.writable import refuse_unwritable, unwritable
from attune_cli.errors import AttuneError
from attune_cli.pack.load import load_pack
from attune_cli.pack.model import Pack
from attune_cli.pack.replace import replace_file
from attune_cli.paths import private
from attune_cli.quantities import format_duration

MODE: Final = 0o755


def _ignore(_: str) -> None:
    """Progress that nobody wants to see."""


@dataclass(frozen=True, slots=True)
class Options:
    """force: build what has not changed as well.  timeout: for each compiler, in seconds; None: no limit."""

    force: bool = False
    timeout: float | None = DEFAULT_TIMEOUT


_USUAL: Final = Options()


def build(
    root: Path,
    names: Sequence[str] = (),
    platforms: Sequence[Platform] = (),
    progress: Progress = _ignore,
    options: Options = _USUAL,
) -> tuple[Built, ...]:
    """Build what has changed of a pack's native sources; gives all of them, by name and platform.

    names:     what of the pack; see `find_sources`.
    platforms: into `native/dist/<platform>/`; none: for this machine, at the entry points.

    What cannot be built because a toolchain is missing is told, all of it, before anything is built. An executable is
    put in place only when it is whole and of its platform; what was there before is replaced in one step, and may be
    running. What was built before another fails stays. Raises AttuneError.
    """
    pack = load_pack(root)
    sources = find_sources(root, names)
    if not sources:
        return ()
    folder = State(root).folder
    with _locked(folder, progress):
        # Read under the lock: another attune may have built the same meanwhile.
        workshop = _Workshop(pack, State(root), progress, options)
        jobs = plan_jobs(sources, platforms, pack.version)
        current = {job.inside: binary for job in jobs if (binary := workshop.current(job))}
        refuse_unwritable(pack, [job.inside for job in jobs if job.inside not in current])
        try:
            built = tuple(workshop.done(job, current.get(job.inside)) for job in jobs)
        finally:
            shutil.rmtree(folder / "scratch", ignore_errors=True)
        if not names:
            workshop.forget_all_but({source.name for source in sources})
    return built


@dataclass(frozen=True, slots=True)
class _Workshop:
    """Where one pack is built."""

    pack: Pack
    state: State
    progress: Progress
    options: Options

    def current(self, job: Job) -> LockedBinary | None:
        """What is there already, made of the same."""
        if self.options.force:
            return None
        return self.state.is_current(self.pack.root / job.inside, job.inside, job.inputs)

    def done(self, job: Job, current: LockedBinary | None) -> Built:
        """The executable, built unless it is there."""
        if current is not None:
            self._write_down(current)
            return Built(source=job.wish.source, binary=current, is_new=False)
        wish, toolchain = job.wish, job.recipe.toolchain
        note = f" ({toolchain.note})" if toolchain.note else ""
        self.progress(
            f"building {wish.source.name} for {wish.platform} with {toolchain.name} {toolchain.version()}{note}"
        )
        started = time.monotonic()
        made = compiled(wish.source, wish.platform, job.recipe, self.state.folder, self.options.timeout)
        binary = self._put_in_place(job, made)
        seconds = time.monotonic() - started
        self.progress(f"built {job.inside} in {format_duration(seconds)}")
        return Built(
            source=wish.source,
            binary=binary,
            is_new=True,
            seconds=seconds,
            said=made.said,
            problems=self._problems(job),
        )

    def _put_in_place(self, job: Job, made: Compiled) -> LockedBinary:
        """In one step: whoever starts it meanwhile gets the old one or the new one, whole."""
        target = self.pack.root / job.inside
        binary = _binary(job, made.facts, sha256(made.file))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            replace_file(target, made.file.read_bytes(), mode=MODE)
        except OSError as error:
            raise unwritable(self.pack, target, error) from error
        self._write_down(binary)
        self.state.keep(target, job.inputs, binary)
        return binary

    def _write_down(self, binary: LockedBinary) -> None:
        lock = read_lock(self.pack.root)
        if lock.by_path().get(binary.path) != binary:
            self._write(lock.merged([binary]))

    def _write(self, lock: Lock) -> None:
        try:
            write_lock(self.pack.root, lock)
        except OSError as error:
            raise unwritable(self.pack, self.pack.root, error) from error

    def forget_all_but(self, names: set[str]) -> None:
        """Drop what neither has sources any longer nor is there."""
        lock = read_lock(self.pack.root)
        kept = Lock(tuple(one for one in lock.entries if one.name in names or (self.pack.root / one.path).exists()))
        if kept.entries != lock.entries:
            self._write(kept)

    def _problems(self, job: Job) -> tuple[Problem, ...]:
        """Looked for in its place: libraries may be looked up from there."""
        machine = Machine(job.wish.platform) if job.wish.is_explicit else Machine.here()
        return check(identify(self.pack.root / job.inside), machine)


def _binary(job: Job, facts: Facts, digest: str) -> LockedBinary:
    return LockedBinary(
        name=job.wish.source.name,
        platform=str(job.wish.platform),
        version=job.wish.version,
        path=job.inside,
        sha256=digest,
        size=facts.size,
        build_id=facts.build_id,
        toolchain=job.recipe.toolchain.name,
        toolchain_version=job.recipe.toolchain.version(),
        source_digest=job.wish.digest,
    )


@contextmanager
def _locked(folder: Path, progress: Progress) -> Iterator[None]:
    """One build of a pack at a time; the system lets go of the lock if this process is killed."""
    from filelock import FileLock, Timeout

    private(folder.parent)
    lock = FileLock(f"{folder}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("waiting for another attune that builds this pack")
        lock.acquire()
    except OSError as error:
        raise AttuneError(f"cannot lock {folder}", why=error.strerror) from error
    try:
        yield
    finally:
        lock.release()
