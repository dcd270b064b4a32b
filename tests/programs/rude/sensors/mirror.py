import os
import sys
import time

from world import post  # type: ignore[import-not-found]

names = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("ATTUNE_")]
post({"count": 1, "names": names, "cwd": os.getcwd(), "stdin": sys.stdin.read()})
while True:
    time.sleep(60)
