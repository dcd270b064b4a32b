import os
import time

from world import post, tell  # type: ignore[import-not-found]

pid = os.fork()
if pid == 0:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    while True:
        time.sleep(60)
tell(pid)
post({"count": 1})
