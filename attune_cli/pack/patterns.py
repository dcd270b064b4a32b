"""Whether regular expressions compile, asked of the engine that the platform's own validator has."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

MAX_LENGTH: Final = 2_000
"""Characters of a pattern that is looked at."""
MAX_PATTERNS: Final = 1_000
MAX_REPETITIONS: Final = 40
"""Of one file. A counted repetition may take 10 ms to compile, any other pattern a hundredth of that."""

_ESCAPE: Final = r"\\[dws./_-]"
_IN_CLASS: Final = rf"(?:A-Z|a-z|0-9|A-F|a-f|[\w/:@,=%#!\"'.*+ ]|{_ESCAPE})"
_ONE: Final = rf"(?:[\w /:@,=%#!\"'<>~&;.-]|{_ESCAPE}|\[\^?{_IN_CLASS}+-?\])"
#: Patterns that any engine compiles: characters, escapes and classes, with a sign of repetition behind each.
_PLAIN: Final = rf"\^?(?:{_ONE}[*+?]?)*\$?"


class Patterns:
    """The patterns of one file: each is looked at as long as there are not too many."""

    def __init__(self) -> None:
        self._left = MAX_PATTERNS
        self._repetitions_left = MAX_REPETITIONS

    def compiles(self, pattern: str) -> bool:
        """False: it certainly does not. One that is too long, or one too many, is taken to."""
        if len(pattern) > MAX_LENGTH or not self._left:
            return True
        self._left -= 1
        if _is_plain(pattern):
            return True
        if "{" in pattern:
            if not self._repetitions_left:
                return True
            self._repetitions_left -= 1
        return _compiles(pattern)


def _is_plain(pattern: str) -> bool:
    return len(pattern) < 200 and pattern.isascii() and re.fullmatch(_PLAIN, pattern) is not None


@lru_cache(maxsize=256)
def _compiles(pattern: str) -> bool:
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True
