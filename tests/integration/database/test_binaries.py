"""The history of native binaries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attune_cli.database.binaries import Binary, Recorded, history, record
from attune_cli.database.connection import connect
from attune_cli.database.generation import read_shape
from attune_cli.errors import AttuneError
from tests.postgres import Database

DIGEST = Binary(
    pack_ref="core",
    name="digest",
    platform="linux/amd64",
    version="1.0.0",
    sha256="ab" * 32,
    size=16_384,
    build_id="0123abcd",
    toolchain="cc",
    toolchain_version="12.2.0",
    source_digest="cd" * 32,
)
NEWER = replace(DIGEST, version="1.1.0", sha256="ef" * 32)
ARM = replace(DIGEST, platform="linux/arm64", sha256="ff" * 32, build_id=None)


def recorded(database: Database, *binaries: Binary) -> tuple[Recorded, ...]:
    with connect(database.target) as connection:
        return record(connection, read_shape(connection, "attune"), binaries)


def all_of(database: Database) -> list[Binary]:
    with connect(database.target) as connection:
        return [row.binary for row in history(connection, read_shape(connection, "attune"))]


def test_what_is_recorded_is_listed(each_database: Database) -> None:
    assert [row.binary for row in recorded(each_database, DIGEST, ARM)] == [DIGEST, ARM]
    assert all_of(each_database) == [DIGEST, ARM]


def test_a_digest_is_recorded_once_and_history_is_kept(database: Database) -> None:
    recorded(database, DIGEST)
    assert recorded(database, DIGEST) == ()
    # As it was recorded: the same bytes in a later version of the pack are nothing new.
    assert recorded(database, replace(DIGEST, version="2.0.0")) == ()
    assert [row.binary for row in recorded(database, DIGEST, NEWER)] == [NEWER]
    assert all_of(database) == [NEWER, DIGEST]
    assert database.query("SELECT last_value FROM attune.native_binary_id_seq") == [(2,)]


def test_the_same_twice_in_one_lock_file(database: Database) -> None:
    assert [row.binary for row in recorded(database, DIGEST, DIGEST)] == [DIGEST]


def test_another_pack_has_its_own(database: Database) -> None:
    recorded(database, DIGEST)
    assert len(recorded(database, replace(DIGEST, pack_ref="other"))) == 1


def test_all_or_nothing(database: Database) -> None:
    with pytest.raises(AttuneError, match="breaks a rule"):
        recorded(database, DIGEST, replace(NEWER, sha256="no digest"))
    assert all_of(database) == []


def test_no_table(database: Database) -> None:
    database.run("DROP TABLE attune.native_binary")
    with pytest.raises(AttuneError, match=r"there is no table attune\.native_binary") as error:
        all_of(database)
    assert "attune db init" in str(error.value.help)
