import os
import signal
import sys
import time

from world import post, tell  # type: ignore[import-not-found]

# Before the child exists: it is to be deaf from its first moment on.
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    while True:
        time.sleep(60)
zombie = os.fork()
if zombie == 0:
    os._exit(0)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
tell(pid)
post({"count": 1})
while True:
    time.sleep(60)
