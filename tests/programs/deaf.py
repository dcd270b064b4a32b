"""Becomes another program that has inherited every signal ignored or blocked: `deaf.py ignored|blocked COMMAND…`."""

import contextlib
import os
import signal
import sys

how, *command = sys.argv[1:]
for number in signal.valid_signals():
    with contextlib.suppress(OSError):
        if how == "ignored":
            signal.signal(number, signal.SIG_IGN)
if how == "blocked":
    signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
os.execv(command[0], command)
