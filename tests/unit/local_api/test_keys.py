"""Keys: where they come from, who may see them, and what is kept."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError, UsageError
from attune_cli.sensor import keys as keys_module
from attune_cli.sensor.key_files import given_keys
from attune_cli.sensor.keys import Key, KeysFull, KeyStore
from attune_cli.sensor.open_keys import opened_keys

SECRET = "swordfish-9000"


def write(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)


# --- given ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("keys.yaml", "a.one: text\na.two: {x: [1, null]}\na.three: yes\n"),
        ("keys.json", '{"a.one": "text", "a.two": {"x": [1, null]}, "a.three": "yes"}'),
        (
            "keys.yaml",
            "- {ref: a.one, value: text}\n- {ref: a.two, value: {x: [1, null]}}\n- {ref: a.three, value: yes}",
        ),
        (
            "keys.json",
            (
                '[{"ref": "a.one", "value": "text"}, {"ref": "a.two", "value": {"x": [1, null]}},'
                ' {"ref": "a.three", "value": "yes"}]'
            ),
        ),
    ],
)
def test_files_of_keys(tmp_path: Path, name: str, content: str) -> None:
    found = list(given_keys([write(tmp_path / name, content)], (), {}))
    assert {key.ref: key.value for key in found} == {"a.one": "text", "a.two": {"x": [1, None]}, "a.three": "yes"}
    assert all(key.encrypted and key.name == key.ref and key.created > 10**9 for key in found)


def test_a_whole_record(tmp_path: Path) -> None:
    record = {
        "id": 70,
        "ref": "a.one",
        "local_ref": "one",
        "value": 1,
        "name": "One",
        "encrypted": False,
        "owner_type": "pack",
        "owner": "a",
        "owner_pack": 3,
        "owner_pack_ref": "a",
        "owner_action": None,
        "created": "2026-01-01T00:00:00Z",
        "updated": None,
    }
    (key,) = given_keys([write(tmp_path / "keys.json", json.dumps([record]))], (), {})
    assert (key.name, key.encrypted, key.owner_type, key.owner_pack, key.owner) == ("One", False, "pack", 3, "a")


def test_single_keys(tmp_path: Path) -> None:
    text, data = write(tmp_path / "x", f"{SECRET}\r\n"), write(tmp_path / "y", '{"a": [1]}\n')
    found = given_keys((), [f"a.x=@{text}", f"a.y:=@{data}", f"a.z=@{data}", "a.e=env:E", "a.j:=env:E"], {"E": "12"})
    assert [(key.ref, key.value) for key in found] == [
        ("a.x", SECRET),
        ("a.y", {"a": [1]}),
        ("a.z", '{"a": [1]}'),
        ("a.e", "12"),
        ("a.j", 12),
    ]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (f"a: {SECRET}: b\n", ":1:"),
        (f"a.one: [{SECRET}\n", ":"),
        (f"{SECRET}\n", "holds no keys"),
        (f"- {SECRET}\n", "record 1: a record has no `ref`"),
        (f"- {{ref: a.one, valeu: {SECRET}}}\n", "has no `value`"),
        (f"- {{ref: a.one, value: {SECRET}, colour: {SECRET}}}\n", "a key has no `colour`"),
        (f"- {{ref: a.one, value: {SECRET}, encrypted: 'yes'}}\n", "`encrypted` must be true or false"),
        (f"- {{ref: a.one, value: {SECRET}, owner_type: {SECRET}}}\n", "one of system"),
        (f"- {{ref: a.one, value: {SECRET}, owner_pack: true}}\n", "`owner_pack` must be an integer"),
        (f"- {{ref: a.one, value: {SECRET}, name: null}}\n", "`name` must be a string"),
        (f"a.one: [{SECRET}, .inf]\n", "`a.one` is no JSON"),
    ],
)
def test_files_that_are_wrong(tmp_path: Path, content: str, part: str) -> None:
    with pytest.raises(UsageError) as wrong:
        list(given_keys([write(tmp_path / "keys.yaml", content)], (), {}))
    shown = f"{wrong.value} {wrong.value.help}"
    assert part in shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    ("pair", "part"),
    [
        (f"a.one={SECRET}", "never given as a plain value"),
        (f"a.one:={SECRET}", "never given as a plain value"),
        ("a.one", "no value"),
        ("=@x", "no ref"),
        ("a.one=@/nonexistent", "cannot be read"),
        ("a.one=env:NONE", "NONE is not set"),
        ("a.one:=env:BAD", "no JSON"),
    ],
)
def test_single_keys_that_are_wrong(pair: str, part: str) -> None:
    with pytest.raises(UsageError) as wrong:
        list(given_keys((), [pair], {"BAD": f"[{SECRET}"}))
    shown = f"{wrong.value} {wrong.value.help}"
    assert part in shown
    assert SECRET not in shown


@pytest.mark.parametrize("content", [b"[1", b"\xff", b'{"a": NaN}', b'{"a": 1, "a": 2}'])
def test_a_json_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keys.json").write_bytes(content)
    with pytest.raises(UsageError):
        list(given_keys([str(tmp_path / "keys.json")], (), {}))


# --- the store ------------------------------------------------------------------------------------


def test_the_later_of_two_counts_and_ids_stay_in_order() -> None:
    store = KeyStore([Key(ref="a", value=1), Key(ref="b", value=2), Key(ref="a", value=3)])
    assert [(key.id, key.value) for ref in "ab" if (key := store.get(ref))] == [(1, 3), (2, 2)]
    created = store.create(Key(ref="c", value=4))
    assert created
    assert (created.id, len(store)) == (3, 3)


def test_a_change_changes_neither_ref_nor_id() -> None:
    store = KeyStore([Key(ref="a", value=1)])
    changed = store.update("a", lambda key: replace(key, ref="b", id=9, value=2))
    assert changed
    assert (changed.ref, changed.id, changed.value, changed.given) == ("a", 1, 2, False)
    assert store.get("b") is None


def test_only_encrypted_keys_are_secrets() -> None:
    store = KeyStore([Key(ref="a", value=SECRET), Key(ref="b", value="open", encrypted=False)])
    assert store.secrets() == {"key a": SECRET}
    store.update("b", lambda key: replace(key, encrypted=True))
    assert store.secrets() == {"key a": SECRET, "key b": "open"}


def test_no_value_is_shown() -> None:
    store = KeyStore([Key(ref="a", value=SECRET)])
    assert SECRET not in f"{store!r} {store.get('a')!r} {vars(store).keys()}"


def test_there_is_an_end_to_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_module, "MAX_KEYS", 2)
    monkeypatch.setattr(keys_module, "MAX_BYTES", 20)
    store = KeyStore([Key(ref="a", value="x" * 5), Key(ref="b", value="")])
    with pytest.raises(KeysFull):
        store.create(Key(ref="c", value=""))
    with pytest.raises(KeysFull):
        store.update("a", lambda key: replace(key, value="x" * 30))
    assert store.update("b", lambda key: replace(key, value="x" * 9))
    for _ in range(10):
        assert store.update("a", lambda key: replace(key, value="y" * 5))
    with pytest.raises(UsageError, match="too many keys"):
        KeyStore([Key(ref=ref, value="") for ref in "abc"])


# --- the state ------------------------------------------------------------------------------------


def test_what_was_written_is_there_in_the_next_run(tmp_path: Path) -> None:
    state, given = tmp_path / "deep/state.json", write(tmp_path / "keys.yaml", f"a.one: {SECRET}\na.two: 2\n")
    with opened_keys([given], (), state, {}) as store:
        assert not state.exists()
        store.create(Key(ref="a.cursor", value={"page": 3}, encrypted=False))
        store.update("a.two", lambda key: replace(key, value=22))
    assert SECRET not in state.read_text(encoding="utf-8")
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert os.listdir(state.parent) == ["state.json"]
    with opened_keys([given], (), state, {}) as store:
        assert [key.value for ref in ("a.one", "a.two", "a.cursor") if (key := store.get(ref))] == [
            SECRET,
            22,
            {"page": 3},
        ]
        store.update("a.cursor", lambda key: replace(key, value={"page": 4}))
    with opened_keys((), (), state, {}) as store:
        assert [key.value for ref in ("a.two", "a.cursor") if (key := store.get(ref))] == [22, {"page": 4}]
        assert store.get("a.one") is None


def test_an_old_state_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text('{"schema": "attune.keys/1", "keys": []}', encoding="utf-8")
    state.chmod(0o644)
    other = tmp_path / "other"
    os.link(state, other)
    with opened_keys((), (), state, {}) as store:
        store.create(Key(ref="a", value=SECRET))
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    # It was replaced and not written into: whoever has the old file open does not see what is new.
    assert SECRET not in other.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b'{"schema": "attune.keys/2", "keys": []}', b'{"schema": "attune.keys/1", "keys": {}}',
     b'{"schema": "attune.keys/1", "keys": [1]}', b'{"schema": "attune.keys/1", "keys": [{"ref": 1, "value": 1}]}',
     b'{"schema": "attune.keys/1", "keys": [{"ref": "a", "value": 1, "what": 1}]}',
     b'{"schema": "attune.keys/1", "keys": [{"value": 1}]}'],
)  # fmt: skip
def test_a_file_that_is_no_state_is_left_alone(tmp_path: Path, content: bytes) -> None:
    state = tmp_path / "state.json"
    state.write_bytes(content)
    with pytest.raises(UsageError) as wrong, opened_keys((), (), state, {}):
        pass
    assert str(state) in str(wrong.value)
    assert state.read_bytes() == content


def test_a_state_that_cannot_be_written_is_told_at_the_end(tmp_path: Path) -> None:
    opened = opened_keys((), (), tmp_path / "state", {})
    store = opened.__enter__()
    os.mkdir(tmp_path / "state")
    assert store.create(Key(ref="a", value=1))
    with pytest.raises(AttuneError, match="could not be written"):
        opened.__exit__(None, None, None)
    assert os.listdir(tmp_path) == ["state"]
