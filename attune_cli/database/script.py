"""The seeding as a script for psql: it does what `store` does, with no attune at hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attune_cli import __version__
from attune_cli.database.connection import LOCK_TIMEOUT, milliseconds
from attune_cli.database.generation import Generation
from attune_cli.database.queries import query
from attune_cli.database.runtimes import FIELDS, RUNTIME, VERSION, Row
from attune_cli.database.store import LOCK, as_json

#: Statements of a table: what is wanted there, what was edited, what is written.
_STATEMENTS: Final = {
    RUNTIME: ("script_merge_runtimes", "script_edited_runtimes", "write_runtimes"),
    VERSION: ("script_merge_versions", "script_edited_versions", "write_versions"),
}


def script(
    rows: Sequence[Row],
    generation: Generation,
    schema: str,
    *,
    force: bool = False,
    lock_timeout: float = LOCK_TIMEOUT,
) -> str:
    """The text, for a database of that generation; it needs none to be made.

    It finds out for itself what is there, refuses rows that were edited by hand (unless force), and writes only
    what is not right already. lock_timeout: seconds.
    """
    template = Path(__file__).with_name("script.sql").read_text(encoding="utf-8")
    seeds = {
        name: [as_json(row.key, row.values) for row in rows if row.key.table == name] for name in FIELDS[generation]
    }
    past = {str(row.key): dict(row.past) for row in rows if row.past}
    kept = {str(row.key): dict(row.also) for row in rows if row.also}
    data = {"seeds": seeds, "past": past, "kept": kept}
    literals = {name: _json_literal(value) for name, value in data.items()}
    return template.format(
        generation=f"{generation:d}",
        schema=_one_line(schema),
        version=__version__,
        lock_timeout=milliseconds(lock_timeout),
        quote=_quote("".join(literals.values()) + schema),
        lock=_literal(LOCK.format(schema=schema)),
        tables="\n".join(_of_table(name, schema, generation, force=force) for name in seeds if seeds[name]),
        **literals,
    )


def _of_table(name: str, schema: str, generation: Generation, *, force: bool) -> str:
    from psycopg.sql import SQL

    merge, edited, write = _STATEMENTS[name]
    statements = [query(schema, merge)]
    if not force:
        statements += [query(schema, edited), query(schema, "script_refuse")]
    statements.append(query(schema, write, columns=FIELDS[generation][name], rows=SQL("wanted")))
    texts = (statement.as_string().replace("\n", "\n    ") for statement in statements)
    return "".join(f"\n    {text};" for text in texts)


def _json_literal(value: object) -> str:
    """On a line for each row, so that people can read it and tools compare it."""
    text = json.dumps(value, ensure_ascii=False)
    for key in ("ref", "version"):
        for before in ("}, ", ": ["):
            # Nothing else stands there: inside a text its quotes would be escaped.
            text = text.replace(f'{before}{{"{key}": ', f'{before.rstrip()}\n        {{"{key}": ')
    return _literal(text)


def _literal(text: str) -> str:
    from psycopg.sql import Literal

    return Literal(text).as_string().strip()


def _quote(text: str) -> str:
    """A dollar quote that the text does not end."""
    tag = "$attune$"
    while tag in text:
        tag = f"{tag[:-1]}_$"
    return tag


def _one_line(text: str) -> str:
    """A name in a comment, which it must not leave."""
    return text if text.isprintable() else ascii(text)
