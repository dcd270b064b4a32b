"""Which spellings of a secret are masked, and what a mask never does."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import time
import urllib.parse

import pytest

from attune_cli.process import NO_SECRETS, Secrets

KEY = '-----BEGIN KEY-----\nq4+/=&<a href="x">\n  ünï\\code\'s\n-----END KEY-----\n'
SPELLINGS = {
    "as it is": KEY,
    "without the last line end": KEY.rstrip(),
    "json": json.dumps(KEY),
    "json in utf-8": json.dumps(KEY, ensure_ascii=False),
    "json as Go writes it": json.dumps(KEY).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
    "json as PHP writes it": json.dumps(KEY).replace("/", "\\/"),
    "json in json": json.dumps({"inner": KEY}),
    "percent-encoded": urllib.parse.quote(KEY),
    "percent-encoded, slashes too": urllib.parse.quote(KEY, safe=""),
    "percent-encoded as by JavaScript": urllib.parse.quote(KEY, safe="!'()*"),
    "as a form": urllib.parse.urlencode({"key": KEY}),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64 for urls": base64.urlsafe_b64encode(KEY.encode()).decode(),
    "base64 without padding": base64.b64encode(KEY.encode()).decode().rstrip("="),
    "a line": 'q4+/=&<a href="x">',
    "a line, indented anew": "      ünï\\code's",
    "a line in json": json.dumps('q4+/=&<a href="x">'),
    "prefixed lines": "".join(f"| {line}\r\n" for line in KEY.splitlines()),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_masked_in_every_spelling(spelling: str) -> None:
    masked = Secrets({"key": KEY}).mask(f"before {SPELLINGS[spelling]} after".encode())
    assert masked.startswith(b"before ")
    assert masked.endswith(b" after")
    assert b"***" in masked
    for part in ("BEGIN", "q4", "href", "code", "END", "cTQr", "%C3", "u00fc"):
        assert part.encode() not in masked


@pytest.mark.parametrize(
    ("secrets", "data", "masked"),
    [
        (["abcd"], b"abcdabcd abcd", b"****** ***"),
        (["abcd", "cdef"], b"abcdef", b"***"),
        (["abcd", "abcdefgh"], b"abcdefgh abcdef", b"*** ***ef"),
        (["aaaa"], b"aaaaaa", b"***"),
        (["abcd"], b"abc", b"abc"),
        (["abcd"], b"", b""),
        (["abcd", "efgh"], b"abcdefgh", b"******"),
        (["***a"], b"***a ***", b"*** ***"),
    ],
)
def test_overlapping_secrets_are_one(secrets: list[str], data: bytes, masked: bytes) -> None:
    assert Secrets({"words": secrets}).mask(data) == masked


@pytest.mark.parametrize(
    ("secrets", "data", "masked"),
    [
        (["swordfish"], b"my swordfis", b"my ***"),
        (["swordfish"], b"my swor", b"my ***"),
        (["swordfish"], b"my swo", b"my swo"),
        (["abcd", "cdefghij"], b"abcdefg", b"***"),
        (["aaaaa"], b"aaaaaaa", b"***"),
    ],
)
def test_a_secret_that_is_cut_off_is_masked(secrets: list[str], data: bytes, masked: bytes) -> None:
    assert Secrets({"words": secrets}).mask(data, cut=True) == masked
    stream = Secrets({"words": secrets}).stream()
    assert stream.feed(data) + stream.close(cut=True) == masked


def test_every_leaf_of_a_value_counts() -> None:
    secrets = Secrets({"value": {"user": "alice", "pins": [12345, 2.5e10, True, None, {"deep": "below"}]}})
    assert secrets.mask(b"alice 12345 25000000000.0 true null below user") == b"*** *** *** true null *** user"
    assert secrets.too_short == ()


def test_what_is_too_short_is_told_by_name() -> None:
    secrets = Secrets({"pin": 123, "empty": "", "word": "abcd", "both": ["xyz", "long enough"], "switch": True})
    assert secrets.too_short == ("pin", "both")
    assert secrets.mask(b"123 abcd xyz long enough") == b"123 *** xyz ***"


def test_there_may_be_none() -> None:
    assert not NO_SECRETS
    assert not Secrets({"pin": 1})
    assert Secrets({"word": "abcd"})
    data = b"anything"
    assert NO_SECRETS.mask(data) == data
    stream = NO_SECRETS.stream()
    assert (stream.feed(data), stream.close()) == (data, b"")


def test_json_data() -> None:
    secrets = Secrets({"word": "swordfish", "pin": 12345})
    data = {"swordfish": ["a swordfish", 12345, 1123456, 7, None, True, 1.5], "x": {"y": ("12345",)}}
    masked = {"***": ["a ***", "***", "1***6", 7, None, True, 1.5], "x": {"y": ["***"]}}
    assert secrets.mask_data(data) == masked
    assert NO_SECRETS.mask_data(data) is data


def test_text_that_is_no_utf_8() -> None:
    secrets = Secrets({"word": "sw\ud800rd"})
    assert secrets.mask_text("a sw\ud800rd \ud801") == "a *** \ud801"
    assert Secrets({"word": "abcd"}).mask(b"\xff\xfeabcd\xff") == b"\xff\xfe***\xff"


def test_secrets_do_not_show_and_are_not_written_out() -> None:
    secrets = Secrets({"word": "swordfish"})
    assert "swordfish" not in f"{secrets!r}{secrets!s}{secrets.stream()!r}"
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not written out"):
            write(secrets)
    assert not hasattr(secrets, "__dict__")


def test_a_stream_holds_back_what_may_begin_a_secret_and_no_more() -> None:
    stream = Secrets({"word": "swordfish"}).stream()
    assert stream.feed(b"a sword") == b"a "
    assert stream.feed(b"sman and a s") == b"swordsman and a "
    assert stream.feed(b"wordfish!") == b"***!"
    assert stream.feed(b"s") == b""
    assert stream.close() == b"s"
    assert stream.close() == b""


def test_many_long_secrets_do_not_hold_up_a_stream() -> None:
    """Each piece is looked at once per place and not once per place and spelling, which took minutes."""
    lines = "\n".join(base64.b64encode(bytes([index % 256, index // 256] * 24)).decode() for index in range(400))
    stream = Secrets({"key": lines}).stream()
    piece = base64.b64encode(bytes(range(256)) * 192)
    begun = time.process_time()
    for _ in range(4):
        stream.feed(piece)
    assert time.process_time() - begun < 2
