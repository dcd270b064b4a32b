"""`attune binary verify`, from its arguments to its exit status."""

from __future__ import annotations

import time

from attune_cli.build.verify import Verified, verify
from attune_cli.cli.build_arguments import VerifyArguments
from attune_cli.cli.native_pack import find_native_pack
from attune_cli.cli.reports import Destination
from attune_cli.cli.telling import asked_for, tell, tell_machine
from attune_cli.errors import AttuneError, ExitCode
from attune_cli.report.findings.verdict import Counts, Verdict


def perform(arguments: VerifyArguments) -> int:
    """Verify, report, and return the exit status. Whatever goes wrong, a machine gets its document."""
    wanted: tuple[Destination, ...] = ()
    try:
        wanted = asked_for(arguments.report, arguments.output, json=arguments.json)
        verdict = _verdict(arguments)
    except AttuneError as error:
        tell_machine(error, wanted)
        raise
    tell(verdict, wanted, quiet=arguments.quiet)
    return ExitCode.FINDINGS if verdict.failed else ExitCode.OK


def _verdict(arguments: VerifyArguments) -> Verdict:
    started = time.perf_counter()
    found = [_verified(subject, arguments) for subject in arguments.subjects or (None,)]
    # A pack may be named twice.
    findings = tuple(sorted({finding for one in found for finding in one.diagnostics}))
    return Verdict(
        findings=findings,
        counts=Counts.of(findings),
        files=sum(one.files for one in found),
        seconds=time.perf_counter() - started,
        strict=arguments.strict,
    )


def _verified(subject: str | None, arguments: VerifyArguments) -> Verified:
    pack = find_native_pack(subject, arguments.packs_dir)
    return verify(pack.root, pack.shown)
