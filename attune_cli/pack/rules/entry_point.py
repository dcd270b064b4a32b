"""The file that an action or sensor starts is there, and is the pack's own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.rules.entry_files import HOMES, EntryFile, climbs_out, entry_file, is_inside
from attune_cli.pack.rules.nearest import Nearest
from attune_cli.pack.rules.texts import short

MISSING: Final = Rule(
    code="ATN041",
    name="entry-point-missing",
    severity=Severity.ERROR,
    title="an entry point that is not there",
    why=(
        "The entry point is the path of a file below `actions/`, or `sensors/` for a sensor. Without it nothing can be "
        "started: the platform refuses the component, or every execution of it fails."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nentry_point: greet.sh\n# actions/greet.sh\necho hello\n",
    bad="# actions/greet.yaml\nref: demo.greet\nentry_point: gret.sh\n# actions/greet.sh\necho hello\n",
)
OUTSIDE: Final = Rule(
    code="ATN042",
    name="entry-point-outside",
    severity=Severity.ERROR,
    title="an entry point outside of the pack",
    why=(
        "What a pack starts has to come with it. The platform refuses an entry point that leads out of the pack: an "
        "absolute path, one with `..`, or a link to a file elsewhere. On another machine that file would be a "
        "different one, or none."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nentry_point: greet.sh\n# actions/greet.sh\necho hello\n",
    bad="# actions/greet.yaml\nref: demo.greet\nentry_point: ../../shared/greet.sh\n",
)
NOT_BUILT: Final = Rule(
    code="ATN043",
    name="entry-point-not-built",
    severity=Severity.WARNING,
    title="a native entry point that has not been built yet",
    why=(
        "The sources of this executable are in the pack's folder `native/`, and the executable itself is not where it "
        "is started from. That is fine in a checkout; the pack that is installed needs the executable."
    ),
    good=(
        "# actions/digest.yaml\nref: demo.digest\nrunner_type: native\nentry_point: digest\n"
        "# native/digest/main.c\nint main(void) { return 0; }\n# actions/digest (mode 755)\n#!/bin/sh\n"
    ),
    bad=(
        "# actions/digest.yaml\nref: demo.digest\nrunner_type: native\nentry_point: digest\n"
        "# native/digest/main.c\nint main(void) { return 0; }\n"
    ),
)
WORKFLOW: Final = Rule(
    code="ATN044",
    name="workflow-file",
    severity=Severity.ERROR,
    title="a `workflow_file` that is not there",
    why=(
        "An action with `workflow_file` is a workflow: its tasks are in that file, whose path is one below `actions/`. "
        "The platform refuses an action whose workflow it cannot read."
    ),
    good=(
        "# actions/deploy.yaml\nref: demo.deploy\nworkflow_file: workflows/deploy.workflow.yaml\n"
        "# actions/workflows/deploy.workflow.yaml\nversion: 1.0.0\ntasks:\n  - name: build\n    action: core.noop\n"
    ),
    bad="# actions/deploy.yaml\nref: demo.deploy\nworkflow_file: workflows/deploy.workflow.yaml\n",
)
RULES: Final = (MISSING, OUTSIDE, NOT_BUILT, WORKFLOW)
KINDS: Final = ("action", "sensor")


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """The entry point; that of a workflow is its `workflow_file`."""
    workflow = component.string("workflow_file")
    if workflow:
        yield from _check_workflow(tree, component, workflow)
        return
    entry = entry_file(tree, component)
    if entry is None:
        return
    if climbs_out(entry.text):
        message = f"the entry point `{short(entry.text)}` leads out of the pack"
        yield component.finding(OUTSIDE, entry.node, message, _within(component))
        return
    found = _look(entry.path)
    if found is None:
        yield _missing(tree, component, entry)
    elif not stat.S_ISREG(found.st_mode) or "/" in entry.text:
        yield from _check_closely(tree, component, entry)


def _look(path: str) -> os.stat_result | None:
    """The file itself, links not followed."""
    try:
        return os.lstat(path)
    except (OSError, ValueError):
        return None


def _check_closely(tree: PackTree, component: Component, entry: EntryFile) -> Iterator[Diagnostic]:
    """A link, a folder, or a file whose folders could be links."""
    real = os.path.realpath(entry.path)
    if not is_inside(real, str(tree.root)):
        message = f"the entry point `{short(entry.text)}` is a link out of the pack, to {real}"
        yield component.finding(OUTSIDE, entry.node, message, "copy the file into the pack")
    elif not os.path.exists(real):
        message = f"the entry point `{short(entry.text)}` is a link to {real}, which does not exist"
        yield component.finding(MISSING, entry.node, message)
    elif not os.path.isfile(real):
        kind = "a folder" if os.path.isdir(real) else "no regular file"
        yield component.finding(
            MISSING, entry.node, f"the entry point `{short(entry.text)}` is {kind}", _within(component)
        )


def _missing(tree: PackTree, component: Component, entry: EntryFile) -> Diagnostic:
    inside = f"{HOMES[component.kind]}/{entry.text}"
    sources = _sources(tree, entry)
    if sources is not None:
        message = f"`{inside}` has not been built: its sources are in `native/{sources.name}`"
        return component.finding(NOT_BUILT, entry.node, message, "build it before the pack is installed: attune build")
    return component.finding(
        MISSING, entry.node, f"there is no file `{short(inside)}`", _cure(tree, component, entry.text, YAML_SUFFIXES)
    )


def _sources(tree: PackTree, entry: EntryFile) -> Path | None:
    from attune_cli.pack.native_sources import native_sources

    return native_sources(tree.root, os.path.basename(entry.text)) if entry.runtime == "native" else None


def _cure(tree: PackTree, component: Component, text: str, others: tuple[str, ...]) -> str | None:
    """Where the file is, or the one that is called nearly so. others: endings of what it cannot be."""
    home = HOMES[component.kind]
    if text.startswith(f"{home}/") and Path(tree.root, text).is_file():
        return f"write `{text.removeprefix(home + '/')}`: entry points are looked up in `{home}/`"
    folder, _, name = text.rpartition("/")
    names = [each for each in _names(tree.root / home / folder) if not each.endswith(others)]
    near = Nearest(lambda: names)(name)
    return f"did you mean `{f'{folder}/' if folder else ''}{near}`?" if near else None


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _within(component: Component) -> str:
    return f"write the path of a file below `{HOMES[component.kind]}/`"


def _check_workflow(tree: PackTree, component: Component, text: str) -> Iterator[Diagnostic]:
    at = component.get("workflow_file")
    path = f"{tree.root}/{HOMES[component.kind]}/{text}"
    if climbs_out(text) or (os.path.exists(path) and not is_inside(path, str(tree.root))):
        message = f"the workflow file `{short(text)}` leads out of the pack"
        yield component.finding(WORKFLOW, at, message, "write the path of a file below `actions/`")
    elif not os.path.isfile(path):
        yield component.finding(
            WORKFLOW, at, f"there is no file `actions/{short(text)}`", _cure(tree, component, text, ())
        )
