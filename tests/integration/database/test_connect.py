"""What is told when a database cannot be reached or does not let us: one message each, with the next step."""

from __future__ import annotations

import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from attune_cli.database.connection import connect
from attune_cli.database.dsn import Target, parse
from attune_cli.errors import AttuneError
from tests.integration.database.relay import refusal
from tests.postgres import Database
from tests.postgres_server import PASSWORD, PATIENCE, Server

GUESS = "hunter22/@guess"


def failure(target: Target, *, timeout: float | None = PATIENCE) -> AttuneError:
    with pytest.raises(AttuneError) as raised, connect(target, connect_timeout=timeout):
        pass
    assert raised.value.where == target.where
    return raised.value


#: What is given, what is said, the next step, the reason.
REFUSALS = {
    "a wrong password": ({"user": "guarded", "password": GUESS}, "password for the role guarded", "pgpass", "password"),
    "no password": ({"user": "guarded"}, "wants a password for the role guarded", "PGPASSWORD", "supplied"),
    "an unknown database": ({"dbname": "nowhere"}, "there is no database nowhere", "createdb nowhere", '"nowhere"'),
    "an unknown role": ({"user": "nobody_at_all"}, "no role nobody_at_all", "createuser", '"nobody_at_all"'),
    "a role without login": ({"user": "nologin"}, "nologin may not log in", "LOGIN", "not permitted"),
    "a line in pg_hba.conf": ({"dbname": "shut"}, "does not let postgres in", "pg_hba.conf", "rejects"),
    "TLS wanted": (
        {"host": "127.0.0.1", "dbname": "tls", "sslmode": "disable"},
        "not let postgres in from here without TLS",
        "sslmode=require",
        "no encryption",
    ),
    "no TLS": ({"host": "127.0.0.1", "dbname": "tcp", "sslmode": "require"}, "has no TLS", "sslmode", "SSL"),
    "a host nobody knows": ({"host": "nowhere.invalid"}, "host of the address is not known", "spelling", "nowhere"),
    "no socket": ({"host": "/nonexistent"}, "no PostgreSQL server answers", "--embedded", "No such file"),
    "an unknown service": ({"service": "none"}, "service is not in the service file", "PGSERVICE", "none"),
    "an unknown value": ({"sslmode": "perhaps"}, "cannot connect", "check the address", "perhaps"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused(server: Server, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSERVICEFILE", "/dev/null")
    parameters, what, cure, why = REFUSALS[case]
    error = failure(server.target(**parameters))
    assert what in error.what
    assert ("TLS" in error.what) == ("TLS" in what)
    assert cure in str(error.help)
    assert why in str(error.why)
    assert len(str(error.why).splitlines()) == 1


def test_no_server_at_a_port(server: Server) -> None:
    with socket.socket() as taken:
        # Bound, so that nobody else takes it, and nobody listens.
        taken.bind(("127.0.0.1", 0))
        error = failure(server.target(host="127.0.0.1", port=str(taken.getsockname()[1])))
    assert "no PostgreSQL server answers" in error.what


def test_a_server_that_says_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option counts, then the address, then the environment; this is the shortest time there is."""
    begun = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        error = failure(server.target(host="127.0.0.1", port=port, connect_timeout="600"), timeout=1)
        assert "does not answer in time" in error.what
        assert "--connect-timeout" in str(error.help)
        monkeypatch.setenv("PGCONNECT_TIMEOUT", "600")
        with_own = server.target(host="127.0.0.1", port=port, connect_timeout="1")
        assert "does not answer in time" in failure(with_own, timeout=None).what
    assert time.monotonic() - begun < PATIENCE, "somebody's timeout, but not the one that was asked for"


@pytest.mark.parametrize(("seconds", "told"), [(None, "10"), (0.2, "1"), (0, "2147483647"), (1e12, "2147483647")])
def test_how_long_it_would_wait(server: Server, seconds: float | None, told: str) -> None:
    with connect(server.target(), connect_timeout=seconds) as connection:
        assert connection.info.get_parameters()["connect_timeout"] == told


def test_what_is_no_postgresql(server: Server) -> None:
    with _answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        error = failure(server.target(host="127.0.0.1", port=port, sslmode="disable"))
    assert "no PostgreSQL server" in error.what


@contextmanager
def _answering(*answers: bytes) -> Iterator[str]:
    """A server that gives each caller the next of its answers, and is gone then."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]

    def serve() -> None:
        for answer in answers:
            with suppress(OSError), listening.accept()[0] as connection:
                connection.recv(4096)
                if answer is answers[-1]:
                    listening.close()
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield str(port)
    finally:
        with suppress(OSError):
            # Nobody has come for the rest.
            listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        listening.close()


#: The SQLSTATE of a refusal, its text as a server in Germany writes it, what is said, the next step.
IN_GERMAN = {
    "a wrong password": ("28P01", "Passwort-Authentifizierung fehlgeschlagen", "is not right", "pgpass"),
    "an unknown database": ("3D000", "Datenbank »nowhere« existiert nicht", "there is no database nowhere", "createdb"),
    "a line in pg_hba.conf": ("28000", "pg_hba.conf lehnt Verbindung ab", "does not let postgres in", "pg_hba.conf"),
    "no right to connect": ("42501", "keine Berechtigung für Datenbank", "may not connect to the database", "GRANT"),
    "a server that is full": ("53300", "tut mir leid, schon zu viele Verbindungen", "no connection left", "wait"),
    "a server that starts": ("57P03", "das Datenbanksystem startet", "takes no connections at the moment", "wait"),
    "what nobody foresaw": ("XX000", "interner Fehler", "cannot connect to PostgreSQL", "check the address"),
}


@pytest.mark.skipif(psycopg.pq.version() < 180000, reason="this libpq does not trace a greeting")
@pytest.mark.parametrize("case", IN_GERMAN)
def test_a_server_that_speaks_another_language(server: Server, case: str) -> None:
    state, text, what, cure = IN_GERMAN[case]
    # The second time it is asked for the SQLSTATE.
    with _answering(refusal(text, state), refusal(text, state)) as port:
        own = {"host": "127.0.0.1", "port": port, "sslmode": "disable", "gssencmode": "disable"}
        error = failure(server.target(**own, dbname="nowhere", password=GUESS))
    assert what in error.what
    assert cure in str(error.help)
    assert error.why == text


def test_a_server_that_is_gone_when_it_is_asked_again(server: Server) -> None:
    with _answering(refusal("hat keine Lust")) as port:
        error = failure(server.target(host="127.0.0.1", port=port, sslmode="disable", gssencmode="disable"))
    assert (error.what, error.why) == ("cannot connect to PostgreSQL", "hat keine Lust")


def test_no_right_to_connect(server: Server, databases: Callable[[Server, None], Database]) -> None:
    made = databases(server, None)
    made.run(f"REVOKE CONNECT ON DATABASE {made.name} FROM PUBLIC")
    error = failure(server.target(dbname=made.name, user="stranger"))
    assert error.what == f"the role stranger may not connect to the database {made.name}"
    assert "GRANT CONNECT" in str(error.help)


def test_a_database_that_is_closed_for_a_while(server: Server, databases: Callable[[Server, None], Database]) -> None:
    made = databases(server, None)
    server.run(f"ALTER DATABASE {made.name} ALLOW_CONNECTIONS false")
    assert "takes no connections at the moment" in failure(made.target).what


def test_a_server_that_is_full(server: Server) -> None:
    server.run("CREATE ROLE crowd LOGIN CONNECTION LIMIT 0")
    try:
        assert "no connection left" in failure(server.target(user="crowd")).what
    finally:
        server.run("DROP ROLE crowd")


# --- passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["list", "url", "environment", "pgpass"])
def test_a_password_lets_in_and_is_not_shown(
    server: Server, form: str, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """In every form that libpq takes it from; then a wrong one."""
    for password, is_right in ((PASSWORD, True), (GUESS, False)):
        target = _with_password(server, form, password, monkeypatch, home)
        if is_right:
            with connect(target) as connection:
                assert connection.info.user == "guarded"
        else:
            error = failure(target)
            told = "".join(traceback.format_exception(error)) + f"{error.what}{error.where}{error.why}{error.help}"
            assert "password for the role guarded is not right" in error.what
            assert ("pgpass" in str(error.why)) == (form == "pgpass"), "whose it was"
            assert not [part for part in ("hunter22", "guess") if part in told]


def _with_password(server: Server, form: str, password: str, monkeypatch: pytest.MonkeyPatch, home: Path) -> Target:
    if form == "url":
        address = f"postgresql://guarded:{quote(password, safe='')}@127.0.0.1:{server.port}/tcp"
        return parse(address, "--dsn")
    if form == "list":
        return server.target(user="guarded", password=password)
    if form == "environment":
        monkeypatch.setenv("PGPASSWORD", password)
    else:
        file = home / "pgpass"
        file.write_text(f"*:*:*:guarded:{password}\n")
        file.chmod(0o600)
        monkeypatch.setenv("PGPASSFILE", str(file))
    return server.target(user="guarded")


def test_a_server_that_quotes_the_password_is_masked(database: Database) -> None:
    """A trigger, a rule or a cast may put anything into an error's text."""
    database.run(
        "CREATE FUNCTION attune.tell() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'you came with {PASSWORD}'; END $$",
        "CREATE TRIGGER tell BEFORE INSERT ON attune.pack EXECUTE FUNCTION attune.tell()",
    )
    target = parse(psycopg.conninfo.make_conninfo(database.dsn, password=PASSWORD), "--dsn")
    with pytest.raises(AttuneError) as raised, connect(target) as connection:
        connection.execute("INSERT INTO attune.pack (ref, label, version) VALUES ('core', 'Core', '1.0.0')")
    told = "".join(traceback.format_exception(raised.value)) + str(raised.value.why)
    assert "you came with ***" in told
    assert PASSWORD not in told
    assert "refused" in raised.value.what
