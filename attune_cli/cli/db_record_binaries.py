"""`attune db record-binaries`: the executables of a pack, entered by their digests."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Typer

from attune_cli.cli.db_options import Access, ConnectTimeout, Dsn, Embedded, LockTimeout, Schema, opened
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.help import ReadableCommand
from attune_cli.cli.options import Json, Output, PacksDirs, offered
from attune_cli.errors import NotFoundError

if TYPE_CHECKING:
    from attune_cli.database.binaries import Binary

app = Typer(add_completion=False)

_Pack = Argument(metavar="REF|PATH", help="The pack, with its binaries.lock.", autocompletion=offered("components"))


@app.command("record-binaries", cls=ReadableCommand)
def record_binaries(
    pack: Annotated[str, _Pack],
    packs_dir: PacksDirs = None,
    dsn: Dsn = None,
    schema: Schema = None,
    embedded: Embedded = False,
    connect_timeout: ConnectTimeout = None,
    lock_timeout: LockTimeout = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """Enter the executables of a pack's binaries.lock.

    There is one row for every digest. Those that are known keep theirs: the table is a history.

    Examples:
      attune db record-binaries ./packs/my_pack
      attune db record-binaries my_pack --json
    """
    # Imported here: help does not need them.
    from attune_cli.database.binaries import record
    from attune_cli.database.generation import read_shape
    from attune_cli.report.database.binaries import binaries_document, recorded_lines
    from attune_cli.report.document import print_document
    from attune_cli.report.style import Style
    from attune_cli.settings import load_settings

    settings = load_settings({"packs_dir": packs_dir or None})
    chosen = chosen_output(output, json=json, default=settings.output)
    binaries = _locked(_root(pack, settings.packs_dirs))
    with opened(Access(dsn, schema, embedded, connect_timeout, lock_timeout)) as db:
        shape = read_shape(db.connection, db.schema)
        new = record(db.connection, shape, binaries, lock_timeout=db.lock_timeout)
    if chosen.is_document:
        print_document(binaries_document(new), sys.stdout, as_yaml=chosen is OutputFormat.YAML)
    else:
        print("\n".join(recorded_lines(new, len(binaries), Style.of(sys.stdout))))


def _root(text: str, packs_dirs: tuple[Path, ...]) -> Path:
    """The pack's folder."""
    from attune_cli.pack import discover
    from attune_cli.pack.refs import PACK_FILE, read_ref

    path = Path(text)
    if "/" in text or text in {".", ".."}:
        if not (path / PACK_FILE).is_file():
            raise NotFoundError("this is no pack", where=text, why=f"there is no {PACK_FILE} in it")
        return Path(os.path.abspath(path))
    roots = discover.list_packs(discover.packs_dirs(packs_dirs))
    found = next((root for root in roots if (read_ref(root / PACK_FILE) or root.name) == text), None)
    if found is None:
        raise NotFoundError(f"there is no pack `{text}`", help="attune pack list shows those in reach")
    return found


def _locked(root: Path) -> tuple[Binary, ...]:
    """What the pack's lock file holds. Raises NotFoundError where it holds nothing."""
    from attune_cli.build.lock import LOCK_FILE, read_lock
    from attune_cli.database.binaries import Binary
    from attune_cli.pack.load import load_pack

    ref, entries = load_pack(root).ref, read_lock(root).entries
    if not entries:
        raise NotFoundError(
            f"the pack {ref} has no binaries on record",
            where=str(root / LOCK_FILE),
            help=f"attune build {root} builds them and writes it",
        )
    return tuple(
        Binary(
            pack_ref=ref,
            name=entry.name,
            platform=str(entry.platform),
            version=entry.version,
            sha256=entry.sha256,
            size=entry.size,
            build_id=entry.build_id,
            toolchain=entry.toolchain,
            toolchain_version=entry.toolchain_version,
            source_digest=entry.source_digest,
        )
        for entry in entries
    )
