"""`attune schema --install`."""

from __future__ import annotations

import sys
from pathlib import Path

from attune_cli.errors import UsageError
from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style


def install_schemas(directory: Path | None) -> None:
    """Write schemas and settings, and say what was written."""
    # Imported here: printing a schema needs no part of it.
    from attune_cli.pack.editor import SCHEMAS, SETTINGS, install
    from attune_cli.report.findings.places import top_folder

    top = directory or Path(top_folder({}))
    if not top.is_dir():
        raise UsageError("there is no such folder", where=str(top))
    written = install(top)
    style = Style.of(sys.stdout)
    print(f"{style(style.sign('✓'), 'green')} {harmless(str(top / SCHEMAS))}: {len(set(written) - {SETTINGS})} schemas")
    state = "names them" if SETTINGS in written else "named them already"
    print(f"{style(style.sign('✓'), 'green')} {harmless(str(top / SETTINGS))} {state}")
