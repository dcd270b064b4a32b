"""Findings that are known and put up with: a file of them, so that only news count.

    baseline.write(file, result.diagnostics)
    news, known = baseline.compare(file, result.diagnostics)

A finding is known by its file, its code and its message; lines may move. Of several alike in a file, as
many are known as there were. Paths are kept from the folder of the baseline on, so that it holds wherever
the command is called.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from attune_cli.diagnostics import Diagnostic
from attune_cli.errors import AttuneError, UsageError

VERSION: Final = 1

#: Places inside messages move as lines do: `actions/a.yaml:3:1`, `3:1`.
_PLACE: Final = r"[^\s`'\"(]*\d+:\d+"


class Known(NamedTuple):
    """What a finding is known by. path: from the baseline's folder on. message: a digest of it."""

    path: str
    code: str
    message: str


def write(file: Path, findings: Iterable[Diagnostic]) -> int:
    """Writes the baseline; returns how many findings it holds. Raises AttuneError when it cannot be written."""
    counted = sorted(Counter(known(each, file) for each in findings).items())
    entries = [{**each._asdict(), "count": count} for each, count in counted]
    text = json.dumps({"version": VERSION, "findings": entries}, indent=2, ensure_ascii=False) + "\n"
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8", errors="surrogateescape")
        scratch.replace(file)
    except OSError as error:
        raise AttuneError("the baseline cannot be written", where=str(file), why=error.strerror) from error
    return sum(count for _, count in counted)


def compare(file: Path, findings: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """(news, known), each in the order of the findings. Raises UsageError for a file that is no baseline."""
    left = read(file)
    news: list[Diagnostic] = []
    old: list[Diagnostic] = []
    for finding in findings:
        key = known(finding, file)
        (old if left[key] > 0 else news).append(finding)
        left[key] -= 1
    return news, old


def read(file: Path) -> Counter[Known]:
    """What a baseline holds. Raises UsageError when there is none, or something else."""
    try:
        data = json.loads(file.read_text(encoding="utf-8", errors="surrogateescape"))
        if data["version"] != VERSION:
            raise ValueError(f"its version is {data['version']}, and this is written for {VERSION}")
        return Counter({_entry(each): int(each["count"]) for each in data["findings"]})
    except OSError as error:
        raise UsageError("the baseline cannot be read", where=str(file), why=error.strerror) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        why = str(error) if type(error) is ValueError else "it does not have the form of one"
        raise UsageError("this is no baseline", where=str(file), why=why, help="write it anew") from error


def known(finding: Diagnostic, file: Path) -> Known:
    """What the finding is known by in that baseline."""
    from hashlib import sha256

    path = os.path.relpath(finding.path, file.parent).replace(os.sep, "/")
    message = re.sub(_PLACE, "…", finding.message)
    return Known(path, finding.code, sha256(message.encode(errors="replace")).hexdigest()[:16])


def _entry(data: dict[str, object]) -> Known:
    return Known(*(str(data[name]) for name in Known._fields))
