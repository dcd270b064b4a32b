import os
import signal
import time

from world import post, tell  # type: ignore[import-not-found]

signal.signal(signal.SIGTERM, lambda *_: tell("not listening"))
tell(os.getpid())
post({"count": 1})
while True:
    time.sleep(60)
