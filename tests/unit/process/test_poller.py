"""Waiting, being woken up, and letting go."""

from __future__ import annotations

import os
import signal
import threading
import time

from attune_cli.process.poller import Bell, Poller


def test_a_bell_that_was_rung_ends_a_wait() -> None:
    poller, bell, heard = Poller(), Bell(), []

    def answer() -> None:
        bell.silence()
        heard.append(1)

    poller.add(bell.fd, answer)
    ringer = threading.Thread(target=bell.ring)
    ringer.start()
    poller.wait(None)
    ringer.join()
    assert heard == [1]
    # Silenced, it does not ring on.
    poller.wait(0.0)
    assert heard == [1]
    bell.close()


def test_ringing_a_bell_that_is_closed_touches_no_descriptor() -> None:
    bell = Bell()
    number = bell.fd
    bell.close()
    bell.close()
    reader, writer = os.pipe()
    assert number in {reader, writer}
    bell.ring()
    os.close(writer)
    with open(reader, "rb") as file:
        assert file.read() == b""


def test_ringing_while_a_bell_is_closed_never_reaches_a_strangers_descriptor() -> None:
    """Another thread opens files as fast as it can while bells are rung and closed."""
    done = threading.Event()
    strange: list[bytes] = []

    def open_and_look() -> None:
        while not done.is_set():
            reader, writer = os.pipe()
            os.close(writer)
            strange.append(os.read(reader, 8))
            os.close(reader)

    def ring(bell: Bell) -> None:
        for _ in range(20):
            bell.ring()

    opener = threading.Thread(target=open_and_look)
    opener.start()
    for _ in range(100):
        bell = Bell()
        ringer = threading.Thread(target=ring, args=(bell,))
        ringer.start()
        bell.close()
        ringer.join()
    done.set()
    opener.join()
    assert set(strange) <= {b""}


def test_a_wait_ends_when_its_time_is_over() -> None:
    begun = time.monotonic()
    Poller().wait(0.05)
    assert 0.05 <= time.monotonic() - begun < 5


def test_a_wait_of_years_can_be_begun() -> None:
    poller, bell = Poller(), Bell()
    poller.add(bell.fd, bell.silence)
    bell.ring()
    poller.wait(1e12)
    bell.ring()
    poller.wait(float("inf"))
    bell.close()


def test_a_signal_that_another_thread_gets_is_seen() -> None:
    """It does not end the system call of this thread, in which alone its handler runs."""
    poller, bell = Poller(), Bell()
    poller.add(bell.fd, bell.silence)
    heard: list[int] = []
    before = signal.signal(signal.SIGUSR2, lambda number, _: heard.append(number))
    sender = threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR2))
    begun = time.monotonic()
    try:
        sender.start()
        while not heard and time.monotonic() - begun < 60:
            poller.wait(60)
    finally:
        sender.join()
        signal.signal(signal.SIGUSR2, before)
        bell.close()
    assert heard
    assert time.monotonic() - begun < 30


def test_a_wait_without_an_end_comes_back() -> None:
    begun = time.monotonic()
    Poller().wait(None)
    assert time.monotonic() - begun < 30


def test_a_descriptor_that_another_handler_has_just_removed_is_passed_over() -> None:
    poller = Poller()
    pipes = [os.pipe(), os.pipe()]
    handled = []

    def handle() -> None:
        handled.append(1)
        for reader, _ in pipes:
            poller.remove(reader)

    for reader, writer in pipes:
        os.write(writer, b"x")
        poller.add(reader, handle)
    poller.wait(0.0)
    assert handled == [1]
    poller.remove(12345)
    for reader, writer in pipes:
        os.close(reader)
        os.close(writer)
