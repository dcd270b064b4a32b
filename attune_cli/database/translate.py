"""What psycopg raises, made attune's own error: what happened, why, and the next step. The one place for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from attune_cli.errors import AttuneError

if TYPE_CHECKING:
    from psycopg import Error

    from attune_cli.database.dsn import Target


class Advice(NamedTuple):
    """What is said of an error. In both, {user}, {database}, {server}, {schema} and {origin} are filled in;
    {subject} is what the server has put in quotes first."""

    what: str
    help: str


@contextmanager
def translated(target: Target) -> Iterator[None]:
    """Raises AttuneError for whatever psycopg raises inside. No password is in its texts.

    An AttuneError from inside that names no place is about this database, and gets it.
    """
    from psycopg import Error, InterfaceError, OperationalError

    try:
        yield
    except AttuneError as error:
        error.where = error.where or target.where
        raise
    except Error as error:
        if error.sqlstate is None and not isinstance(error, InterfaceError | OperationalError):
            # Not the server's doing but attune's own: a mistake, which is told as one.
            raise
        told = explain(error, target)
        # A cause that holds a secret would show it in a traceback.
        raise told from (error if _masked(str(error), target) == str(error) else None)


def explain(error: Error, target: Target) -> AttuneError:
    """What to tell of an error of psycopg's."""
    text = _masked(str(error), target)
    advice = _advice(error, text, target)
    names = {name: getattr(target, name) for name in ("user", "database", "server", "schema", "origin")}
    names["subject"] = _subject(text)
    return AttuneError(
        advice.what.format(**names), where=target.where, why=_reason(text), help=advice.help.format(**names)
    )


def _advice(error: Error, text: str, target: Target) -> Advice:
    if error.sqlstate:
        return BY_STATE.get(error.sqlstate) or BY_STATE.get(error.sqlstate[:2]) or _REFUSED
    if found := next((advice for words, advice in BY_WORDS if any(word in text for word in words)), None):
        return found
    return _LOST if _was_connected(error) else _of_refusal(target)


def _of_refusal(target: Target) -> Advice:
    """For words that are none of those known: those of a server that speaks another language."""
    from attune_cli.database.refusal import state_of_refusal

    return AT_THE_DOOR.get(state_of_refusal(target.conninfo) or "", _NO_CONNECTION)


def _was_connected(error: Error) -> bool:
    """Whether it is of an established connection; what fails before that says so in its text."""
    return not str(error).startswith(("connection failed", "connection is bad", "connection timeout"))


def _subject(text: str) -> str:
    parts = text.split('"')
    return parts[1] if len(parts) > 2 else "?"


