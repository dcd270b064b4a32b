"""The timer sensor and an API in trouble: what is tried again, what is not, what a stop waits for, what is logged."""

from __future__ import annotations

import json
import signal
import socket
import threading
from pathlib import Path

import pytest

from tests.packs.timer_api import TOKEN, Answer, Api, Request, accepting
from tests.packs.timer_process import StartSensor, Unread, environment, rule

#: The first time, Go compiles its library.
pytestmark = pytest.mark.timeout(600)

RULES = [rule(1, "intervaltimer", unit="seconds", interval=1)]

#: What the sensor promises is a second. A machine with ten other things to do may take it longer to notice.
STOPPED_WITHIN = 10.0


def counts(api: Api) -> list[int]:
    """Which of the rule's events were accepted, in their order."""
    return [each["payload"]["execution_count"] for each in api.events]


def test_a_server_error_is_tried_again(start: StartSensor) -> None:
    troubles = iter([500, 503, 429])

    def answer(request: Request) -> Answer:
        status = next(troubles, None)
        return (status, {"error": "in trouble"}) if status else accepting(request)

    with Api(answer) as api:
        sensor = start(environment(api.url, RULES))
        api.wait_for(3)
        sensor.stop()
    assert counts(api) == list(range(1, len(api.accepted) + 1))
    assert len(api.refused) == 3
    assert "500 Internal Server Error: in trouble" in sensor.wait_for_log("tried again")["error"]
    assert sensor.wait_for_log("accepted again")


