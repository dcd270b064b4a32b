"""Secrets and how they are masked, in whole texts and in streams that arrive in pieces.

A secret is looked for in every spelling a program is likely to print it in: as it is, each of its
lines, escaped as in JSON, percent-encoded and in base64. Values of fewer than four bytes are not
masked, since that would shred the output and give them away all the same; `Secrets.too_short` names
them, so that it can be said.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

MASK = b"***"
MIN_LENGTH = 4


class Secrets:
    """Secret values by name, never shown: not in `repr`, not in an error, not in a pickle.

    values: name → any JSON value. Of objects and arrays every string and number inside counts.
    """

    __slots__ = ("_heads", "_needles", "_sorted", "too_short")

    def __init__(self, values: Mapping[str, object]) -> None:
        needles: set[bytes] = set()
        short: list[str] = []
        for name, value in values.items():
            for text in _leaves(value):
                if len(_utf8(text)) >= MIN_LENGTH:
                    needles.update(needle for needle in _spellings(text) if len(needle) >= MIN_LENGTH)
                elif text and name not in short:
                    short.append(name)
        self._needles = tuple(sorted(needles, key=lambda needle: (-len(needle), needle)))
        self._sorted = tuple(sorted(needles))
        self._heads = frozenset(needle[:length] for needle in needles for length in range(1, MIN_LENGTH + 1))
        #: Names of the values that are too short to be masked.
        self.too_short = tuple(short)

    def __bool__(self) -> bool:
        return bool(self._needles)

    def __repr__(self) -> str:
        return f"Secrets({len(self._needles)} spellings)"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("secrets are not written out")

    def mask(self, data: bytes | bytearray, *, cut: bool = False) -> bytes:
        """`data` with every secret replaced by `***`; overlapping ones by a single one.

        cut: the data ends where it was cut off, so an end that begins a secret is masked as well.
        """
        spans = list(self.spans(data))
        if cut and (held := self.held(data)) >= MIN_LENGTH:
            spans.append((len(data) - held, len(data)))
        return _replaced(data, _merged(spans))

    def mask_text(self, text: str) -> str:
        """Like `mask`, for text."""
        if not self._needles:
            return text
        return self.mask(_utf8(text)).decode("utf-8", "surrogatepass")

    def mask_data(self, data: object) -> object:
        """JSON data with the secrets masked in every string and key, and in numbers as printed."""
        if not self._needles:
            return data
        if isinstance(data, str):
            return self.mask_text(data)
        if isinstance(data, Mapping):
            return {self.mask_text(str(key)): self.mask_data(value) for key, value in data.items()}
        if isinstance(data, list | tuple):
            return [self.mask_data(item) for item in data]
        if isinstance(data, int | float) and not isinstance(data, bool):
            printed = json.dumps(data)
            masked = self.mask_text(printed)
            return data if masked == printed else masked
        return data

    def stream(self) -> StreamMask:
        """A masker for data that arrives in pieces."""
        return StreamMask(self)

    def spans(self, data: bytes | bytearray) -> Iterator[tuple[int, int]]:
        """(start, end) of what is secret in `data`; spans of different secrets may overlap."""
        for needle in self._needles:
            # Runs are joined here and not by `_merged`: a one-letter secret repeated over ten
            # megabytes would make as many spans.
            start = end = -1
            at = data.find(needle)
            while at >= 0:
                if at >= end:
                    if end > 0:
                        yield start, end
                    start = at
                end = at + len(needle)
                at = data.find(needle, at + 1)
            if end > 0:
                yield start, end

    def held(self, data: bytes | bytearray) -> int:
        """Length of the longest end of `data` that begins a secret without holding it whole."""
        longest = len(self._needles[0]) - 1 if self._needles else 0
        window = bytes(data[max(0, len(data) - longest) :])
        for at in range(len(window)):
            if window[at : at + MIN_LENGTH] in self._heads and self._begins(window[at:]):
                return len(window) - at
        return 0

    def _begins(self, tail: bytes) -> bool:
        """Whether a spelling goes on behind `tail`: the next one in order does, if any."""
        at = bisect_right(self._sorted, tail)
        return at < len(self._sorted) and self._sorted[at].startswith(tail)


class StreamMask:
    """Masks a stream; a secret may be split anywhere between the pieces.

    Only what might be the beginning of a secret is held back, until more arrives or `close`.
    """

    __slots__ = ("_pending", "_secrets")

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._pending = bytearray()

    def feed(self, data: bytes) -> bytes:
        """The masked bytes that are settled by now."""
        if not self._secrets:
            return data
        self._pending += data
        return self._settle(len(self._pending) - self._secrets.held(self._pending))

    def close(self, *, cut: bool = False) -> bytes:
        """The masked rest. cut: see `Secrets.mask`."""
        rest = self._secrets.mask(self._pending, cut=cut)
        self._pending.clear()
        return rest

    def _settle(self, limit: int) -> bytes:
        """Give out what ends before `limit`; a secret that reaches over it stays whole behind."""
        spans = _merged(self._secrets.spans(self._pending))
        for start, end in spans:
            if start < limit < end:
                limit = start
                break
        settled = _replaced(self._pending[:limit], [span for span in spans if span[1] <= limit])
        del self._pending[:limit]
        return settled


#: No secrets at all: masks nothing and costs nothing.
NO_SECRETS = Secrets({})


def _leaves(value: object) -> Iterator[str]:
    """The texts of a JSON value that must not be seen."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool):
        yield json.dumps(value)


def _spellings(text: str) -> Iterator[bytes]:
    # Imported here: a run without secrets does not pay for them.
    from base64 import b64encode, urlsafe_b64encode

    whole = _utf8(text)
    for encoded in (b64encode(whole), urlsafe_b64encode(whole)):
        yield encoded
        yield encoded.rstrip(b"=")
    # GitHub and Buildkite mask the lines of a multi-line value one by one as well: programs indent
    # and prefix what they print.
    for part in {text, text.strip(), *text.splitlines(), *(line.strip() for line in text.splitlines())}:
        yield _utf8(part)
        yield from map(_utf8, _in_json(part))
        yield from _in_url(_utf8(part))


def _in_json(text: str) -> Iterator[str]:
    """Without the quotes."""
    for ascii_only in (True, False):
        escaped = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")  # PHP
        yield escaped.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")  # Go


def _in_url(data: bytes) -> Iterator[bytes]:
    from urllib.parse import quote, quote_plus

    for safe in ("/", "", "!'()*"):  # a path; a value; a value as JavaScript's encodeURIComponent has it
        yield quote(data, safe=safe).encode()
    yield quote_plus(data).encode()


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans; those that overlap become one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _replaced(data: bytes | bytearray, spans: list[tuple[int, int]]) -> bytes:
    if not spans:
        return bytes(data)
    out = bytearray()
    at = 0
    for start, end in spans:
        out += data[at:start]
        out += MASK
        at = end
    out += data[at:]
    return bytes(out)
