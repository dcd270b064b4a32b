"""What a sensor finds around it, what ends a run, and what is told of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune
from tests.integration.process.life import Letterbox, Watched
from tests.integration.sensor.conftest import LONG, Run, command, lines, sensor_run

DEVNULL_FULL = Path("/dev/full")


def test_a_sensor_that_works(run: Run, box: Letterbox) -> None:
    document = run("ticker", "--events", "4", "--timeout", LONG)
    assert (document["exit"], document["status"], document["reason"]) == (0, "passed", "events")
    (end,) = document["exits"]
    assert (end["signal"], end["expected"], end["killed"]) == ("SIGTERM", True, False)
    assert end["pid"] == box.pid()
    assert document["events"]["accepted"] >= 4
    assert [event["payload"] for event in document["events"]["last"]][:4] == [{"count": n} for n in range(1, 5)]
    assert document["logs"]["stdout"]["tail"] == ["ticking"]
    assert document["logs"]["stderr"]["tail"] == ["to the errors"]


@pytest.mark.parametrize("name", ["shell_ticker", "node_ticker"])
def test_shell_and_node(run: Run, name: str) -> None:
    document = run(name, "--events", "3", "--timeout", LONG)
    assert document["exit"] == 0
    assert document["runtime"] == name.partition("_")[0]
    assert {event["rule_ref"] for event in document["events"]["last"]} == {"rude.local_1"}


def test_its_environment(attune: Attune, box: Letterbox) -> None:
    env = {"ATTUNE_MQ_URL": "amqp://elsewhere", "ATTUNE_ACTION": "outer.action", "ATTUNE_LOG_LEVEL": "trace"}
    args = ("--events", "1", "--timeout", LONG, "--on", "rude.tick", '{"every": 2}')
    document = sensor_run(attune(*command("mirror", box), "-j", *args, env=env).stdout)
    (event,) = document["events"]["last"]
    names = dict(pair.split("=", 1) for pair in event["payload"]["names"])
    artifacts = names.pop("ATTUNE_ARTIFACTS_DIR")
    assert names.pop("ATTUNE_API_URL").startswith("http://127.0.0.1:")
    assert int(names.pop("ATTUNE_SENSOR_ID")) > 0
    assert json.loads(names.pop("ATTUNE_SENSOR_TRIGGERS")) == [
        {"id": 1, "ref": "rude.local_1", "trigger_ref": "rude.tick", "config": {"every": 2}}
    ]
    assert names == {"ATTUNE_API_TOKEN": "***", "ATTUNE_SENSOR_REF": "rude.mirror", "ATTUNE_LOG_LEVEL": "info"}
    assert event["payload"]["cwd"] == str(attune.folder / "packs/rude")
    assert event["payload"]["stdin"] == ""
    # It left nothing in it.
    assert not Path(artifacts).exists()


def test_its_configuration(attune: Attune, rude: Path, box: Letterbox) -> None:
    (rude / "sensors/mirror.yaml").write_text(
        (rude / "sensors/mirror.yaml").read_text()
        + "parameters: {colour: {default: red}, Deep: {type: object}, key: {type: string, secret: true}}\n"
        + "config: {Deep: {a: [1, true]}, key: swordfish}\n"
    )
    document = sensor_run(attune(*command("mirror", box), "-j", "--events", "1", "--timeout", LONG).stdout)
    names = document["events"]["last"][0]["payload"]["names"]
    assert {name for name in names if "CONFIG" in name} == {
        "ATTUNE_SENSOR_CONFIG_COLOUR=red",
        'ATTUNE_SENSOR_CONFIG_DEEP={"a":[1,true]}',
        "ATTUNE_SENSOR_CONFIG_KEY=***",
    }


def test_a_broker(attune: Attune, box: Letterbox) -> None:
    url = "amqp://me:open-sesame@localhost:5672/%2f"
    args = ("--events", "1", "--timeout", LONG, "--mq-url", url, "--log-level", "debug")
    done = attune(*command("mirror", box), "-j", *args)
    names = sensor_run(done.stdout)["events"]["last"][0]["payload"]["names"]
    assert {"ATTUNE_MQ_URL=***", "ATTUNE_MQ_EXCHANGE=attune.events", "ATTUNE_LOG_LEVEL=debug"} <= set(names)
    assert b"open-sesame" not in done.stdout + done.stderr


def test_nothing_secret_is_shown(attune: Attune, box: Letterbox) -> None:
    (attune.folder / "key").write_text("correct-horse-battery\n")
    secrets = [b"correct-horse-battery", b"made-while-it-runs", b"trigger-secret", b"swordfish"]
    args = ("--events", "1", "--timeout", LONG, "--key", "demo.password=@key", "--log-dir", "logs")
    on = ("--on", "rude.tick", '{"secret": "trigger-secret"}')
    for output in (("-j",), ("--show", "full")):
        done = attune(*command("gossip", box), *args, *on, *output, "--events-file", "events.jsonl")
        files = [path.read_bytes() for path in (attune.folder / "logs").iterdir()]
        files.append((attune.folder / "events.jsonl").read_bytes())
        shown = b"\n".join((*files, done.stdout, done.stderr))
        assert done.returncode == 0
        assert shown.count(b"***") > 8
        assert not [secret for secret in secrets if secret in shown]
        backwards = next(line.split()[-1] for line in shown.splitlines() if b"nekot" in line)
        assert len(backwards) > 20
        assert backwards[::-1] not in shown


def test_duration(run: Run) -> None:
    document = run("ticker", "--duration", "700ms")
    assert (document["exit"], document["reason"]) == (0, "duration")
    assert document["duration_ms"] >= 700


def test_events_that_do_not_come_in_time(run: Run, box: Letterbox) -> None:
    document = run("deaf", "--events", "2", "--timeout", "4s", "--grace", "0")
    assert (document["exit"], document["status"], document["reason"]) == (124, "timed_out", "timeout")
    box.pid()
    # Without a grace there is no SIGTERM, of which it would have told.
    with pytest.raises(TimeoutError):
        box.line(patience=0.1)


def test_events_that_are_not_there_when_it_ends(run: Run) -> None:
    document = run("once", "--events", "2", "--no-restart")
    assert (document["exit"], document["status"], document["reason"]) == (1, "too_few", None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_is_stopped_by_a_signal_to_attune(attune: Attune, box: Letterbox, number: int) -> None:
    process = attune.start(*command("ticker", box), "-j")
    watched = Watched([box.pid()])
    process.send_signal(number)
    document = sensor_run(process.communicate(timeout=20)[0])
    watched.end()
    assert (process.returncode, document["status"], document["reason"]) == (0, "passed", "interrupt")


def test_an_event_in_the_midst_of_which_it_was_stopped_is_none(attune: Attune, rude: Path, box: Letterbox) -> None:
    (rude / "sensors/once.py").write_text(
        "import os, socket, time, urllib.parse\nfrom world import post, tell\npost({'count': 1})\n"
        "address = urllib.parse.urlsplit(os.environ['ATTUNE_API_URL'])\n"
        "token = os.environ['ATTUNE_API_TOKEN']\n"
        "began = socket.create_connection((address.hostname, address.port))\n"
        "head = f'POST /api/v1/events HTTP/1.1\\r\\nHost: localhost\\r\\nAuthorization: Bearer {token}\\r\\n'\n"
        "began.sendall(f'{head}Content-Length: 9\\r\\n\\r\\n{{'.encode())\n"
        "post({'count': 2})\ntell('begun')\ntime.sleep(60)\n"
    )
    process = attune.start(*command("once", box), "-j")
    assert box.line() == "begun"
    process.terminate()
    document = sensor_run(process.communicate(timeout=20)[0])
    assert (process.returncode, document["status"], document["events"]["total"]) == (0, "passed", 2)


def test_interrupted_before_the_events_had_come(attune: Attune, box: Letterbox) -> None:
    process = attune.start(*command("ticker", box), "-j", "--events", "1000000")
    box.pid()
    process.terminate()
    document = sensor_run(process.communicate(timeout=20)[0])
    assert (process.returncode, document["status"]) == (130, "cancelled")


def test_no_signal_is_ignored_in_what_it_starts(attune: Attune, box: Letterbox) -> None:
    """`nohup` would make the sensor, and the actions that other threads start, deaf to SIGHUP."""
    (attune.folder / "packs/rude/actions/log.sh").write_text("grep SigIgn /proc/self/status >&2; exit 1\n")
    rule = ("--rule", "packs/rude/rules/on_tick.yaml", "--execute")
    args = (*command("once", box), "--no-restart", "--show", "full", *rule)
    process = attune.start(*args, launcher=("nohup",))
    out, _ = process.communicate(timeout=30)
    assert b"SigIgn:\t0000000000000000" in out


def test_lines_when_piped(attune: Attune, box: Letterbox) -> None:
    done = attune(*command("ticker", box), "--events", "2", "--timeout", LONG)
    first = lines(done)[0]
    assert first.endswith(' ✓ rude.tick rude.local_1 {"count": 1}')
    assert b"\x1b" not in done.stdout + done.stderr
    told = done.stderr.decode()
    assert "note: no rule is given: one for rude.tick is made of its defaults" in told
    assert "stderr | to the errors" in told
    assert "rude.ticker ended: SIGTERM" in told
    assert "✓ rude.ticker ran and stopped cleanly" in told


def test_why_no_event_has_come_is_told(attune: Attune, rude: Path, box: Letterbox) -> None:
    (rude / "sensors/once.py").write_text(
        "import os\nos.environ['ATTUNE_API_TOKEN'] = 'another'\nfrom world import post\npost({'count': 1})\n"
    )
    done = attune(*command("once", box), "--no-restart", "--on", "rude.tick", '{"every": 2, "secret": "hush-hush"}')
    told = done.stderr.decode().splitlines()
    assert "note: POST /api/v1/events was refused with 401: the token is wrong, or no longer good" in told
    assert told[-1] == '  rude.tick  0 events; rude.local_1 waits for {"every":2,"secret":"***"}'
    done = attune(*command("once", box), "-j", "--no-restart")
    (refused,) = sensor_run(done.stdout)["refused_calls"]
    assert (refused["path"], refused["status"]) == ("/api/v1/events", 401)


def test_quiet_shows_events_alone(attune: Attune, box: Letterbox) -> None:
    done = attune(*command("ticker", box), "-q", "--events", "2", "--timeout", LONG)
    assert done.stderr == b""
    assert len(lines(done)) >= 2


def test_the_whole_payload(attune: Attune, box: Letterbox) -> None:
    done = attune(*command("ticker", box), "-q", "--events", "1", "--timeout", LONG, "--show", "full")
    assert lines(done)[1:4] == ["    {", '      "count": 1', "    }"]


def test_events_are_written_as_they_come(attune: Attune, box: Letterbox) -> None:
    events = Letterbox(attune.folder / "events")
    process = attune.start(*command("ticker", box), "-j", "--events-file", events.path)
    document = json.loads(events.line())
    assert (document["id"], document["trigger_ref"], document["payload"]) == (1, "rude.tick", {"count": 1})
    process.terminate()
    process.communicate(timeout=20)
    events.close()


def test_a_full_disk_ends_it(attune: Attune, box: Letterbox) -> None:
    done = attune(*command("ticker", box), "--events-file", DEVNULL_FULL)
    assert done.returncode == 125
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not _alive(box.pid())


def test_a_full_standard_output_ends_it(attune: Attune, box: Letterbox) -> None:
    with DEVNULL_FULL.open("wb") as full:
        process = attune.start(*command("ticker", box), "-q", stdout=full)
        told = process.communicate(timeout=30)[1]
    assert process.returncode == 125
    assert b"cannot write the output" in told


def test_a_reader_that_goes_away_ends_it(attune: Attune, box: Letterbox) -> None:
    name = " ".join(command("ticker", box))
    done = attune.shell(f"attune {name} -q | head -1; echo ${{PIPESTATUS[0]}}")
    assert done.stdout.splitlines()[-1] == b"141"
    assert b"Traceback" not in done.stderr


def test_a_reader_that_stops_reading_loses_nothing_and_holds_up_no_end(attune: Attune, box: Letterbox) -> None:
    """More than a pipe holds, and than waits in memory: the sensor has to wait, and still ends when it is told to."""
    reading, writing = os.pipe()
    process = attune.start(*command("torrent", box), "-q", stdout=writing)
    os.close(writing)
    watched = Watched([box.pid()])
    count = 0
    with contextlib.suppress(TimeoutError):
        while True:
            # A pipe and what waits hold more than a thousand: it is then that it has to wait.
            count = int(box.line(patience=3 if count >= 1000 else 60))
    assert count >= 1000
    process.terminate()
    watched.end()
    with open(reading, "rb") as stream:
        shown = [int(number) for number in re.findall(rb'"count": (\d+)', stream.read())]
    assert len(shown) >= count
    assert shown == list(range(1, len(shown) + 1))
    assert process.wait(timeout=20) == 0


def test_a_reader_that_never_reads_is_not_waited_for_when_asked_twice(attune: Attune, box: Letterbox) -> None:
    reading, writing = os.pipe()
    process = attune.start(*command("torrent", box), "-q", stdout=writing)
    os.close(writing)
    watched = Watched([box.pid()])
    with contextlib.suppress(TimeoutError):
        while box.line(patience=3):
            pass
    process.terminate()
    watched.end()
    for _ in range(40):
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
            break
    assert process.returncode == 130
    assert process.stderr is not None
    assert process.stderr.read() == b""
    os.close(reading)


def test_a_folder_for_what_it_leaves(attune: Attune, rude: Path, box: Letterbox) -> None:
    (rude / "sensors/once.py").write_text(
        "import os\nopen(os.path.join(os.environ['ATTUNE_ARTIFACTS_DIR'], 'left'), 'w').close()\n"
    )
    document = sensor_run(attune(*command("once", box), "-j", "--no-restart").stdout)
    assert Path(document["artifacts"], "left").is_file()


def test_keys_are_kept_between_runs(attune: Attune, rude: Path, box: Letterbox) -> None:
    (rude / "sensors/once.py").write_text(
        "from world import call, post\n"
        "found = call('GET', '/api/v1/keys/demo.count')\n"
        "value = found[1]['data']['value'] + 1 if found[0] == 200 else 1\n"
        "body = {'ref': 'demo.count', 'name': 'count', 'value': value, 'encrypted': False}\n"
        "print(call(*(('PUT', '/api/v1/keys/demo.count') if value > 1 else ('POST', '/api/v1/keys')), body)[0])\n"
        "post({'count': value})\n"
    )
    counts = []
    for _ in range(3):
        document = sensor_run(attune(*command("once", box), "-j", "--no-restart", "--state", "state.json").stdout)
        counts += [event["payload"]["count"] for event in document["events"]["last"]]
    assert counts == [1, 2, 3]


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_rich_is_for_the_live_view_alone(attune: Attune, box: Letterbox) -> None:
    done = attune(*command("once", box), "--no-restart", env={"PYTHONPROFILEIMPORTTIME": "1"})
    # What the sensor itself imports is shown behind `stderr |`.
    told = [line for line in done.stderr.decode().splitlines() if line.startswith("import time:")]
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in told}
    assert "uvicorn" in modules
    assert not modules & {"rich", "psycopg", "jsonschema"}
