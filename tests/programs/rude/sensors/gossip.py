import os
import sys
import time

from world import call, post  # type: ignore[import-not-found]

token = os.environ["ATTUNE_API_TOKEN"]
key = call("GET", "/api/v1/keys/demo.password")[1]["data"]["value"]
# Backwards, so that a test can know it.
print("nekot", token[::-1], flush=True)
print("token", token, flush=True)
for letter in f"key {key}\n":
    # A secret that comes in pieces is one all the same.
    sys.stderr.write(letter)
    sys.stderr.flush()
call("POST", "/api/v1/keys", {"ref": "demo.later", "name": "later", "value": "made-while-it-runs", "encrypted": True})
print("made-while-it-runs", flush=True)
print("param", os.environ["ATTUNE_SENSOR_TRIGGERS"], os.environ["ATTUNE_SENSOR_CONFIG_PASSWORD"], flush=True)
post({"count": 1, "token": token, "key": key})
while True:
    time.sleep(60)
