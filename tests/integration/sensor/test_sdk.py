"""A sensor written with the platform's own SDK for Python, from PyPI, in an environment that attune makes for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune
from tests.integration.sensor.conftest import LONG, sensor_run

POLL = """\
import attune


class Poll(attune.PollingSensor):
    count = 0

    def poll(self, rule):
        self.count += 1
        factor = int(self.config["factor"])
        self.emit({"value": self.count * factor, "device": rule.trigger_params["device"]}, rule=rule)
        self.http_client.get(f"/api/v1/rules/{rule.rule_ref}")
        key = self.http_client.get("/api/v1/keys/demo.password").json()["data"]["value"]
        self.logger.info("the key is %s", key["password"])


attune.run_sensor(Poll)
"""


@pytest.fixture
def sdk(tmp_path: Path) -> Path:
    root = tmp_path / "packs" / "sdk"
    for name, text in {
        "pack.yaml": "ref: sdk\nlabel: SDK\nversion: 1.0.0\n",
        "requirements.txt": "attune-sdk[sensor]==0.5.4\n",
        "sensors/poll.py": POLL,
        "sensors/poll.yaml": "ref: sdk.poll\nlabel: Poll\nrunner_type: python\nentry_point: poll.py\n"
        "trigger_types: [sdk.reading]\nconfig: {factor: 2}\n",
        "triggers/reading.yaml": "ref: sdk.reading\nlabel: Reading\n"
        "parameters:\n  interval: {type: number, default: 0.1}\n  device: {type: string, required: true}\n"
        "output:\n  value: {type: integer, required: true}\n  device: {type: string, required: true}\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.timeout(400)
def test_its_events_arrive(attune: Attune, sdk: Path) -> None:
    (sdk.parents[1] / "keys.json").write_text(json.dumps({"demo.password": {"password": "correct-horse"}}))
    on = [word for device in ("cpu", "disk") for word in ("--on", "sdk.reading", json.dumps({"device": device}))]
    args = ("run", "sensor", "sdk.poll", "-j", "--events", "6", "--timeout", LONG, "--keys", "keys.json", *on)
    process = attune.start(*args)
    out, err = process.communicate(timeout=390)
    document = sensor_run(out)
    assert process.returncode == 0, err.decode()
    assert b"attune_sdk-0.5.4" in err
    events = document["events"]["last"]
    devices = {event["rule_ref"]: event["payload"]["device"] for event in events}
    assert devices == {"sdk.local_1": "cpu", "sdk.local_2": "disk"}
    assert all(event["payload"]["value"] % 2 == 0 and event["findings"] == [] for event in events)
    assert [end["exit_code"] for end in document["exits"]] == [0]
    told = "\n".join(document["logs"]["stderr"]["tail"])
    assert "the key is ***" in told
    assert "correct-horse" not in told
