"""A pack's version is a semantic one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.texts import short

RULE: Final = Rule(
    code="ATN035",
    name="pack-version",
    severity=Severity.ERROR,
    title="a pack's version that is no semantic version",
    why=(
        "The platform orders the versions of a pack and compares them with what other packs ask for, and its database "
        "takes only semantic versions (https://semver.org): three numbers, then perhaps a pre-release after `-`."
    ),
    good="# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.2.0\n",
    bad='# pack.yaml\nref: demo\nlabel: Demo\nversion: "1.2"\n',
)
KINDS: Final = ("pack",)

_NUMBER: Final = "(?:0|[1-9][0-9]*)"
_PRE: Final = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
_SEMVER: Final = rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_PRE}(?:\.{_PRE})*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
_NEARLY: Final = r"[vV]?([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:\.([0-9]{1,9}))?(?:[.-]?([a-zA-Z]+)\.?([0-9]{0,9}))?"


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """The version, when it is text: the schema tells of numbers and of none."""
    version = component.string("version")
    if version is not None and not re.fullmatch(_SEMVER, version):
        message = f"`{short(version)}` is no semantic version: it must be three numbers, <major>.<minor>.<patch>"
        yield component.finding(RULE, component.get("version"), message, f"write for example `{_suggested(version)}`")


def _suggested(version: str) -> str:
    nearly = re.fullmatch(_NEARLY, version.strip())
    if nearly is None:
        return "1.0.0"
    numbers = ".".join(str(int(number or 0)) for number in nearly.groups()[:3])
    word = ".".join(part for part in nearly.groups()[3:] if part)
    return f"{numbers}-{word}" if word else numbers
