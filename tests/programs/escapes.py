"""Leaves a descendant behind that does what it can not to be found: `escapes.py BOX WORD…`.

setsid: it has a session of its own · double: its parent is gone · bare: its environment is empty ·
closed: it holds none of our pipes · deaf: it ignores every polite signal · slow: it takes 0.1 s to obey
one · stay: the first process waits until it is killed, else it exits with 0 as soon as the descendant is
there and has written its pid · fat: the first process takes so much memory
that it needs time to die, and writes `fat` behind the pid.
"""

import os
import signal
import sys
import time

box, *words = sys.argv[1:]


def escape() -> None:
    if "setsid" in words:
        os.setsid()
    if "double" in words and os.fork():
        os._exit(0)
    if "bare" in words:
        os.set_inheritable(told, True)  # noqa: FBT003  # positional-only
        words.remove("bare")
        os.execve(sys.executable, [sys.executable, "-I", "-S", __file__, box, f"settle={told}", *words], {})


def obey_slowly(*_: object) -> None:
    time.sleep(0.1)
    os._exit(0)


def settle() -> None:
    if "slow" in words:
        signal.signal(signal.SIGTERM, obey_slowly)
    if "deaf" in words:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
    if "closed" in words:
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
    say(str(os.getpid()))


def say(line: str) -> None:
    with open(box, "w", encoding="ascii") as letter:
        letter.write(f"{line}\n")


settling = [word for word in words if word.startswith("settle=")]
if settling:
    settle()
    os.close(int(settling[0].removeprefix("settle=")))
else:
    heard, told = os.pipe()
    if os.fork() == 0:
        os.close(heard)
        escape()
        settle()
        os.close(told)
    else:
        os.close(told)
        os.read(heard, 1)
        if "fat" in words:
            ballast = b"x" * (300 << 20)
            say("fat")
        if "stay" not in words:
            os._exit(0)
# Its own end, should nobody end it.
signal.alarm(60)
while True:
    signal.pause()
