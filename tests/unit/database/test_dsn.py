"""Which database is meant, and that nothing of a password is ever shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from attune_cli.database.dsn import Target, parse, resolve
from attune_cli.errors import UsageError
from attune_cli.settings import Settings, load_settings

#: Every place that can name a database, the strongest first.
PLACES = ("--dsn", "ATTUNE_DATABASE_URL", "DATABASE_URL", "database_url in a settings file", "libpq's settings")


@pytest.fixture(autouse=True)
def _no_libpq(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSERVICE", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("first", range(len(PLACES)))
def test_the_order_of_the_places(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each place names a database of its own; those before `first` name none, as empty texts or not at all."""
    monkeypatch.setenv("PGDATABASE", "place4")
    dsn, *variables, file = [f"dbname=place{place}" if place >= first else "" for place in range(4)]
    environ = {name: text for name, text in zip(PLACES[1:3], variables, strict=True) if text or first == 2}
    target = resolve(dsn or None, environ=environ, settings=Settings(database_url=file or None))
    assert (target.database, target.origin) == (f"place{first}", PLACES[first])


def test_the_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("attune.toml").write_text('database_url = "postgresql://me@there/db"\ndatabase_schema = "theirs"\n')
    assert resolve(environ={}, settings=load_settings(environ={})).shown == "me@there:5432/db"
    assert resolve(environ={}, settings=load_settings(environ={})).schema == "theirs"
    settings = load_settings({"database_schema": "mine"}, environ={"ATTUNE_DATABASE_SCHEMA": "other"})
    assert resolve(environ={}, settings=settings).schema == "mine"
    assert resolve(None, "flag", {}, settings).schema == "flag"


def test_what_is_not_said_is_libpqs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PGHOST", "here")
    monkeypatch.setenv("PGUSER", "somebody")
    assert parse("dbname=db port=7", "--dsn").shown == "somebody@here:7/db"
    services = tmp_path / "services"
    services.write_text("[mine]\nhost=served\nuser=servant\npassword=hunter22\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGSERVICE", "mine")
    target = parse("dbname=db", "--dsn")
    assert target.secrets == ("hunter22",)
    assert "service" not in conninfo_to_dict(target.conninfo), "libpq reads the environment itself"


def test_the_schema_is_attune_unless_another_is_named() -> None:
    assert resolve(environ={}).schema == "attune"


@pytest.mark.parametrize("schema", ["x" * 64, "a\0b"])
def test_a_name_that_postgresql_would_change_is_no_schema(schema: str) -> None:
    with pytest.raises(UsageError, match="63"):
        resolve(None, schema, {})


def test_texts_come_as_text_whatever_the_databases_encoding() -> None:
    assert conninfo_to_dict(parse("dbname=x", "--dsn").conninfo)["client_encoding"] == "utf8"
    assert conninfo_to_dict(parse("client_encoding=latin1", "--dsn").conninfo)["client_encoding"] == "latin1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:hunter22@h/d", "u@h:5432/d"),
        ("postgres://u:hunter%4022@h:1/d?sslmode=require", "u@h:1/d"),
        ("postgresql://h/d?user=u&password=hunter22", "u@h:5432/d"),
        ("postgresql://u@[::1]:9/d", "u@[::1]:9/d"),
        ("postgresql://u@a:1,b:2/d", "u@a:1/d"),
        ("host=/run/pg user=u dbname=d password='hunter 22'", "u@/run/pg:5432/d"),
        ("host=h user=u password = hunter22", "u@h:5432/u"),
    ],
)
def test_a_target_is_shown_without_its_password(text: str, shown: str) -> None:
    target = parse(text, "--dsn")
    assert target.shown == shown
    assert "hunter" not in repr(target) + target.where


#: Addresses that cannot be read, or not as they were meant; each with a password that begins with "hunter".
UNREADABLE = [
    "postgresql://u:hunter@22@h/d",
    "postgresql://u:hunter/22@h/d",
    "postgresql://u:hunter/2?2@h",
    "postgresql://u:hunter22",
    "postgresql://u:hunter%zz@h/d",
    "postgresql://u:hunter22@h:port/d",
    "postgresql://u@h/d?password=hunter22&nonsense=1",
    "postgresql://u@h/d?password=a&b@hunter22=1",
    "postgresql://u@h/d?hunter22",
    "host=h password=a hunter22",
    "host=h password=a hunter22=x",
    "host=h password='hunter22",
    "hunter22",
    "mysql://u:hunter22@h/d",
    "jdbc:postgresql://u:hunter22@h/d",
    "postgresql+psycopg://u:hunter22@h/d",
    "sqlite:///hunter22",
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_an_unreadable_address_is_told_without_it(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(text, "DATABASE_URL")
    error = raised.value
    told = [error.what, error.where, error.why, error.help, *map(str, _shown_by_a_traceback(error))]
    assert "hunter" not in " ".join(map(str, told))
    assert error.where == "DATABASE_URL"
    assert "postgresql://USER@HOST" in str(error.help)


def _shown_by_a_traceback(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that a traceback shows with it."""
    while error:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize("scheme", ["mysql", "jdbc:postgresql", "postgresql+psycopg", "sqlite"])
def test_an_address_of_something_else_is_told_as_such(scheme: str) -> None:
    with pytest.raises(UsageError, match=f"begins with postgresql://, not {re.escape(scheme)}://"):
        parse(f"{scheme}://u@h/d", "--dsn")


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(UsageError) as raised:
        parse("postgresql://u:hunter22@h/d?schema=x", "--dsn")
    assert raised.value.why == 'invalid URI query parameter: "schema"'


@pytest.mark.parametrize(("name", "variable"), [("port", "PGPORT"), ("connect_timeout", "PGCONNECT_TIMEOUT")])
def test_what_is_no_number(name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as raised:
        parse(f"host=h {name}=1.5", "DATABASE_URL")
    assert (raised.value.where, raised.value.why) == ("DATABASE_URL", f"the {name} is no number")
    monkeypatch.setenv(variable, "soon")
    with pytest.raises(UsageError, match=f"{variable} is no number") as raised:
        parse("host=h", "DATABASE_URL")
    assert raised.value.where == "the environment, or the service file"
    parse(f"host=h {name}=7", "DATABASE_URL")


def test_a_setting_that_is_no_text_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "attune.toml").write_text('database_url = ["postgresql://u:hunter22@h/d"]\n')
    with pytest.raises(UsageError) as raised:
        load_settings(cwd=tmp_path, environ={})
    assert str(raised.value.where).endswith("attune.toml:1")
    assert "hunter" not in str(raised.value)


def test_settings_do_not_show_it() -> None:
    assert "hunter" not in repr(Settings(database_url="postgresql://u:hunter22@h/d"))


def test_a_target_is_a_value() -> None:
    assert parse("dbname=d", "--dsn") == parse("dbname=d", "--dsn")
    assert isinstance(parse("", "x"), Target)
