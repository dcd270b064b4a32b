"""Every call of the API, with its status and the shape of its answer."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

import pytest

from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.model import SensorRule
from tests.local_api import GOOD, SECRET, SENSOR, Caller, Heard

EVENT_FIELDS = ["id", "trigger", "trigger_ref", "payload", "config", "source", "source_ref", "rule", "rule_ref"]
KEY_FIELDS = {
    *("id", "ref", "owner_type", "owner", "owner_identity", "owner_pack", "owner_pack_ref", "owner_action"),
    *("owner_action_ref", "owner_sensor", "owner_sensor_ref", "name", "encrypted", "value", "created", "updated"),
}


def test_health_needs_no_token(api: LocalApi) -> None:
    assert Caller(api, token=None)("GET", "/health").status == 200


# --- events ---------------------------------------------------------------------------------------


def test_an_event_is_answered_with_what_it_became(call: Caller, heard: Heard) -> None:
    sent = {**GOOD, "trigger_instance_id": "rule_1", "config": {"every": 5}, "source": SENSOR}
    found = call.event(sent)
    assert found.status == 201
    created = found.data.pop("created")
    assert datetime.fromisoformat(created).timestamp() == pytest.approx(heard.events[0].received, abs=0.001)
    assert list(found.data) == EVENT_FIELDS
    assert found.data == {
        "id": 1,
        "trigger": 7,
        "trigger_ref": "demo.alert",
        "payload": {"level": 3},
        "config": {"every": 5},
        "source": 1,
        "source_ref": SENSOR,
        "rule": 1,
        "rule_ref": "demo.page",
    }
    assert heard.events[0].accepted
    assert heard.events[0].findings == ()
    assert call.event().data["id"] == 2


@pytest.mark.parametrize("instance", ["rule_1", "rule_demo.page"])
def test_a_rule_by_its_id_or_its_ref(call: Caller, instance: str) -> None:
    assert call.event({**GOOD, "trigger_instance_id": instance}).data["rule_ref"] == "demo.page"
    assert call.event({**GOOD, "rule_ref": "demo.page"}).data["rule"] == 1


def test_what_need_not_be_sent(call: Caller, heard: Heard) -> None:
    found = call.event({"trigger_type": "demo.free"})
    assert found.status == 201
    assert {
        name: found.data[name] for name in ("trigger_ref", "payload", "config", "rule", "rule_ref", "source_ref")
    } == {
        "trigger_ref": "demo.free",
        "payload": {},
        "config": None,
        "rule": None,
        "rule_ref": None,
        "source_ref": SENSOR,
    }
    assert heard.events[0].findings == ()


def test_a_payload_that_does_not_fit_is_taken_and_found(call: Caller, heard: Heard) -> None:
    assert call.event({**GOOD, "payload": {"level": "high"}}).status == 201
    (finding,) = heard.events[0].findings
    assert (finding.code, finding.path, finding.start) == ("ATN143", SENSOR, (1, 1))
    assert "`payload.level` must be an integer" in finding.message


class Refused(NamedTuple):
    """A body that is refused, and how. part: of the answer's text."""

    body: object
    status: int
    code: str
    part: str


@pytest.mark.parametrize(
    "refused",
    [
        Refused({"trigger_ref": "demo.none"}, 404, "ATN141", "no trigger `demo.none`"),
        Refused({"trigger_ref": "demo.foreign"}, 403, "ATN142", "does not declare the trigger `demo.foreign`"),
        Refused({"payload": {}}, 400, "ATN140", "no `trigger_ref`"),
        Refused({"trigger_ref": 3}, 400, "ATN140", "must be a string"),
        Refused({"trigger_ref": "demo.free", "trigger_type": "demo.free"}, 400, "ATN140", "both"),
        Refused({**GOOD, "rule_ref": 1}, 400, "ATN140", "`rule_ref` must be a string"),
        Refused([], 400, "ATN140", "no JSON object but an array"),
        Refused(b'{"trigger_ref":\n x}', 400, "ATN140", "line 2, column 2"),
        Refused(b"", 400, "ATN140", "line 1, column 1"),
    ],
    ids=lambda refused: f"{refused.status} {refused.part}",
)
def test_an_event_that_is_refused(call: Caller, heard: Heard, refused: Refused) -> None:
    found = call.event(refused.body)
    assert (found.status, refused.part in found.error) == (refused.status, True)
    (event,) = heard.events
    assert (event.status, [each.code for each in event.findings]) == (refused.status, [refused.code])
    assert not event.accepted


