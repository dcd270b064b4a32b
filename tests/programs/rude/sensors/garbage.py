import time

from world import call, post  # type: ignore[import-not-found]

statuses = [
    call("POST", "/api/v1/events", b"\xff\xfe no JSON")[0],
    call("POST", "/api/v1/events", b'{"trigger_ref": "rude.tick", "payload": ')[0],
    call("POST", "/api/v1/events", [1, 2])[0],
    post({"count": 1}, "rude.nothing")[0],
    post({"count": 1}, "rude.alarm")[0],
    call("GET", "/api/v1/\x1b]0;gone\x07".replace("\x1b", "%1b").replace("\x07", "%07"))[0],
    post({"count": "many", "note": "\x1b]0;owned\x07\u202e"})[0],
]
print(statuses, flush=True)
post({"count": 1})
while True:
    time.sleep(60)
