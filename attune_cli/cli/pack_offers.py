"""What TAB offers for packs, their components, codes and reports."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from typer import Context

from attune_cli.cli.options import Offer
from attune_cli.pack.discover import list_packs, packs_dirs
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.places import FOLDERS
from attune_cli.pack.refs import PACK_FILE, read_ref
from attune_cli.report.findings.formats import Format
from attune_cli.settings import load_settings

_REPORTS = {
    Format.TEXT: "for people",
    Format.JSON: "one document, attune.findings/1",
    Format.YAML: "the same document",
    Format.SARIF: "for code scanning",
    Format.JUNIT: "for the test reports of CI services",
    Format.GITHUB: "annotations of GitHub Actions",
}


def codes(_: Context, incomplete: str) -> list[Offer]:
    """Of findings, for lists with commas."""
    from attune_cli.pack.catalogue import RULES

    before, comma, _last = incomplete.rpartition(",")
    return [(f"{before}{comma}{rule.code}", rule.title) for rule in RULES.values()]


def all_codes(_: Context, incomplete: str) -> list[Offer]:
    """Of findings and of warnings about runs."""
    from attune_cli.report.rules import explanations

    known = explanations().values()
    # Codes are found in lower case as well.
    return [(each.code.lower() if incomplete[:1].islower() else each.code, each.title) for each in known]


def reports(_: Context, incomplete: str) -> list[Offer]:
    """Formats, then files for them."""
    name, sign, file = incomplete.partition("=")
    if not sign:
        return [*_REPORTS.items()]
    from attune_cli.cli.offers import paths

    return [(f"{name}={path}", text) for path, text in paths(file)]


def sensors(ctx: Context, incomplete: str) -> list[Offer]:
    """The sensors in reach."""
    from attune_cli.pack.find import list_sensors

    found = list_sensors(packs_dirs([Path(folder) for folder in ctx.params.get("packs_dir") or ()]))
    return [(ref, str(path)) for ref, path in found.items() if ref.startswith(incomplete)]


def platforms(_: Context, _incomplete: str) -> list[Offer]:
    """Those that can be built for."""
    from attune_cli.build.platforms import NAMES

    return [(str(platform), "") for platform in NAMES]


def components(ctx: Context, incomplete: str) -> list[Offer]:
    """The packs in reach and, from their dot on, what is in them."""
    folders = load_settings({"packs_dir": ctx.params.get("packs_dir") or None}).packs_dirs
    pack, dot, _name = incomplete.partition(".")
    found: dict[str, str] = {}
    for root in list_packs(packs_dirs(folders)):
        ref = read_ref(root / PACK_FILE) or root.name
        if not dot:
            found.setdefault(ref, "pack")
        elif ref == pack:
            found |= dict(_inside(root))
    return list(found.items())


def _inside(root: Path) -> Iterator[Offer]:
    for folder, kind in FOLDERS.items():
        try:
            names = sorted(os.listdir(root / folder))
        except OSError:
            continue
        for name in names:
            if name.endswith(YAML_SUFFIXES) and (ref := read_ref(root / folder / name)):
                yield ref, kind.replace("_", " ")
