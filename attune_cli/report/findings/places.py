"""Paths as services want them: from the top of the repository on."""

from __future__ import annotations

import os
from collections.abc import Mapping


def top_folder(environ: Mapping[str, str] = os.environ) -> str:
    """Where a service's paths begin: what it says itself, else the repository around the current
    folder, else that folder. Absolute."""
    if workspace := environ.get("GITHUB_WORKSPACE") or environ.get("CI_PROJECT_DIR"):
        return os.path.abspath(workspace)
    here = folder = os.getcwd()
    while not os.path.exists(os.path.join(folder, ".git")):
        if folder == os.path.dirname(folder):
            return here
        folder = os.path.dirname(folder)
    return folder


def below(path: str, top: str) -> str | None:
    """The path from the folder `top` on; None when it does not lead into that folder."""
    for resolve in (os.path.abspath, os.path.realpath):
        relative = os.path.relpath(resolve(path), resolve(top))
        if relative != os.pardir and not relative.startswith(os.pardir + os.sep):
            return relative.replace(os.sep, "/")
    return None
