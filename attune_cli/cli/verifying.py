"""`attune binary verify`, from its arguments to its exit status."""

from __future__ import annotations

import time
from functools import partial

from attune_cli.build.verify import Verified, verify
from attune_cli.cli.build_arguments import VerifyArguments
from attune_cli.cli.native_pack import find_native_pack
from attune_cli.cli.telling import judged_and_told
from attune_cli.report.findings.verdict import Counts, Verdict


def perform(arguments: VerifyArguments) -> int:
    """Verify, report, and return the exit status. Whatever goes wrong, a machine gets its document."""
    judge = partial(_verdict, arguments)
    return judged_and_told(judge, arguments.report, arguments.output, json=arguments.json, quiet=arguments.quiet)


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
        command="attune binary verify",
    )


def _verified(subject: str | None, arguments: VerifyArguments) -> Verified:
    pack = find_native_pack(subject, arguments.packs_dir)
    return verify(pack.root, pack.shown)