def test_the_same_connection_goes_on_after_a_refusal(call: Caller) -> None:
    assert [call.event(body).status for body in (b"{", GOOD, b"\xff", GOOD)] == [400, 201, 400, 201]


def test_events_are_numbered_in_the_order_of_their_arrival(call: Caller, heard: Heard) -> None:
    for body in (GOOD, GOOD, {**GOOD, "payload": {"level": "x"}}, b"{", {"trigger_ref": "demo.none"}):
        call.event(body)
    assert [event.id for event in heard.events] == [1, 2, 3, 4, 5]


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_is_read(call: Caller) -> None:
    found = call("GET", "/api/v1/keys/demo.token")
    assert found.status == 200
    assert set(found.data) >= KEY_FIELDS
    assert (found.data["value"], found.data["name"], found.data["encrypted"]) == (SECRET, "Token", True)
    assert found.data["created"] == "1970-01-01T00:00:01.500000Z"
    assert found.data["updated"] == "1970-01-01T00:00:02.500000Z"


def test_a_key_that_is_not_there(call: Caller) -> None:
    for method, body in (("GET", None), ("PUT", {"value": 1})):
        found = call(method, "/api/v1/keys/demo.none", body)
        assert (found.status, "no key `demo.none`" in found.error) == (404, True)


@pytest.mark.parametrize("value", ["text", 1, 1.5, True, None, [1, [2]], {"a": {"b": "c"}}, ""])
def test_a_key_is_created_and_changed(call: Caller, value: object) -> None:
    created = call("POST", "/api/v1/keys", {"ref": "demo.new", "name": "New", "value": value})
    assert (created.status, created.data["value"], created.data["encrypted"]) == (201, value, False)
    assert call("GET", "/api/v1/keys/demo.new").data == created.data
    again = call("POST", "/api/v1/keys", {"ref": "demo.new", "value": "other"})
    assert (again.status, "a key `demo.new` already" in again.error) == (409, True)
    assert call("GET", "/api/v1/keys/demo.new").data["value"] == value
    changed = call("PUT", "/api/v1/keys/demo.new", {"value": [value]})
    assert (changed.status, changed.data["value"], changed.data["name"]) == (200, [value], "New")
    assert changed.data["id"] == created.data["id"]
    assert changed.data["updated"] > created.data["updated"]
    assert changed.data["created"] == created.data["created"]


def test_a_key_of_an_owner_has_its_ref_from_both(call: Caller) -> None:
    body = {"local_ref": "pin", "owner_type": "pack", "owner_pack_ref": "demo", "name": "Pin", "value": 1}
    created = call("POST", "/api/v1/keys", body).data
    assert (created["ref"], created["local_ref"], created["owner"]) == ("demo.pin", "pin", "demo")
    system = {"local_ref": "pin", "owner_type": "system", "name": "Pin", "value": 1}
    assert call("POST", "/api/v1/keys", system).data["ref"] == "system.pin"


@pytest.mark.parametrize(
    ("method", "path", "body", "part"),
    [
        ("POST", "", {"value": 1}, "no `ref`"),
        ("POST", "", {"ref": "", "value": 1}, "no `ref`"),
        ("POST", "", {"ref": "demo.new"}, "no `value`"),
        ("POST", "", {"ref": "demo.new", "value": 1, "owner_type": "nobody"}, "one of system"),
        ("POST", "", {"ref": "demo.new", "value": 1, "owner_type": []}, "`owner_type` must be a string"),
        ("POST", "", {"ref": "demo.new", "value": 1, "name": 5}, "`name` must be a string"),
        ("POST", "", {"ref": "demo.new", "value": 1, "encrypted": "yes"}, "true or false"),
        ("PUT", "/demo.token", {"encrypted": 3}, "true or false"),
        ("PUT", "/demo.token", b'{"value": NaN}', "line 1, column 11"),
        ("PUT", "/demo.token", b'{"value": 1, "value": 2}', "`value` twice: line 1, column 14"),
    ],
)
def test_a_key_that_is_sent_wrongly(call: Caller, method: str, path: str, body: object, part: str) -> None:
    found = call(method, f"/api/v1/keys{path}", body)
    assert (found.status, part in found.error) == (400, True)
    assert call("GET", "/api/v1/keys/demo.token").data["value"] == SECRET
    assert call("GET", "/api/v1/keys/demo.new").status == 404


