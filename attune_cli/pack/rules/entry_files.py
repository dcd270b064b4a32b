"""The files that actions and sensors start. No rule itself."""

from __future__ import annotations

import os
from typing import Final, NamedTuple

from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.keywords import DEFAULT_RUNNER_TYPE
from attune_cli.pack.runner_types import runtime_name
from attune_cli.yaml12 import Node, Scalar

HOMES: Final = {"action": "actions", "sensor": "sensors"}
"""Kind → the folder that its entry points are looked up in."""

DEFAULT_RUNNER_TYPES: Final = {"action": DEFAULT_RUNNER_TYPE, "sensor": "native"}

_HEAD: Final = 4096


class EntryFile(NamedTuple):
    """An entry point that can be looked for.

    node:    its value in the file.  text: as it is written.
    path:    where it should lie, absolute; links in it are not followed yet.
    runtime: native, python, shell, node; None for a runner type of another runtime.
    """

    node: Node
    text: str
    path: str
    runtime: str | None


def entry_file(tree: PackTree, component: Component) -> EntryFile | None:
    """The entry point of an action or sensor; None where there is none (a workflow has none)."""
    root = component.root
    node = root.by_name.get("entry_point") if root is not None else None
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value:
        return None
    runner_type = component.string("runner_type") or DEFAULT_RUNNER_TYPES[component.kind]
    path = f"{tree.root}/{HOMES[component.kind]}/{node.value}"
    return EntryFile(node, node.value, path, runtime_name(runner_type))


def extension(path: str) -> str:
    """The extension in lower case, without its dot; empty when there is none."""
    stem, _, ending = path.rpartition("/")[2].rpartition(".")
    return ending.lower() if stem else ""


def climbs_out(path: str) -> bool:
    """Whether a path leads out of the folder it starts in by what is written."""
    return path.startswith("/") or ".." in path.split("/") or "\0" in path


def is_inside(path: str, folder: str) -> bool:
    """Whether a file lies below a folder once links are followed."""
    real, base = os.path.realpath(path), os.path.realpath(folder)
    return real.startswith(base.rstrip("/") + "/")


def read_head(path: str) -> bytes | None:
    """The first 4 KiB of a regular file that has been looked at; None when it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return os.read(descriptor, _HEAD)
    except OSError:
        return None
    finally:
        os.close(descriptor)
