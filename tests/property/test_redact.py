"""Masking holds for whatever the secrets are, however they are spelled, and wherever a stream is split or cut."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from attune_cli.process import Capture, Secrets
from attune_cli.process.redact import MIN_LENGTH

#: Few letters, so that secrets overlap, begin like one another and repeat themselves.
letters = st.text('ab*\n"é', min_size=4, max_size=9).filter(lambda text: len(text.strip()) >= MIN_LENGTH)
anything = st.text(min_size=4, max_size=20).filter(lambda text: len(text.strip().encode("utf-8", "surrogatepass")) >= 4)
few_secrets = st.lists(letters | anything, min_size=1, max_size=4)

SPELLINGS: list[Callable[[str], str]] = [
    str,
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
    lambda text: base64.b64encode(utf8(text)).decode(),
    lambda text: base64.urlsafe_b64encode(utf8(text)).decode().rstrip("="),
    lambda text: urllib.parse.quote(utf8(text)),
    lambda text: urllib.parse.quote(utf8(text), safe=""),
    lambda text: urllib.parse.quote_plus(utf8(text)),
]


def utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def printed(draw: st.DrawFn) -> tuple[list[str], bytes]:
    """Secrets, and what a program prints: them in any spelling, parts of them, and other things."""
    secrets = draw(few_secrets)
    spelled = st.tuples(st.sampled_from(SPELLINGS), st.sampled_from(secrets)).map(lambda pair: utf8(pair[0](pair[1])))
    parts = st.tuples(spelled, st.integers(0, 20)).map(lambda pair: pair[0][: pair[1]])
    others = st.text('ab*\n"é', max_size=5).map(utf8) | st.binary(max_size=5)
    return secrets, b"".join(draw(st.lists(spelled | parts | others, max_size=12)))


def split(data: bytes, places: list[int]) -> list[bytes]:
    places = sorted(place % (len(data) + 1) for place in places)
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


places = st.lists(st.integers(0, 10_000), max_size=12)


@given(run=printed(), where=places, cut=st.booleans())
@example(run=(["abcd", "cdefghij"], b"abcdefg"), where=[3], cut=True)
@example(run=(["abab"], b"ababab"), where=[1, 2, 3, 4, 5], cut=False)
def test_a_stream_is_masked_as_the_whole_is(run: tuple[list[str], bytes], where: list[int], *, cut: bool) -> None:
    secrets, data = run
    masks = Secrets({"words": secrets})
    stream = masks.stream()
    masked = b"".join(stream.feed(piece) for piece in split(data, where)) + stream.close(cut=cut)
    assert masked == masks.mask(data, cut=cut)


@given(few_secrets, st.sampled_from(SPELLINGS), st.text("xyz ", max_size=4), places)
def test_no_secret_is_seen_in_any_spelling(
    secrets: list[str], spell: Callable[[str], str], between: str, where: list[int]
) -> None:
    masks = Secrets({"words": secrets})
    data = utf8(between.join(["", *map(spell, secrets), ""]))
    stream = masks.stream()
    masked = b"".join(stream.feed(piece) for piece in split(data, where)) + stream.close()
    # Nothing is left but the masks, what stood in between, and padding.
    assert set(masked.replace(b"***", b"")) <= set(b"xyz =")


@given(printed())
def test_what_was_masked_holds_no_secret(run: tuple[list[str], bytes]) -> None:
    secrets, data = run
    masked = Secrets({"words": secrets}).mask(data)
    for secret in secrets:
        for spell in SPELLINGS:
            assert not seen(utf8(spell(secret)), masked)


@given(printed(), st.integers(0, 60))
def test_no_part_of_a_secret_is_left_where_the_bound_cuts(run: tuple[list[str], bytes], bound: int) -> None:
    secrets, data = run
    kept = data[:bound]
    text = Capture("stdout", bytearray(kept), len(data), Secrets({"words": secrets})).text
    shown = text.removesuffix("\n\n[OUTPUT TRUNCATED: stdout exceeded size limit]\n").encode()
    if len(kept) < len(data):
        assert text != shown.decode()
        for spelled in (utf8(spell(secret)) for spell in SPELLINGS for secret in secrets):
            for length in range(MIN_LENGTH, len(spelled)):
                if kept.endswith(spelled[:length]):
                    assert shown.endswith(b"***"), (spelled[:length], shown)


@given(few_secrets, st.text("xyz "))
def test_what_holds_no_secret_is_left_alone(secrets: list[str], text: str) -> None:
    """Nor does a mask come into being from nothing."""
    masks = Secrets({"words": [secret + "!" for secret in secrets]})
    assert masks.mask_text(text) == text
    assert masks.mask_data({"text": text, "number": 7}) == {"text": text, "number": 7}


def seen(secret: bytes, masked: bytes) -> bool:
    """Whether a secret can be read; one that is made of mask and of what stands beside masks is no proof."""
    return any(secret in piece for piece in masked.split(b"***")) and b"*" not in secret