# --- rules and triggers ---------------------------------------------------------------------------


def test_the_active_rules(call: Caller) -> None:
    found = call("GET", "/api/v1/rules").data
    assert [rule["ref"] for rule in found] == ["demo.page", "demo.log"]
    (rule,) = call("GET", "/api/v1/rules?trigger_ref=demo.free").data
    assert {name: rule[name] for name in ("id", "ref", "trigger_ref", "action_ref", "action_params", "enabled")} == {
        "id": 2,
        "ref": "demo.log",
        "trigger_ref": "demo.free",
        "action_ref": "demo.write",
        "action_params": {"to": "log"},
        "enabled": True,
    }
    assert call("GET", "/api/v1/triggers/demo.alert/rules").data[0]["trigger_params"] == {"every": 5}
    assert call("GET", "/api/v1/rules?trigger_ref=demo.none").data == []
    assert call("GET", "/api/v1/triggers/demo.none/rules").status == 404
    assert call("GET", "/api/v1/rules/demo.log").data["id"] == 2
    assert call("GET", "/api/v1/rules/demo.none").status == 404


def test_rules_by_pages(call: Caller) -> None:
    first = call("GET", "/api/v1/rules?page=1&page_size=1").body
    second = call("GET", "/api/v1/rules?page=2&page_size=1").body
    assert [first["data"][0]["id"], second["data"][0]["id"]] == [1, 2]
    assert (first["pagination"]["has_next"], second["pagination"]["has_next"]) == (True, False)
    for wrong in ("page=0", "page_size=x", "page_size=-1", f"page={'9' * 5000}", "&".join(["page=1"] * 200)):
        assert call("GET", f"/api/v1/rules?{wrong}").status == 400


def test_rules_that_change_while_it_serves(api: LocalApi, call: Caller, heard: Heard) -> None:
    api.set_rules([SensorRule(id=5, ref="demo.new", trigger_ref="demo.alert")])
    assert [rule["id"] for rule in call("GET", "/api/v1/rules").data] == [5]
    call.event({**GOOD, "trigger_instance_id": "rule_1"})
    call.event({**GOOD, "trigger_instance_id": "rule_5"})
    assert [[each.code for each in event.findings] for event in heard.events] == [["ATN145"], []]


def test_a_trigger(call: Caller) -> None:
    found = call("GET", "/api/v1/triggers/demo.alert").data
    assert (found["id"], found["label"], found["pack_ref"], found["enabled"]) == (7, "Alert", "demo", True)
    assert found["out_schema"]["level"] == {"type": "integer", "required": True, "minimum": 0}
    assert call("GET", "/api/v1/triggers/demo.free").data["out_schema"] is None
    assert call("GET", "/api/v1/triggers/demo.none").status == 404


# --- tokens ---------------------------------------------------------------------------------------


