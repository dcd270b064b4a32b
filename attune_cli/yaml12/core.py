"""What a scalar means: the YAML 1.2 core schema, as the platform's parser reads it.

The platform's parser is serde_yaml (https://docs.rs/serde_yaml), which keeps to the core schema
(https://yaml.org/spec/1.2.2/#103-core-schema) with these differences, all of them followed here:
digits with a leading zero are text (`014`, not 14); a sign may stand before `0x` and `0o`; `0b11`
is 3; a number that a 64-bit float cannot hold (`1e400`) is text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final

from attune_cli.yaml12.nodes import ScalarValue

WORDS: Final[dict[str, ScalarValue]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
NUMBER_STARTS: Final = frozenset("+-.0123456789")

_NOT_FINITE: Final = {
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_INTEGER = re.compile(r"[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_DIGITS_OF_128_BITS: Final = 40


class UnfitError(ValueError):
    """A text that is not of the type that its tag names; the message is that type, with its article."""


def plain(text: str) -> ScalarValue:
    """The value of an unquoted scalar without a tag."""
    if text in WORDS:
        return WORDS[text]
    if text[:1] not in NUMBER_STARTS:
        return text
    integer = _integer(text)
    if integer is not None:
        return integer
    number = None if _LEADING_ZERO.fullmatch(text) else _float(text)
    return text if number is None else number


def fits_64_bits(number: int) -> bool:
    """Whether the platform's signed or unsigned 64-bit integers hold the number."""
    return -(2**63) <= number < 2**64


def tagged(tag: str, text: str) -> ScalarValue:
    """The value of a scalar under a full core tag (`TAGS`). UnfitError when the text is not of its type."""
    return TAGS[tag](text)


def _integer(text: str) -> int | None:
    """An integer of at most 128 bits: what is longer, the platform reads as a float or as text."""
    if not _INTEGER.fullmatch(text):
        return None
    if len(text) > _DIGITS_OF_128_BITS and text.lstrip("+-")[:1] != "0":
        return None
    number = int(text, 0)
    return number if -(2**127) <= number < 2**128 else None


def _float(text: str) -> float | None:
    if text in _NOT_FINITE:
        return _NOT_FINITE[text]
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    return number if math.isfinite(number) else None


def _tagged_null(text: str) -> None:
    if text == "" or WORDS.get(text, "") is not None:
        raise UnfitError("null")


def _tagged_bool(text: str) -> bool:
    value = WORDS.get(text)
    if not isinstance(value, bool):
        raise UnfitError("a boolean")
    return value


def _tagged_int(text: str) -> int:
    value = _integer(text)
    if value is None:
        raise UnfitError("an integer")
    return value


def _tagged_float(text: str) -> float:
    value = _float(text)
    if value is None:
        raise UnfitError("a number")
    return value


_PREFIX: Final = "tag:yaml.org,2002:"

TAGS: Final[dict[str, Callable[[str], ScalarValue]]] = {
    _PREFIX + "str": str,
    _PREFIX + "null": _tagged_null,
    _PREFIX + "bool": _tagged_bool,
    _PREFIX + "int": _tagged_int,
    _PREFIX + "float": _tagged_float,
}
SEQUENCE_TAG: Final = _PREFIX + "seq"
MAPPING_TAG: Final = _PREFIX + "map"


def spelled(tag: str) -> str:
    """A tag as people write it: `!!set` for `tag:yaml.org,2002:set`."""
    return "!!" + tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else tag
