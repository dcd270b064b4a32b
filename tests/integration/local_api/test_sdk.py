"""The platform's own Python SDK as a client: what it sends is taken, and what comes back it can read."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path

import pytest

from attune_cli.execution.action import ActionRequest, run_action
from attune_cli.execution.plan import OwnApi
from attune_cli.process import Outcome, Request, start
from attune_cli.runtime.base import Target, ignore_progress
from attune_cli.runtime.local import LocalRuntime
from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.model import Event
from tests.local_api import SECRET, SENSOR, Heard, local_api

#: The first of these tests builds the environment that all of them use.
pytestmark = pytest.mark.timeout(300)

ACTION = """
import attune, json
from attune.api_client import models
from attune.api_client.api.auth import refresh_token
from attune.api_client.api.events import create_event
from attune.api_client.api.rules import list_rules, list_rules_by_trigger
from attune.api_client.api.secrets import create_key, get_key, update_key
from attune.api_client.api.triggers import get_trigger

def main():
    client = attune.context.client
    client.raise_on_unexpected_status = False
    token = get_key.sync("demo.token", client=client).data
    new = models.CreateKeyRequest(
        local_ref="cursor", name="Cursor", owner_type=models.OwnerType("pack"), owner_pack_ref="demo", value={"page": 1}
    )
    created = create_key.sync_detailed(client=client, body=new)
    again = create_key.sync_detailed(client=client, body=new)
    updated = update_key.sync("demo.cursor", client=client, body=models.UpdateKeyRequest(value={"page": 2})).data
    missing = [
        get_key.sync_detailed("demo.none", client=client),
        update_key.sync_detailed("demo.none", client=client, body=models.UpdateKeyRequest(value=1)),
        get_trigger.sync_detailed("demo.none", client=client),
        list_rules_by_trigger.sync_detailed("demo.none", client=client),
    ]
    payload = models.CreateEventRequestPayload.from_dict({"level": 5})
    event = create_event.sync(
        client=client,
        body=models.CreateEventRequest(trigger_ref="demo.alert", payload=payload, trigger_instance_id="rule_1"),
    ).data
    foreign = create_event.sync_detailed(client=client, body=models.CreateEventRequest(trigger_ref="demo.foreign"))
    rules = list_rules.sync(client=client, trigger_ref="demo.alert")
    fresh = refresh_token.sync(client=client, body=models.RefreshTokenRequest(refresh_token="x")).data
    other = attune.AttuneClient(api_token=fresh.access_token)
    return {
        "value": token.value == "%s",
        "owner": str(token.owner_type),
        "created": [created.status_code, created.parsed.data.ref, created.parsed.data.value],
        "again": again.status_code,
        "updated": [updated.id == created.parsed.data.id, updated.value, updated.name],
        "missing": [each.status_code for each in missing],
        "event": [event.id, event.trigger, event.payload.to_dict(), event.rule, event.rule_ref, event.source_ref],
        "foreign": foreign.status_code,
        "rules": [(rule.id, rule.ref, rule.trigger_params.to_dict()) for rule in rules.items],
        "by_trigger": list_rules_by_trigger.sync("demo.free", client=client).items[0].ref,
        "trigger": sorted(get_trigger.sync("demo.alert", client=client).data.out_schema.to_dict()),
        "fresh": [fresh.token_type, other.get("/api/v1/keys/demo.cursor")["data"]["value"]],
        "plain": other.put("/api/v1/keys/demo.cursor", json={"value": "v"})["data"]["value"],
    }

attune.run_action(main)
"""

SENSOR_SCRIPT = """
import attune

class Watch(attune.PollingSensor):
    def setup(self):
        self.interval = 0.05
        self.level = 0

    def poll(self, rule):
        self.level += 1
        if self.level == 4:
            self.emit({"level": "four"}, rule=rule)
        elif self.level == 5:
            self.emit({}, trigger_ref="demo.foreign")
        else:
            self.emit({"level": self.level}, rule=rule, target_rule=self.level != 2)