def test_a_refreshed_token_is_new_and_the_old_one_still_good(api: LocalApi, call: Caller) -> None:
    before = api.token
    found = call("POST", "/api/v1/auth/refresh")
    assert found.status == 200
    assert list(found.data) == ["token", "expires_at"]
    assert found.data["token"] != before
    assert api.token == found.data["token"]
    assert datetime.fromisoformat(found.data["expires_at"]).timestamp() > datetime.now().timestamp() + 3600
    assert [Caller(api, token).event().status for token in (before, api.token)] == [201, 201]


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer x", "Basic {}", "{}", "Bearer {}x", "Bearer {} {}", "Bearer ümlaut"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/events"),
        ("GET", "/api/v1/keys/demo.token"),
        ("PUT", "/api/v1/keys/demo.token"),
        ("GET", "/api/v1/rules"),
        ("POST", "/api/v1/auth/refresh"),
    ],
)
def test_without_the_token_nothing_is_done(
    api: LocalApi, heard: Heard, authorization: str | None, method: str, path: str
) -> None:
    before = api.token
    headers = {} if authorization is None else {"Authorization": authorization.replace("{}", before)}
    found = Caller(api, token=None)(method, path, GOOD, headers)
    assert (found.status, "token" in found.error) == (401, True)
    assert found.headers["www-authenticate"] == "Bearer"
    assert heard.events == []
    # Or its author would wonder why no event comes.
    (refused,) = heard.refused
    assert (refused.path, refused.status, refused.is_unknown) == (path.partition("?")[0], 401, False)
    assert before not in refused.reason
    assert api.token == before


def test_the_scheme_in_any_case(api: LocalApi) -> None:
    assert Caller(api, token=None).event(GOOD, Authorization=f"bearer {api.token}").status == 201


# --- what there is not ----------------------------------------------------------------------------


def test_an_unknown_path_is_told_once(call: Caller, heard: Heard) -> None:
    for _ in range(3):
        found = call("GET", "/api/v1/packs?x=1")
        assert (found.status, "has no /api/v1/packs" in found.error) == (404, True)
    assert call("GET", "/api/v1/events/").status == 404
    assert [(each.path, each.status) for each in heard.refused] == [("/api/v1/packs", 404), ("/api/v1/events/", 404)]
    assert all(each.is_unknown for each in heard.refused)


def test_a_wrong_method_is_told_as_well(call: Caller, heard: Heard) -> None:
    found = call("DELETE", "/api/v1/keys/demo.token")
    assert (found.status, found.headers["allow"]) == (405, "GET, PUT, HEAD")
    assert call("GET", "/api/v1/events").status == 405
    assert [each[:3] for each in heard.refused] == [
        ("DELETE", "/api/v1/keys/demo.token", 405),
        ("GET", "/api/v1/events", 405),
    ]


def test_endlessly_many_unknown_paths_are_not_told(call: Caller, heard: Heard) -> None:
    for number in range(150):
        call("GET", f"/{number}")
    call("GET", "/" + "x" * 5000)
    assert len(heard.refused) == 100
    assert max(len(each.path) for each in heard.refused) <= 201


def test_head_has_no_body(call: Caller) -> None:
    found = call("HEAD", "/api/v1/keys/demo.token")
    assert (found.status, found.body) == (200, None)


# --- secrets --------------------------------------------------------------------------------------


def test_what_has_to_be_masked(api: LocalApi, call: Caller) -> None:
    assert api.secrets.mask_text(f"{SECRET} changed-4711") == "*** changed-4711"
    tokens = [api.token, *(call("POST", "/api/v1/auth/refresh").data["token"] for _ in range(10))]
    call("POST", "/api/v1/keys", {"ref": "demo.cursor", "value": "page-4711"})
    call("POST", "/api/v1/keys", {"ref": "demo.hidden", "value": {"deep": ["hidden-4711"]}, "encrypted": True})
    call("PUT", "/api/v1/keys/demo.token", {"value": "changed-4711"})
    text = " ".join([*tokens, "page-4711", "hidden-4711", "changed-4711"])
    assert api.secrets.mask_text(text).split() == [*["***"] * len(tokens), "page-4711", "***", "***"]


def test_no_finding_holds_a_secret(call: Caller, heard: Heard) -> None:
    call.event({**GOOD, "payload": {"level": SECRET}})
    call.event({"trigger_ref": f"x{SECRET}"})
    messages = " ".join(each.message for event in heard.events for each in event.findings)
    assert messages.count("***") == 2
    assert SECRET not in messages


def test_nothing_shows_its_secrets(api: LocalApi) -> None:
    shown = f"{api!r} {api.secrets!r} {api._tokens!r} {api.keys!r} {api.keys.get('demo.token')!r}"
    assert not re.search(f"{SECRET}|{api.token}", shown)
