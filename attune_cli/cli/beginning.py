"""`attune pack new`: what is asked, what is made, what to do next."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from attune_cli.cli.boundary import tell
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.secrets import can_ask
from attune_cli.errors import ExitCode, UsageError
from attune_cli.pack.refs import enclosing_pack
from attune_cli.pack.runner_types import ALIASES, known_runtime
from attune_cli.pack.scaffold.plan import NewPack, compiled, files
from attune_cli.pack.scaffold.write import refuse_existing, write_pack
from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style, width

#: Compilers of C, in the order in which they are looked for.
_COMPILERS = ("cc", "gcc", "clang")
#: A compiler that takes longer than this has gone wrong, in seconds.
_PATIENCE = 120.0
_DEFAULT_RUNNER = "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was typed. directory: where the pack's folder is to be made."""

    ref: str | None
    runner: str | None
    sensor: bool
    directory: Path | None
    output: OutputFormat | None
    json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """not_built: programs that are still to be compiled.  problem: why they are not yet."""

    pack: NewPack
    root: Path
    paths: tuple[str, ...]
    not_built: tuple[str, ...]
    problem: str | None

    def to_document(self) -> dict[str, object]:
        """JSON data."""
        return {
            "ref": self.pack.ref,
            "path": str(self.root),
            "runner": self.pack.runner,
            "files": list(self.paths),
            "not_built": list(self.not_built),
            "problem": self.problem,
        }


def perform(wishes: Wishes) -> int:
    """Make the pack, say so, and return the exit status."""
    # Imported here: this module is read for its parts by nobody who does not make a pack.
    from attune_cli.settings import load_settings

    chosen = chosen_output(wishes.output, json=wishes.json, default=load_settings().output)
    pack = _asked(wishes)
    root = _folder(wishes.directory) / pack.ref
    refuse_existing(root)
    _refuse_nested(root)
    made = _make(pack, root)
    if chosen.is_document:
        from attune_cli.report.document import print_document

        print_document(made.to_document(), sys.stdout, as_yaml=chosen is OutputFormat.YAML)
    else:
        _tell(made)
    return ExitCode.OK


def _asked(wishes: Wishes) -> NewPack:
    """The pack that is wanted; on a terminal, what was not said is asked."""
    if wishes.ref is not None and wishes.runner is not None:
        return NewPack.of(wishes.ref, known_runtime(wishes.runner), sensor=wishes.sensor)
    if not can_ask():
        missing = "REF" if wishes.ref is None else "--runner"
        raise UsageError(
            f"{missing} is missing", where="attune pack new", help="attune pack new my_pack --runner python"
        )
    ref = wishes.ref if wishes.ref is not None else _ask_ref()
    runner = known_runtime(wishes.runner) if wishes.runner is not None else _ask_runner()
    sensor = wishes.sensor or _ask("With a sensor? [y/N]").lower() in {"y", "yes"}
    return NewPack.of(ref, runner, sensor=sensor)


def _ask_ref() -> str:
    while True:
        answer = _ask("Ref of the pack:")
        try:
            NewPack.of(answer, _DEFAULT_RUNNER)
        except UsageError as error:
            tell(error)
        else:
            return answer


def _ask_runner() -> str:
    while True:
        answer = _ask(f"What runs it: {', '.join(ALIASES)} [{_DEFAULT_RUNNER}]")
        try:
            return known_runtime(answer or _DEFAULT_RUNNER)
        except UsageError as error:
            tell(error)


def _ask(question: str) -> str:
    """The answer, without blanks around it. Ctrl-D means what Ctrl-C means."""
    print(Style.of(sys.stderr)(question, "bold"), end=" ", file=sys.stderr, flush=True)
    try:
        return input().strip()
    except EOFError:
        print(file=sys.stderr)
        raise KeyboardInterrupt from None


def _folder(directory: Path | None) -> Path:
    if directory is not None:
        return directory
    return Path("packs") if Path("packs").is_dir() else Path()


def _refuse_nested(root: Path) -> None:
    around = enclosing_pack(Path(os.path.abspath(root.parent)))
    if around is not None:
        raise UsageError(
            "a pack cannot lie inside another",
            where=str(root),
            why=f"{around} is one",
            help="--dir DIR makes it elsewhere",
        )


def _make(pack: NewPack, root: Path) -> Made:
    made = files(pack)
    write_pack(root, made)
    not_built, problem = _build(pack, root)
    return Made(pack=pack, root=root, paths=tuple(file.path for file in made), not_built=not_built, problem=problem)


def _build(pack: NewPack, root: Path) -> tuple[tuple[str, ...], str | None]:
    """Compile what is to be compiled; gives what could not be, and why."""
    programs = compiled(pack)
    compiler = next(filter(None, map(_which, _COMPILERS)), None) if programs else None
    if programs and compiler is None:
        return tuple(program for _, program in programs), f"there is no C compiler ({', '.join(_COMPILERS)})"
    for source, program in programs:
        if problem := _compile(str(compiler), root, source, program):
            return (program,), problem
    return (), None


def _which(name: str) -> str | None:
    from shutil import which

    return which(name)


def _compile(compiler: str, root: Path, source: str, program: str) -> str | None:
    """Why it could not be compiled."""
    from attune_cli.process import Request, run

    argv = (compiler, "-O2", "-o", program, source)
    outcome = run(Request(argv=argv, env=dict(os.environ), cwd=root, timeout=_PATIENCE))
    return None if outcome else outcome.stderr.text.strip() or "the compiler failed"


def _tell(made: Made) -> None:
    style = Style.of(sys.stdout)
    folder = harmless(str(made.root))
    print(f"{style(style.sign('✓'), 'green')} made {style(made.pack.ref, 'bold')} in {folder}")
    for path in made.paths:
        print(f"  {path}")
    if made.problem:
        label = style("not built:", "yellow")
        lines = hanging("  not built:", harmless(made.problem), width(sys.stdout), indent=13, shown=f"  {label}")
        print("\n".join(lines))
    print(f"\n{style('Next:', 'bold')}")
    for command in _next(made):
        print(f"  {style(command, 'cyan')}")


def _next(made: Made) -> list[str]:
    import shlex

    return [
        f"cd {shlex.quote(str(made.root))}",
        *(["make"] if made.not_built else []),
        f"attune run action {made.pack.ref}.{made.pack.action} -p name=Ada",
        "attune pack validate",
    ]
