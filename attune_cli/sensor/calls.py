"""What each call of the local API does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from attune_cli.sensor.bodies import BodyError, read_object
from attune_cli.sensor.events import Reception
from attune_cli.sensor.http import Answer, Call, Gone, Handler, Refusal, data, error
from attune_cli.sensor.key_files import misfitting
from attune_cli.sensor.keys import MAX_BYTES, MAX_KEYS, Key, KeysFull, KeyStore
from attune_cli.sensor.model import CUT_OFF, Event, Trigger, Triggers
from attune_cli.sensor.records import event_record, key_record, moment, rule_record, trigger_record
from attune_cli.sensor.tokens import LIFETIME, Tokens


class Calls:
    """The handlers, by path and method."""

    def __init__(
        self,
        keys: KeyStore,
        triggers: Triggers,
        reception: Reception,
        tokens: Tokens,
        on_event: Callable[[Event], None],
    ) -> None:
        self._keys = keys
        self._triggers = triggers
        self._reception = reception
        self._tokens = tokens
        self._on_event = on_event
        self._since = time.time()

    def all(self) -> Iterator[tuple[str, str, Handler]]:
        """(path, method, handler) of each."""
        yield "/health", "GET", _health
        yield "/api/v1/events", "POST", self._create_event
        yield "/api/v1/keys", "POST", self._create_key
        yield "/api/v1/keys/{ref}", "GET", self._get_key
        yield "/api/v1/keys/{ref}", "PUT", self._update_key
        yield "/api/v1/rules", "GET", self._list_rules
        yield "/api/v1/rules/{ref}", "GET", self._get_rule
        yield "/api/v1/triggers/{ref}", "GET", self._get_trigger
        yield "/api/v1/triggers/{ref}/rules", "GET", self._list_rules_of_trigger
        yield "/api/v1/auth/refresh", "POST", self._refresh
        # Where the Python SDK's generated client calls it.
        yield "/auth/refresh", "POST", self._refresh

    # --- events -----------------------------------------------------------------------------------

    async def _create_event(self, call: Call) -> Answer:
        try:
            body = await call.body()
        except Refusal as refusal:
            self._on_event(self._reception.refused(refusal.status, refusal.reason, 0))
            raise
        except Gone as gone:
            self._on_event(self._reception.refused(CUT_OFF, str(gone), gone.size))
            raise
        event = self._reception.take(body)
        self._on_event(event)
        if event.accepted:
            return data(201, event_record(event, self._triggers[event.trigger_ref], self._reception.source.id))
        return error(event.status, event.findings[0].message)

    # --- keys -------------------------------------------------------------------------------------

    async def _get_key(self, call: Call) -> Answer:
        key = self._keys.get(call.ref)
        return data(200, key_record(key)) if key else _no("key", call.ref)

    async def _create_key(self, call: Call) -> Answer:
        sent = await _object(call)
        key = _new_key(sent)
        try:
            created = self._keys.create(key)
        except KeysFull:
            raise _full() from None
        if created is None:
            return error(409, f"there is a key `{key.ref}` already")
        return data(201, key_record(created))

    async def _update_key(self, call: Call) -> Answer:
        sent = await _object(call)
        # null is a value; for the other two it means: as it is.
        change = {name: sent[name] for name in ("name", "encrypted") if sent.get(name) is not None}
        change |= {"value": sent["value"]} if "value" in sent else {}
        _check(change)
        try:
            updated = self._keys.update(call.ref, lambda key: replace(key, **change, updated=time.time()))
        except KeysFull:
            raise _full() from None
        return data(200, key_record(updated)) if updated else _no("key", call.ref)

    # --- rules and triggers -----------------------------------------------------------------------

    async def _list_rules(self, call: Call) -> Answer:
        return self._rules(call, call.query.get("trigger_ref"))

    async def _get_rule(self, call: Call) -> Answer:
        rule = self._reception.rules.of_ref(call.ref)
        return data(200, rule_record(rule, self._since)) if rule else _no("rule", call.ref)

    async def _get_trigger(self, call: Call) -> Answer:
        return data(200, trigger_record(self._trigger(call.ref), self._since))

    async def _list_rules_of_trigger(self, call: Call) -> Answer:
        return self._rules(call, self._trigger(call.ref).ref)

    def _trigger(self, ref: str) -> Trigger:
        if ref not in self._triggers:
            raise Refusal(404, f"there is no trigger `{ref[:200]}`")
        return self._triggers[ref]

    def _rules(self, call: Call, trigger_ref: str | None) -> Answer:
        found = [rule for rule in self._reception.rules.all if trigger_ref in {None, rule.trigger_ref}]
        page, size = _page(call.query, len(found))
        items = [rule_record(rule, self._since) for rule in found[(page - 1) * size : page * size]]
        pages = -(-len(found) // size)
        pagination = {
            "page": page,
            "page_size": size,
            "total_items": len(found),
            "total_pages": pages,
            "has_next": page < pages,
            "has_previous": page > 1,
        }
        # The Python SDK's generated client looks for `items`.
        return data(200, items, items=items, pagination=pagination)

    # --- tokens -----------------------------------------------------------------------------------

    async def _refresh(self, call: Call) -> Answer:
        await call.body()
        token = self._tokens.refresh()
        expires = datetime.now(UTC) + timedelta(seconds=LIFETIME)
        answer = {"token": token, "expires_at": moment(expires.timestamp())}
        if call.scope["path"] == "/auth/refresh":
            answer |= {"access_token": token, "refresh_token": token, "token_type": "Bearer"}
            return data(200, {**answer, "expires_in": LIFETIME})
        return data(200, answer)


async def _health(_: Call) -> Answer:
    return data(200, {"status": "ok", "version": "local", "database": "none"})


async def _object(call: Call) -> dict[str, Any]:
    try:
        return read_object(await call.body()).data
    except BodyError as wrong:
        raise Refusal(400, str(wrong)) from None


def _new_key(sent: dict[str, Any]) -> Key:
    """The key that a body asks for: by its `ref`, or by `local_ref` and its owner."""
    owner_type = sent.get("owner_type", "system")
    owner = next((sent[f"owner_{each}"] for each in _OWNERS if sent.get(f"owner_{each}") is not None), None)
    ref = sent.get("ref")
    if ref is None and isinstance(local := sent.get("local_ref"), str) and local:
        ref = f"{owner or owner_type}.{local}"
    if not isinstance(ref, str) or not ref:
        raise Refusal(400, "the key has no `ref`")
    if "value" not in sent:
        raise Refusal(400, "the key has no `value`")
    now = time.time()
    refs = {f"owner_{each}": sent.get(f"owner_{each}") for each in ("action_ref", "pack_ref", "sensor_ref")}
    key = {
        "ref": ref,
        "name": sent.get("name") or ref,
        "owner_type": owner_type,
        "owner": sent.get("owner") or owner,
        "encrypted": sent.get("encrypted") is True,
        **refs,
    }
    _check(key)
    if sent.get("encrypted") not in {None, True, False}:
        raise Refusal(400, "`encrypted` must be true or false")
    return Key(**key, value=sent["value"], created=now, updated=now)


_OWNERS = ("pack_ref", "action_ref", "sensor_ref", "identity_login")


def _check(key: dict[str, Any]) -> None:
    if misfit := misfitting(key):
        raise Refusal(400, misfit)


def _page(query: dict[str, str], count: int) -> tuple[int, int]:
    """Page, from 1, and its size; all on one page where nobody asks for pages."""
    numbers: list[int] = []
    for name, default in (("page", 1), ("page_size", max(count, 1))):
        text = query.get(name, str(default))
        if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= 1_000_000:
            raise Refusal(400, f"`{name}` must be an integer from 1 to 1000000")
        numbers.append(int(text))
    return numbers[0], numbers[1]


def _no(kind: str, ref: str) -> Answer:
    return error(404, f"there is no {kind} `{ref[:200]}`")


def _full() -> Refusal:
    return Refusal(413, f"a run has room for {MAX_KEYS} keys of {MAX_BYTES // 1024 // 1024} MiB together")
