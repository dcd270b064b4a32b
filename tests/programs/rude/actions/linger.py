import os
import time

from world import tell  # type: ignore[import-not-found]

if "LINGER" in os.environ:
    tell(os.getpid())
    time.sleep(float(os.environ["LINGER"]))
elif os.fork() == 0:
    os.setsid()
    time.sleep(60)
