import os
import signal
import time

from world import post, tell  # type: ignore[import-not-found]


def child(*, away: bool) -> int:
    pid = os.fork()
    if pid == 0:
        if away:
            os.setsid()
        while True:
            time.sleep(60)
    return pid


# Before they exist: they are to be deaf from their first moment on.
usual = signal.signal(signal.SIGTERM, signal.SIG_IGN)
children = child(away=False), child(away=True)
signal.signal(signal.SIGTERM, usual)
tell(*children)
post({"count": 1})
time.sleep(60)
