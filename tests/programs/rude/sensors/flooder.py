import os
import time

from world import post, tell  # type: ignore[import-not-found]

piece = b"x" * 65536
for _ in range(800):
    os.write(2, piece)
os.write(2, b"\n")
lines = b"".join(b"line %07d %s\n" % (number, b"y" * 80) for number in range(700))
for _ in range(800):
    os.write(2, lines)
os.write(2, b"the last line\n")
tell("flooded")
post({"count": 1})
while True:
    time.sleep(60)
