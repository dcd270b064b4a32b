import os
import sys
import time

from world import post, rules, tell  # type: ignore[import-not-found]

tell(os.getpid())
print("ticking", flush=True)
print("to the errors", file=sys.stderr, flush=True)
count = 0
while True:
    for rule in rules():
        count += 1
        post({"count": count}, rule["trigger_ref"], rule["id"])
    time.sleep(0.05)