def _reason(text: str) -> str:
    """What the server says, else the first line: what follows that is of other attempts, or where in a statement."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = next((line for line in lines if "FATAL:" in line or "ERROR:" in line), lines[0] if lines else "no reason")
    file = next((f" ({line})" for line in lines if line.startswith(_FROM_FILE)), "")
    return (told.partition("FATAL:")[2].strip() or told) + file


def _masked(text: str, target: Target) -> str:
    """A secret that is also the name of the role or the database is shown with that anyway."""
    from attune_cli.process.redact import Secrets

    secrets = set(target.secrets) - {target.user, target.database}
    return Secrets({str(number): secret for number, secret in enumerate(sorted(secrets))}).mask_text(text)


#: How libpq says that it was ~/.pgpass, or the file of PGPASSFILE, that had the wrong one.
_FROM_FILE = "password retrieved from file"
_AGAIN = "run the same command again, which is safe: either all of it is in the database or nothing"
_NO_CONNECTION = Advice("cannot connect to PostgreSQL", "check the address, which comes from {origin}")
_LOST = Advice("the connection to PostgreSQL was lost", f"see the server's log; {_AGAIN}")
_REFUSED = Advice("PostgreSQL refused the statement", "see the reason above; nothing has been changed")
_PASSWORD = Advice(
    "the password for the role {user} is not right",
    "put the right one in ~/.pgpass (HOST:PORT:DATABASE:USER:PASSWORD, mode 0600) or PGPASSWORD, or in {origin}",
)
_NO_PASSWORD = Advice(
    "the server wants a password for the role {user}, and there is none",
    "put it in ~/.pgpass (HOST:PORT:DATABASE:USER:PASSWORD, mode 0600) or PGPASSWORD",
)
_NO_DATABASE = Advice(
    "there is no database {database} on the server", "name another one, or create it: createdb {database}"
)
_NO_ROLE = Advice("there is no role {user} on the server", "name another user, or create it: createuser {user}")
_NOT_ADMITTED = Advice(
    "the server does not let {user} in from here", "its pg_hba.conf needs a line for this host, user and database"
)
_TURNED_AWAY = Advice(
    "the server does not let {user} in",
    "see the reason above: the role must be there and be allowed to log in, and the server's pg_hba.conf needs a "
    "line for this host, user and database",
)
_NO_LOGIN = Advice("the role {user} may not log in", "name another user, or let it: ALTER ROLE … LOGIN")
_PEER = Advice(
    "the server takes {user} only from the account of that name",
    "name the role of your own account, or connect with host=localhost and a password",
)
_NO_CONNECT = Advice(
    "the role {user} may not connect to the database {database}", "let its owner say: GRANT CONNECT ON DATABASE … TO …"
)
_TLS_WANTED = Advice(
    "the server does not let {user} in from here without TLS",
    "add sslmode=require to the address; if it was asked for, the server's pg_hba.conf needs a line for this host",
)
_NO_TLS = Advice(
    "the server has no TLS, and the address asks for it", "leave sslmode out, or turn TLS on in the server"
)
_CERTIFICATE = Advice(
    "the server's certificate cannot be verified", "name its authority's certificate: sslrootcert=FILE, or =system"
)
_NO_SERVER = Advice(
    "no PostgreSQL server answers at {server}",
    "start it, or name another with --dsn; attune db … --embedded needs no server",
)
_NO_HOST = Advice("the host of the address is not known", "check the spelling of the host, which comes from {origin}")
_SILENT = Advice(
    "the server at {server} does not answer in time", "check host, port and firewall, or raise --connect-timeout"
)
_STARTING = Advice("the server takes no connections at the moment", "wait until it has started, and run it again")
_FULL = Advice("the server has no connection left", "wait, or raise its max_connections")
_SERVICE = Advice("the service is not in the service file", "check PGSERVICE, and ~/.pg_service.conf or PGSERVICEFILE")
_NO_POSTGRES = Advice("what answers at {server} is no PostgreSQL server", "check host and port")
_DENIED = Advice(
    "the role {user} may not do this",
    "let its owner grant what the reason names; the rows need USAGE on the schema {schema} and on its sequences, "
    "SELECT, INSERT and UPDATE on its tables; attune db init needs CREATE on the database",
)
_LOCKED = Advice(
    "somebody else holds a lock on these rows or tables",
    "see who: SELECT * FROM pg_stat_activity; then run it again, or raise --lock-timeout; nothing has been changed",
)
_NO_TABLE = Advice(
    "a table is missing in the schema {schema}", "attune db init creates what is missing, or name --schema"
)
_NO_SCHEMA = Advice("there is no schema {schema}", "attune db init creates it, or name another with --schema")
_NO_COLUMN = Advice(
    "the column {subject} is missing", "the tables are older than attune knows: migrate the platform first"
)
_READ_ONLY = Advice("the database is read-only", "name the primary server, not a standby")
_DISK_FULL = Advice("the server has no room left", "make room on its disk; nothing has been changed")
_BROKEN_RULE = Advice("a row breaks a rule of the table", "see the reason above; nothing has been changed")
_BUSY = Advice("two transactions stood in each other's way", "run it again; nothing has been changed")
_CANCELLED = Advice("the server has cancelled the statement", f"its statement_timeout may be too short; {_AGAIN}")

#: Once connected: by SQLSTATE, or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html).
BY_STATE = {
    "08": _LOST,
    "23": _BROKEN_RULE,
    "25006": _READ_ONLY,
    "3F000": _NO_SCHEMA,
    "40": _BUSY,
    "42501": _DENIED,
    "42703": _NO_COLUMN,
    "42P01": _NO_TABLE,
    "53100": _DISK_FULL,
    "55P03": _LOCKED,
    "57014": _CANCELLED,
    "57": _LOST,
}

#: While a connection is made libpq gives no SQLSTATE, only words; the first that fit decide.
BY_WORDS = (
    (("no password supplied",), _NO_PASSWORD),
    (("password authentication failed", "SASL authentication failed"), _PASSWORD),
    # A socket has no TLS; and where TLS was tried as well, it is not what is missing.
    (('"[local]"', "SSL encryption", "SSL on"), _NOT_ADMITTED),
    (("no encryption", "SSL off"), _TLS_WANTED),
    (("no pg_hba.conf entry", "pg_hba.conf rejects"), _NOT_ADMITTED),
    (("authentication failed for user",), _PEER),
    (("not permitted to log in",), _NO_LOGIN),
    (("does not support SSL",), _NO_TLS),
    (("certificate",), _CERTIFICATE),
    (("permission denied for database",), _NO_CONNECT),
    (("database system is", "not currently accepting connections", "not yet accepting connections"), _STARTING),
    (("FATAL:  database",), _NO_DATABASE),
    (("FATAL:  role",), _NO_ROLE),
    (("too many clients", "remaining connection slots", "too many connections"), _FULL),
    (("could not translate host name", "failed to resolve host", "Name or service not known"), _NO_HOST),
    (("definition of service", "service file"), _SERVICE),
    (("timeout expired", "Connection timed out"), _SILENT),
    (("Connection refused", "No such file or directory", "No route to host", "unreachable"), _NO_SERVER),
    (("invalid response to SSL", "unexpected message from server", "expected authentication request"), _NO_POSTGRES),
)

#: The same of a server whose words are in another language, by the SQLSTATE of its refusal.
AT_THE_DOOR = {
    "28000": _TURNED_AWAY,
    "28P01": _PASSWORD,
    "3D000": _NO_DATABASE,
    "42501": _NO_CONNECT,
    "53300": _FULL,
    "55000": _STARTING,
    "57P03": _STARTING,
}
