"""Writing an input as it is read, to the last byte or until nobody wants it."""

from __future__ import annotations

import os

from attune_cli.process.feed import StdinFeed


def pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    return reader, writer


def test_it_is_closed_behind_the_last_byte() -> None:
    reader, writer = pipe()
    feed = StdinFeed(writer, b"abc")
    assert not feed.was_read
    feed.on_writable()
    assert feed.was_read
    assert feed.fd == -1
    with open(reader, "rb") as file:
        assert file.read() == b"abc"


def test_a_full_pipe_is_waited_for() -> None:
    reader, writer = pipe()
    data = os.urandom(300_000)
    feed = StdinFeed(writer, data)
    got = b""
    while len(got) < len(data):
        for _ in range(10):
            if feed.fd >= 0:
                feed.on_writable()
        got += os.read(reader, 50_000)
    assert got == data
    assert feed.was_read
    os.close(reader)


def test_who_does_not_want_the_rest_need_not_take_it() -> None:
    reader, writer = pipe()
    feed = StdinFeed(writer, bytes(300_000))
    feed.on_writable()
    os.close(reader)
    feed.on_writable()
    assert feed.fd == -1
    assert not feed.was_read
    feed.close()
