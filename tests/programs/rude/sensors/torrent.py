import http.client
import json
import os
from urllib.parse import urlsplit

from world import tell  # type: ignore[import-not-found]

headers = {"Authorization": f"Bearer {os.environ['ATTUNE_API_TOKEN']}", "Content-Type": "application/json"}
connection = http.client.HTTPConnection(urlsplit(os.environ["ATTUNE_API_URL"]).netloc)
tell(os.getpid())
count = 0
while True:
    count += 1
    body = {"trigger_ref": "rude.tick", "payload": {"count": count, "more": "x" * 100}}
    connection.request("POST", "/api/v1/events", json.dumps(body), headers)
    connection.getresponse().read()
    if count % 100 == 0:
        tell(count)
