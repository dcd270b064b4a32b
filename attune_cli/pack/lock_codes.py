"""What can be wrong between a pack's executables, their sources and `binaries.lock`: the codes ATN120 to ATN125."""

from __future__ import annotations

from typing import Final

from attune_cli.diagnostics import Rule, Severity

UNREADABLE: Final = Rule(
    code="ATN120",
    name="lock-unreadable",
    severity=Severity.ERROR,
    title="a `binaries.lock` that is not as attune has written it",
    why=(
        "`attune build` writes down in `binaries.lock` what each executable of a pack is and what it was built from. "
        "A lock file that was edited, merged by hand or cut off vouches for nothing. `attune build` writes it anew "
        "once it is deleted."
    ),
)
DIFFERENT: Final = Rule(
    code="ATN121",
    name="binary-not-as-locked",
    severity=Severity.ERROR,
    title="an executable that is not the one that was built",
    why=(
        "The SHA-256 of the file is not what `binaries.lock` says: it was built without attune, patched, damaged, or "
        "exchanged. What it does is not what its sources say. Build it again, or find out who has put it there."
    ),
)
OUTDATED: Final = Rule(
    code="ATN122",
    name="binary-older-than-source",
    severity=Severity.ERROR,
    title="an executable that is older than its source",
    why=(
        "The sources have changed since the executable was built from them: what runs is not what can be read. The "
        "contents of all files are compared, not their times, which a checkout or a copy changes."
    ),
)
MISSING: Final = Rule(
    code="ATN123",
    name="binary-missing",
    severity=Severity.ERROR,
    title="an executable of `binaries.lock` that is not there",
    why=(
        "The lock file came with the pack and the executable did not, or it was deleted. The action or sensor that it "
        "belongs to cannot be started before it is built."
    ),
)
NOT_LOCKED: Final = Rule(
    code="ATN124",
    name="binary-not-locked",
    severity=Severity.ERROR,
    title="an executable that `binaries.lock` does not know",
    why=(
        "The pack has the sources of an executable, which is there and was not built by attune: nothing says that it "
        "was made from them. `attune build` builds it anew and writes it down."
    ),
)
OTHER_VERSION: Final = Rule(
    code="ATN125",
    name="binary-of-other-version",
    severity=Severity.WARNING,
    title="an executable that was built for another version of the pack",
    why=(
        "The version in `pack.yaml` is not the one that the executable was built with, and which it may tell of itself "
        "(`--version`). Build it again before the pack is published."
    ),
)
RULES: Final = (UNREADABLE, DIFFERENT, OUTDATED, MISSING, NOT_LOCKED, OTHER_VERSION)
