"""Scalars with a catch: read as the platform reads them, with a finding where that may surprise."""

from __future__ import annotations

import re
from typing import Final

from attune_cli.yaml12 import codes, core, legacy
from attune_cli.yaml12.findings import Findings, Span
from attune_cli.yaml12.nodes import ScalarValue

SUSPECTS: Final = frozenset(core.WORDS) | legacy.WORDS
"""Unquoted texts that are no plain text, or once were none. So may be all that begins like a number."""
HARMLESS: Final[dict[str, ScalarValue]] = {}
"""Those of them that have been read without a finding, and what they are: the same few stand in every file."""

_MOST_HARMLESS: Final = 1024


def read_scalar(tag: str | None, text: str, style: str | None, at: Span, findings: Findings) -> ScalarValue:
    """The value of a scalar that carries a tag, or is unquoted. One that its tag does not fit keeps its text.

    The tag "!" changes nothing: the platform's parser reads what follows as if it stood alone.
    """
    if tag is not None and tag in core.TAGS:
        return _read_tagged(tag, text, at, findings)
    if tag is not None and tag != "!":
        refuse_tag(tag, at, findings)
    return text if style else _read_plain(text, at, findings)


def _read_plain(text: str, at: Span, findings: Findings) -> ScalarValue:
    value, other = legacy.read(text)
    if other is not None:
        message = f"{text} is {legacy.described(value)} here; YAML 1.1 tools read {other}"
        findings.add(codes.YAML_1_1, message, at, _unambiguous(text, value))
    elif len(HARMLESS) < _MOST_HARMLESS and _is_small(value):
        HARMLESS[text] = value
    return _checked(value, at, findings)


def _is_small(value: ScalarValue) -> bool:
    return not isinstance(value, int) or core.fits_64_bits(value)


def _read_tagged(tag: str, text: str, at: Span, findings: Findings) -> ScalarValue:
    try:
        return _checked(core.tagged(tag, text), at, findings)
    except core.UnfitError as error:
        message = f'the tag {core.spelled(tag)} asks for {error}, and "{_short(text)}" is none'
        findings.add(codes.TAG_MISMATCH, message, at, "leave the tag out, or correct the value")
        return text


def refuse_tag(tag: str, at: Span, findings: Findings) -> None:
    """Records that YAML 1.2 knows no such tag (here)."""
    findings.add(
        codes.UNKNOWN_TAG,
        f"unknown tag {_short(core.spelled(tag))}: the platform knows !!str, !!int, !!float, !!bool, !!null",
        at,
        'leave the tag out; to mean text that begins with "!", put it in quotes',
    )


def _checked(value: ScalarValue, at: Span, findings: Findings) -> ScalarValue:
    if not _is_small(value):
        message = "this integer has more than 64 bits, and the platform refuses it"
        findings.add(codes.INTEGER_RANGE, message, at, "put it in quotes to pass it as text")
    return value


def _unambiguous(text: str, value: ScalarValue) -> str | None:
    if text == "<<":
        return "write the shared keys out; the platform would see one key named <<"
    if isinstance(value, str):
        return f'to mean the text, write "{text}" with the quotes'
    number = re.sub(r"^(-?\d+)e", r"\1.0e", str(value))  # YAML 1.1 wants the point
    return f"to mean the number, write {number}" if number != text else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