def test_an_api_that_is_not_there_yet(start: StartSensor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    sensor = start(environment(f"http://127.0.0.1:{port}", RULES))
    assert "refused" in sensor.wait_for_log("tried again")["error"]
    with Api(port=port) as api:
        api.wait_for(3)
        sensor.stop()
    assert counts(api) == list(range(1, len(api.accepted) + 1))


def test_a_connection_that_is_cut_is_opened_again(start: StartSensor) -> None:
    with Api() as first:
        sensor = start(environment(first.url, RULES))
        first.wait_for(2)
    with Api(port=first.port) as second:
        second.wait_for(2)
        sensor.stop()
    assert counts(first) + counts(second) == list(range(1, len(first.accepted) + len(second.accepted) + 1))


@pytest.mark.parametrize("status", [403, 404])
def test_what_is_refused_for_good_is_not_tried_again(start: StartSensor, status: int) -> None:
    def answer(request: Request) -> Answer:
        return (status, {"error": "no trigger of yours"}) if b'"rule_2"' in request.body else accepting(request)

    with Api(answer) as api:
        sensor = start(environment(api.url, [*RULES, rule(2, "crontimer", expression="* * * * * *")]))
        api.wait(lambda: len(api.refused) >= 3 and len(api.accepted) >= 3)
        sensor.stop()
    refused = [each.event["payload"]["execution_count"] for each in api.refused]
    assert refused == list(range(1, len(refused) + 1))
    (said,) = [each for each in sensor.log if each["message"] == "the API refused the event"]
    assert (said["rule"], said["trigger_ref"], said["level"]) == ("test.rule_2", "core.crontimer", "error")
    assert said["error"].startswith(str(status))
    assert sensor.log[-1]["events_lost"] == len(refused)


def test_a_token_that_ran_out_is_exchanged(start: StartSensor) -> None:
    def answer(request: Request) -> Answer:
        if request.path == "/api/v1/auth/refresh":
            return (200, {"data": {"token": "the-second-token", "expires_at": "2030-01-01T00:00:00Z"}})
        if request.token == TOKEN and len(api.accepted) >= 2:
            return (401, {"error": "token expired"})
        return accepting(request)

    with Api(answer) as api:
        sensor = start(environment(api.url, RULES))
        api.wait_for(4)
        sensor.stop()
    assert counts(api) == list(range(1, len(api.accepted) + 1))
    assert [each.path for each in api.refused] == ["/api/v1/events", "/api/v1/auth/refresh"]
    assert {each.token for each in api.accepted} == {TOKEN, "the-second-token"}
    assert sensor.wait_for_log("gave a new token")


def test_an_api_that_refuses_the_token_is_not_beaten_with_it(start: StartSensor) -> None:
    with Api(lambda _: (401, {"error": "who are you"})) as api:
        sensor = start(environment(api.url, RULES))
        api.wait(lambda: len(api.refused) >= 6)
        times = [each.arrived for each in api.refused if each.path == "/api/v1/events"]
        sensor.stop()
    assert times[2] - times[0] >= 0.1
    assert "401 Unauthorized: who are you" in sensor.wait_for_log("tried again")["error"]


def test_a_stop_flushes_what_waits(start: StartSensor) -> None:
    """The API wakes up after SIGTERM, and gets what had to wait."""
    awake = threading.Event()

    def answer(request: Request) -> Answer:
        return accepting(request) if awake.is_set() else (503, {"error": "asleep"})

    rules = [rule(number, "intervaltimer", interval=1) for number in range(50)]
    with Api(answer) as api:
        sensor = start(environment(api.url, rules))
        api.wait(lambda: len({each.event["trigger_instance_id"] for each in api.refused}) >= 20)
        awake.set()
        assert sensor.stop() < STOPPED_WITHIN
    assert api.accepted
    last = sensor.log[-1]
    assert last["message"] == "the timer sensor stops"
    assert 0 < last["events_accepted"] <= len(api.accepted)


def test_a_stop_with_a_full_queue_and_an_api_that_hangs(start: StartSensor) -> None:
    rules = [rule(number, "intervaltimer", interval=1) for number in range(12_000)]
    with Api(lambda _: None) as api:
        given = environment(api.url, rules)
        sensor = start({}, stdin=json.dumps(given).encode())
        full = sensor.wait_for_log("the queue is full")
        took = sensor.stop()
    assert took < STOPPED_WITHIN
    assert full["level"] == "error"
    assert [each["message"] for each in sensor.log].count(full["message"]) == 1
    assert sensor.log[-1]["events_accepted"] == 0
    assert sensor.log[-1]["events_lost"] > 10_000


def test_a_stop_while_nobody_reads_the_log(binary: Path) -> None:
    """stderr is a full pipe: the sensor cannot even say that it stops."""
    with Api() as api:
        rules = [rule(number, "intervaltimer", interval=1) for number in range(1_000)]
        given = environment(api.url, rules, LOG_LEVEL="debug")
        sensor = Unread(binary, given)
        try:
            sensor.wait_until_stuck()
            sensor.process.send_signal(signal.SIGTERM)
            assert sensor.process.wait(STOPPED_WITHIN) == 0
        finally:
            sensor.close()


def test_no_token_is_logged(start: StartSensor) -> None:
    """The API quotes the token in its errors, and gives one that it refuses too. Each rule gets another error."""
    statuses = [400, 401, 403, 404, 422, 500, 302]

    def answer(request: Request) -> Answer:
        if request.path == "/api/v1/auth/refresh" and request.token == TOKEN:
            return (200, {"data": {"token": 'the"second\\token'}})
        place = request.event.get("trigger_instance_id", "rule_1").removeprefix("rule_")
        return (statuses[int(place)], {"error": f"{request.token} and hush-hush are no good " * 3})

    with Api(answer) as api:
        url = api.url.replace("http://", "http://me:hush-hush@")
        rules = [rule(number, "intervaltimer", interval=1) for number in range(len(statuses))]
        sensor = start(environment(url, rules, LOG_LEVEL="trace"))
        api.wait(lambda: len({each.token for each in api.refused}) == 2 and len(api.refused) >= 30)
        sensor.stop()
    said = [each["error"] for each in sensor.log if "error" in each]
    assert sum("*** and *** are no good" in each for each in said) >= 6
    for secret in (TOKEN, "hush-hush", 'the"second\\token', json.dumps('the"second\\token').strip('"')):
        assert secret not in sensor.text
