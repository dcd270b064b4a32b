"""JSON data as block-style YAML that readers of 1.1 and of 1.2 understand alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

# Words and numbers that one reader or another takes for something else than text are quoted, and so
# is everything that begins or ends oddly.
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_/.@+-]*(?: [A-Za-z0-9_/.@+-]+)*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))
# What YAML does not let stand for itself inside double quotes, besides what JSON escapes already.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
#: A key on a line of its own may be this long at most (1024 in the specification, quotes included).
_LONGEST_KEY = 1000


def block_yaml(data: object) -> str:
    """The document, without a line end at its end."""
    return "\n".join(_lines(data))


def _lines(data: object) -> Iterator[str]:
    """data on lines of its own."""
    if isinstance(data, dict) and data:
        for key, value in data.items():
            name = _scalar(key)
            yield from _entry(f"{name}:", value) if len(name) <= _LONGEST_KEY else _entry(f"? {name}\n:", value)
    elif isinstance(data, list) and data:
        for item in data:
            first, *rest = _lines(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield _scalar(data)


def _entry(head: str, value: object) -> Iterator[str]:
    *before, head = head.split("\n")
    yield from before
    if isinstance(value, dict | list) and value:
        yield head
        yield from (f"  {line}" for line in _lines(value))
    else:
        yield f"{head} {_scalar(value)}"


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else _quoted(value)
    text = json.dumps(value)
    # Readers of 1.1 take `1e+16` for text: a float has a point there.
    return text.replace("e", ".0e") if isinstance(value, float) and "." not in text else text


def _quoted(text: str) -> str:
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
