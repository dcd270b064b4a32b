"""Ends DELAY seconds after a SIGTERM, with CODE. `stops.py BOX DELAY CODE`; a DELAY of `never` ignores it."""

import os
import signal
import sys
import time

box, delay, code = sys.argv[1:4]


def stop(*_: object) -> None:
    print("stopping", flush=True)
    time.sleep(float(delay))
    os._exit(int(code))


signal.signal(signal.SIGTERM, signal.SIG_IGN if delay == "never" else stop)
with open(box, "w", encoding="ascii") as letter:
    letter.write(f"{os.getpid()}\n")
# Its own end, should nobody end it.
signal.alarm(60)
while True:
    signal.pause()
