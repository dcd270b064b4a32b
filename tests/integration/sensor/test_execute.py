"""`--execute`: from an event to the rule's action, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.conftest import Attune
from tests.integration.process.life import Letterbox, Watched, exists
from tests.integration.sensor.conftest import LONG, Run, command, lines, sensor_run

RULE = """\
ref: rude.{name}
pack_ref: rude
trigger_ref: rude.tick
action_ref: rude.{action}
{more}
"""


def write_rule(rude: Path, name: str, action: str, more: str = "") -> Path:
    path = rude / "rules" / f"{name}.yaml"
    path.write_text(RULE.format(name=name, action=action, more=more))
    return path


def results(document: dict[str, Any]) -> list[Any]:
    return [each["result"] for each in sorted(document["actions"]["last"], key=lambda each: each["event"])]


def test_templates_reach_the_action_with_their_types(run: Run, rude: Path) -> None:
    document = run("ticker", "--rule", rude / "rules/on_tick.yaml", "--execute", "--events", "3", "--timeout", LONG)
    assert results(document)[:3] == [
        {"count": number, "rule": "rude.on_tick", "text": f"hello rude.tick {number}"} for number in (1, 2, 3)
    ]
    assert (document["exit"], document["status"]) == (0, "passed")
    # What still waited when the sensor ended was done all the same.
    assert document["actions"]["counts"] == {"succeeded": document["events"]["accepted"]}


def test_what_an_action_finds_around_it(attune: Attune, rude: Path, box: Letterbox) -> None:
    write_rule(rude, "look", "log", "action_params: {count: 1}")
    (attune.folder / "pack.key").write_text("correct-horse")
    (rude / "actions/log.sh").write_text(
        'curl -sf -H "Authorization: Bearer $ATTUNE_API_TOKEN" "$ATTUNE_API_URL/api/v1/keys/k" >/dev/null || exit 9\n'
        'echo "[\\"$ATTUNE_RULE\\", \\"$ATTUNE_TRIGGER\\", \\"$ATTUNE_SENSOR_ID\\"]"\n'
    )
    done = attune(*command("once", box), "-j", "--no-restart", "--execute", "--key", "k=@pack.key")
    assert results(sensor_run(done.stdout)) == [["rude.look", "rude.tick", ""]]


def test_conditions(run: Run, rude: Path) -> None:
    conditions = 'conditions: {expression: "event.payload.count % 2 == 0"}'
    write_rule(rude, "even", "log", 'action_params: {count: "{{ event.payload.count }}"}\n' + conditions)
    document = run("ticker", "--execute", "--events", "4", "--timeout", LONG)
    assert [each["count"] for each in results(document) if each][:2] == [2, 4]
    assert document["actions"]["counts"]["skipped"] >= 2
    assert document["exit"] == 0


def test_a_path_that_leads_nowhere_is_a_finding(run: Run, rude: Path) -> None:
    write_rule(rude, "lost", "log", 'action_params: {count: 1, text: "<{{ event.payload.nope }}>"}')
    document = run("once", "--no-restart", "--execute")
    assert results(document) == [{"count": 1, "text": "<>"}]
    (finding,) = document["findings"]["first"]
    assert (finding["code"], finding["severity"]) == ("ATN155", "warning")
    assert finding["where"].endswith("rules/lost.yaml:5:16")
    assert document["exit"] == 0


def test_conditions_that_cannot_be_decided(run: Run, rude: Path) -> None:
    write_rule(rude, "unclear", "log", "conditions: [{field: nope, operator: equals, value: 1}]")
    document = run("once", "--no-restart", "--execute")
    assert document["actions"]["counts"] == {"skipped": 1, "succeeded": 0}
    assert [finding["code"] for finding in document["findings"]["first"]] == ["ATN156"]


@pytest.mark.parametrize(("action", "params"), [("log", "{}"), ("log", "{count: many}"), ("gone", "{}")])
def test_an_action_that_cannot_be_started(run: Run, rude: Path, action: str, params: str) -> None:
    write_rule(rude, "bad", action, f"action_params: {params}")
    document = run("once", "--no-restart", "--execute")
    assert document["actions"]["counts"] == {"refused": 1, "succeeded": 0}
    assert [finding["code"] for finding in document["findings"]["first"]] == ["ATN157"]
    assert (document["exit"], document["status"]) == (1, "findings")


def test_an_action_that_fails(attune: Attune, rude: Path, box: Letterbox) -> None:
    write_rule(rude, "failing", "log", "action_params: {count: 1}")
    (rude / "actions/log.sh").write_text("echo 'it is broken' >&2; exit 7\n")
    done = attune(*command("once", box), "--no-restart", "--execute")
    assert done.returncode == 1
    told = lines(done)
    assert " ✓ #1 rude.tick - " in told[0]
    assert told[1].startswith("  ✗ #1 rude.failing -> rude.log failed exit 7")
    assert told[2:] == ["    error: the action exited with status 7", "    | it is broken"]


def test_what_an_action_is_refused_for_is_masked(attune: Attune, rude: Path, box: Letterbox) -> None:
    write_rule(rude, "bad", "log", 'action_params: {count: "{{ event.payload.key }}"}')
    (attune.folder / "key").write_text("correct-horse")
    (rude / "sensors/once.py").write_text(
        "from world import call, post\nkey = call('GET', '/api/v1/keys/k')[1]['data']['value']\n"
        "post({'count': 1, 'key': key})\n"
    )
    args = (*command("once", box), "--no-restart", "--execute", "--key", "k=@key")
    for output in ((), ("-j",)):
        done = attune(*args, *output)
        assert b"count must be an integer" in done.stdout
        assert b"correct-horse" not in done.stdout + done.stderr


def test_an_action_ends_after_its_sensor(run: Run, rude: Path) -> None:
    write_rule(rude, "slow", "log", "action_params: {count: 1}")
    (rude / "actions/log.sh").write_text("sleep 1; echo '{}'\n")
    document = run("once", "--no-restart", "--execute")
    assert document["actions"]["counts"] == {"succeeded": 1}


def test_ctrl_c_ends_the_actions_too(attune: Attune, rude: Path, box: Letterbox) -> None:
    write_rule(rude, "lingering", "linger")
    env = ("--env", "LINGER=60")
    process = attune.start(*command("once", box), "-j", "--execute", *env, "--backoff-base", "10m")
    action = box.pid()
    watched = Watched([action])
    process.terminate()
    watched.end()
    document = sensor_run(process.communicate(timeout=20)[0])
    assert document["actions"]["counts"] == {"cancelled": 1, "succeeded": 0}


def test_what_an_action_leaves_is_its_own_and_not_the_sensors(attune: Attune, rude: Path, box: Letterbox) -> None:
    """It has left its session and lost its parent, while the sensor goes on: who is killed by whom?"""
    write_rule(rude, "leaving", "linger")
    (rude / "actions/linger.py").write_text(
        "import os, time\nfrom world import tell\npid = os.fork()\n"
        "if pid == 0:\n    os.setsid()\n    time.sleep(60)\ntell(pid)\n"
    )
    (rude / "sensors/once.py").write_text(
        "import time\nfrom world import post, tell\npost({'count': 1})\ntell('posted')\ntime.sleep(60)\n"
    )
    process = attune.start(*command("once", box), "--execute", "--show", "short")
    letters = [box.line(), box.line()]
    letters.remove("posted")
    left = Watched([int(letters[0])]) if exists(int(letters[0])) else None
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(2)]
    assert b"succeeded" in told[1]
    if left:
        left.end()
    assert not exists(int(letters[0]))
    # The sensor runs on, and ends cleanly.
    assert process.poll() is None
    process.terminate()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert b"ran and stopped cleanly" in err


def test_what_a_sensor_leaves_is_its_own_while_an_action_runs(run: Run, rude: Path, box: Letterbox) -> None:
    """It has left its session and lost its parent, and is no child that the action could have."""
    write_rule(rude, "lingering", "linger")
    (rude / "sensors/once.py").write_text(
        "import os, time\nfrom world import post, tell\n"
        "if os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\n"
        "post({'count': 1})\nopen(os.environ['BOX'] + '2').read()\n"
    )
    second = Letterbox(box.path.with_name("box2"))
    # The action begins before the sensor ends, and ends after it.
    (rude / "actions/linger.py").write_text(
        "import os, time\nwith open(os.environ['BOX'] + '2', 'w') as letter:\n    letter.write('go')\ntime.sleep(3)\n"
    )
    second.close()
    document = run("once", "--no-restart", "--execute")
    (end,) = document["exits"]
    assert len(end["leftovers"]) == 1
    assert document["actions"]["counts"] == {"succeeded": 1}
    assert document["status"] == "unclean"


def test_many_at_once(run: Run, rude: Path) -> None:
    """Each leaves an orphan in another session; all are told apart, killed and reaped."""
    write_rule(rude, "many", "linger")
    (rude / "sensors/once.py").write_text(
        "from world import post\nfor number in range(24):\n    post({'count': number})\n"
    )
    document = run("once", "--no-restart", "--execute", "--concurrency", "8")
    assert document["actions"]["counts"] == {"succeeded": 24}
    assert (document["exit"], document["exits"][0]["leftovers"]) == (0, [])
