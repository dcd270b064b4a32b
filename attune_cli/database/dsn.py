"""Which database is meant: from the command line, the environment, the settings, or libpq's own places.

The first of these that says something wins: `--dsn`, ATTUNE_DATABASE_URL, DATABASE_URL, the key
`database_url` of a settings file. What it leaves open, and all of it when nobody says anything, libpq fills
in as it does for psql: PGHOST and its kin, PGSERVICE and the service file, ~/.pgpass.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from attune_cli.errors import UsageError
from attune_cli.settings import Settings

DEFAULT_SCHEMA = "attune"
#: The longest name PostgreSQL keeps; it would cut a longer one off without a word.
MAX_NAME = 63

_SCHEMES = ("postgresql", "postgres")
_FORMS = "write postgresql://USER@HOST:5432/DATABASE, or host=HOST port=5432 dbname=DATABASE user=USER"
#: Parameters of a connection whose values nobody else may see.
_SECRET = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")

#: Parameters that are numbers (of several hosts, one each), and the variables that say them elsewhere.
_NUMBERS = {"port": "PGPORT", "connect_timeout": "PGCONNECT_TIMEOUT"}


@dataclass(frozen=True, slots=True)
class Target:
    """The database that is meant.

    conninfo: what libpq is given, secrets and all. schema: the schema of attune's tables.
    origin: who named the database (`--dsn`, `DATABASE_URL`, a file); for people.
    server, user, database: as libpq will take them, for people; never a secret among them.
    secrets: the values that no message may show.
    """

    conninfo: str = field(repr=False)
    schema: str
    origin: str
    server: str
    user: str
    database: str
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def shown(self) -> str:
        """The database in one word, without a password: `USER@HOST:PORT/DATABASE`."""
        return f"{self.user}@{self.server}/{self.database}"

    @property
    def where(self) -> str:
        """The same, and who named it: the second line of an error."""
        return f"{self.shown} ({self.origin})"


def resolve(
    dsn: str | None = None,
    schema: str | None = None,
    environ: Mapping[str, str] | None = None,
    settings: Settings | None = None,
) -> Target:
    """The database that is meant. dsn and schema: of the command line; they come first.

    Raises UsageError for an address that is none. Nothing is connected to.
    """
    environ = os.environ if environ is None else environ
    settings = settings or Settings()
    text, origin = _chosen(dsn, environ, settings)
    return parse(text, origin, schema or settings.database_schema, environ)


def parse(text: str, origin: str, schema: str = DEFAULT_SCHEMA, environ: Mapping[str, str] | None = None) -> Target:
    """A target out of an address in either of libpq's forms; an empty one leaves all to libpq.

    Raises UsageError, which shows no part of the text that could be of a password.
    """
    environ = os.environ if environ is None else environ
    given = _parameters(text, origin)
    _check_numbers(given, origin)
    known = {**_defaults(), **given}
    secrets = [known.get(name, "") for name in _SECRET] + [environ.get("PGPASSWORD", "")]
    user = known.get("user") or "?"
    return Target(
        conninfo=_conninfo(given),
        schema=_checked_schema(schema),
        origin=origin,
        server=_server(known),
        user=user,
        database=known.get("dbname") or user,
        secrets=tuple(dict.fromkeys(filter(None, secrets))),
    )


def _chosen(dsn: str | None, environ: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    """The address, and who gave it."""
    places = (
        (dsn, "--dsn"),
        (environ.get("ATTUNE_DATABASE_URL"), "ATTUNE_DATABASE_URL"),
        (environ.get("DATABASE_URL"), "DATABASE_URL"),
        (settings.database_url, "database_url in a settings file"),
    )
    return next(((text.strip(), origin) for text, origin in places if text and text.strip()), ("", "libpq's settings"))


def _checked_schema(schema: str) -> str:
    if not schema or "\0" in schema or len(schema.encode()) > MAX_NAME:
        raise UsageError(f"a schema's name has 1 to {MAX_NAME} bytes", where="--schema")
    return schema


# --- reading an address ---------------------------------------------------------------------------


def _parameters(text: str, origin: str) -> dict[str, str]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    _refuse_foreign(text, origin)
    try:
        parameters = {name: str(value) for name, value in conninfo_to_dict(text).items() if value is not None}
    except ProgrammingError as error:
        # Its text quotes from the address, which may hold a password: it is not kept as the cause either.
        raise _malformed(origin, _harmless(str(error), text)) from None
    return parameters


def _check_numbers(given: Mapping[str, str], origin: str) -> None:
    """What libpq, or psycopg before it, would stumble over only when it connects."""
    known = {**_defaults(), **given}
    for name, variable in _NUMBERS.items():
        if all(part.strip().lstrip("-").isdigit() for part in known.get(name, "").split(",") if part):
            continue
        if name in given:
            raise _malformed(origin, f"the {name} is no number")
        raise UsageError(f"{variable} is no number", where="the environment, or the service file")


def _refuse_foreign(text: str, origin: str) -> None:
    """What libpq would take for something else than is meant, and would then quote a password."""
    scheme, mark, rest = text.partition("://")
    if not mark or not scheme.replace("+", "").replace(":", "").isalnum():
        return
    if scheme not in _SCHEMES:
        raise UsageError(f"a PostgreSQL address begins with postgresql://, not {scheme}://", where=origin, help=_FORMS)
    before, at, after = rest.partition("@")
    behind = after if at and "/" not in before else rest
    if "@" in behind.partition("?")[0]:
        raise _malformed(origin, "it has an @ too many, or a / before the @")


def _harmless(message: str, text: str) -> str:
    """libpq's complaint without what it quotes, but for the name of an unknown parameter of a URL."""
    first = message.strip().splitlines()[0]
    if first.startswith("invalid URI query parameter") and "@" not in text.partition("?")[2]:
        return first
    head, *quoted = first.split('"')
    return "…".join([head, *quoted[1::2]])


def _malformed(origin: str, why: str) -> UsageError:
    cure = f"{_FORMS}; in a URL, a user or password with @ : / ? # or % in it has them percent-encoded (@ is %40)"
    return UsageError("the address of the database cannot be read", where=origin, why=why, help=cure)


# --- what libpq makes of it -----------------------------------------------------------------------


def _defaults() -> dict[str, str]:
    """What holds where the address says nothing: from the environment, the service file, libpq itself."""
    from psycopg.pq import Conninfo

    return {option.keyword.decode(): option.val.decode() for option in Conninfo.get_defaults() if option.val}


def _conninfo(given: Mapping[str, str]) -> str:
    """The parameters with attune's own beside them, which give way to those."""
    from psycopg.conninfo import make_conninfo

    # Texts come as text also from a database that has no encoding (SQL_ASCII).
    ours = {"fallback_application_name": "attune", "client_encoding": "utf8"}
    return make_conninfo(**{**ours, **given})


def _server(known: Mapping[str, str]) -> str:
    """`HOST:PORT`, of several the first; a folder is that of a socket."""
    host = (known.get("host") or known.get("hostaddr") or "local").split(",")[0]
    port = (known.get("port") or "5432").split(",")[0]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