attune.run_sensor(Watch)
"""


def _stop_when(enough: threading.Event, pid: int) -> None:
    if enough.wait(100):
        os.kill(pid, signal.SIGTERM)


@pytest.fixture
def pack(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack that requires the SDK."""
    monkeypatch.setenv("ATTUNE_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "sdk"))
    files = {
        "pack.yaml": "ref: demo\nlabel: Demo\nversion: 1.0.0\n",
        "requirements.txt": "attune-sdk==0.5.4\n",
        "actions/use.yaml": "ref: demo.use\nrunner_type: python\nentry_point: use.py\noutput_format: json\n"
        "parameter_delivery: stdin\n",
        "actions/use.py": ACTION % SECRET,
        "sensors/watch.py": SENSOR_SCRIPT,
    }
    for place, text in files.items():
        (tmp_path / "demo" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "demo" / place).write_text(text, encoding="utf-8")
    return tmp_path / "demo"


def test_an_action_uses_all_of_it(pack: Path) -> None:
    heard = Heard()
    with local_api(heard) as api:
        own_api = OwnApi({"ATTUNE_API_URL": api.url, "ATTUNE_API_TOKEN": api.token}, api.secret_values, tuple)
        execution = run_action(ActionRequest(str(pack / "actions/use.yaml"), own_api=own_api))
    assert execution.status == "succeeded", (execution.stdout, execution.stderr)
    assert execution.result == {
        "value": True,
        "owner": "system",
        "created": [201, "demo.cursor", {"page": 1}],
        "again": 409,
        "updated": [True, {"page": 2}, "Cursor"],
        "missing": [404, 404, 404, 404],
        "event": [1, 7, {"level": 5}, 1, "demo.page", SENSOR],
        "foreign": 403,
        "rules": [[1, "demo.page", {"every": 5}]],
        "by_trigger": "demo.log",
        "trigger": ["level", "note", "tags"],
        "fresh": ["Bearer", {"page": 2}],
        "plain": "v",
    }
    assert heard.refused == []


def run_watch(pack: Path, api: LocalApi, enough: threading.Event) -> Outcome:
    """The sensor in its environment, until there is enough."""
    target = Target(pack / "sensors/watch.py", pack, "python", None)
    runtime = LocalRuntime().select(target)
    runtime.set_up(target, ignore_progress)
    launch = runtime.prepare(target)
    rules = [{"id": 1, "ref": "demo.page", "trigger_ref": "demo.alert", "config": {}}]
    env = {
        "PATH": os.environ["PATH"],
        "ATTUNE_API_URL": api.url,
        "ATTUNE_API_TOKEN": api.token,
        "ATTUNE_SENSOR_REF": SENSOR,
        "ATTUNE_SENSOR_TRIGGERS": json.dumps(rules),
    }
    with start(Request(argv=launch.argv, env=launch.merged_into(env), cwd=pack, timeout=120)) as process:
        waiting = threading.Thread(target=_stop_when, args=(enough, process.pid))
        waiting.start()
        outcome = process.wait()
        waiting.join()
    return outcome


def test_a_polling_sensor_delivers_its_events(pack: Path) -> None:
    heard, enough = Heard(), threading.Event()

    def take(event: Event) -> None:
        heard.events.append(event)
        if len(heard.events) == 7:
            enough.set()

    with local_api(heard, on_event=take) as api:
        outcome = run_watch(pack, api, enough)
    assert outcome.exit_code == 0, outcome.stderr.text
    first = heard.events[:7]
    assert [event.status for event in first] == [201, 201, 201, 201, 403, 201, 201]
    page = "demo.page"
    assert [event.rule_ref for event in first] == [page, None, page, page, None, page, page]
    assert [[each.code for each in event.findings] for event in first] == [[], [], [], ["ATN143"], ["ATN142"], [], []]
    assert [event.payload for event in first[:3]] == [{"level": 1}, {"level": 2}, {"level": 3}]
    assert {event.source for event in first} == {SENSOR}
    assert heard.refused == []
