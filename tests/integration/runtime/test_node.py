"""Node actions run on a real node, with packages that npm really installed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError
from attune_cli.process import Outcome, Request, run
from attune_cli.runtime.base import Launch, Target, ignore_progress
from attune_cli.runtime.local import LocalRuntime
from tests.integration.runtime.conftest import MakePack

GREET = "console.log(require('greeting').word);\n"


def launch(pack: Path, seen: list[str] | None = None, runtime_version: str | None = None) -> Launch:
    """Everything up to the start."""
    target = Target(pack / "actions/run.js", pack, "nodejs", runtime_version)
    runtime = LocalRuntime().select(target)
    runtime.validate(target)
    runtime.set_up(target, ignore_progress if seen is None else seen.append)
    return runtime.prepare(target)


def start(launched: Launch, pack: Path) -> Outcome:
    return run(Request(argv=launched.argv, env=launched.merged_into({"PATH": "/nowhere"}), cwd=pack, timeout=30))


def manifest(dependency: str) -> str:
    return json.dumps({"name": "pack", "version": "1.0.0", "dependencies": {"greeting": dependency}})


@pytest.mark.parametrize("text", ['{"type": "commonjs"}', '{"dependencies": {}}'])
def test_node_itself_where_nothing_is_required(node: Path, make_pack: MakePack, text: str) -> None:
    pack = make_pack("plain", {"actions/run.js": "console.log(1 + 1);\n", "package.json": text})
    seen: list[str] = []
    launched = launch(pack, seen, ">=16")
    assert launched.argv == (str(node / "node"), str(pack / "actions/run.js"))
    assert launched.env == {}
    assert start(launched, pack).stdout.text == "2\n"
    assert seen == []


def test_packages_are_installed_once(node: Path, make_pack: MakePack, package: Path, home: Path) -> None:
    pack = make_pack("packed", {"actions/run.js": GREET, "package.json": manifest(f"file:{package}")})
    seen: list[str] = []
    launched = launch(pack, seen)
    assert launched.argv[0] == str(node / "node")
    assert Path(launched.env["NODE_PATH"]).parents[1] == home / "cache/attune/environments"
    assert start(launched, pack).stdout.text == "hello\n"
    assert seen[0] == "setting up the Node.js packages of pack packed"
    again: list[str] = []
    assert launch(pack, again) == launched
    assert again == []
    assert sorted(path.name for path in pack.iterdir()) == ["actions", "package.json"], "the pack stays as it is"


@pytest.mark.usefixtures("node")
def test_a_lock_file_is_kept_to(make_pack: MakePack, package: Path) -> None:
    pack = make_pack("locked", {"actions/run.js": GREET, "package.json": manifest(f"file:{package}")})
    first = launch(pack)
    made = Path(first.env["NODE_PATH"]).parent / "package-lock.json"
    (pack / "package-lock.json").write_bytes(made.read_bytes())
    second = launch(pack)
    assert second.env != first.env
    assert start(second, pack).stdout.text == "hello\n"
    (pack / "package.json").write_text(manifest("file:/elsewhere"))
    with pytest.raises(AttuneError, match="npm exited with") as caught:
        launch(pack)
    assert "`npm ci` can only install" in str(caught.value.why), "it refuses what the lock file does not have"


@pytest.mark.usefixtures("node")
def test_a_package_that_is_not_to_be_had(make_pack: MakePack, home: Path) -> None:
    pack = make_pack("bad", {"actions/run.js": GREET, "package.json": manifest("1.0.0")})
    with pytest.raises(AttuneError, match=r"cannot set up the Node\.js packages of pack bad") as caught:
        launch(pack)
    assert caught.value.where == str(pack / "package.json")
    assert "ENOTCACHED" in str(caught.value.why)
    assert [path for path in (home / "cache/attune/environments").iterdir() if path.is_dir()] == []


@pytest.mark.usefixtures("node")
def test_a_manifest_that_is_no_json(make_pack: MakePack) -> None:
    pack = make_pack("bad", {"actions/run.js": GREET, "package.json": '{"name": "x",\n}'})
    with pytest.raises(AttuneError, match=r"package\.json cannot be read") as caught:
        launch(pack)
    assert caught.value.where == f"{pack}/package.json:2:1"


def test_npm_runs_on_the_node_that_was_chosen(node: Path, make_pack: MakePack, package: Path) -> None:
    real = os.path.realpath(node / "node")
    (node / "node").unlink()
    (node / "node").write_text(f'#!/bin/sh\nCHOSEN=yes exec "{real}" "$@"\n')
    (node / "node").chmod(0o755)
    script = f"require('fs').writeFileSync({json.dumps(str(package / 'ran-on'))}, String(process.env.CHOSEN));"
    (package / "note.js").write_text(script)
    wanted = json.loads(manifest(f"file:{package}"))
    wanted["scripts"] = {"postinstall": f"node {package / 'note.js'}"}
    launch(make_pack("noted", {"actions/run.js": GREET, "package.json": json.dumps(wanted)}))
    assert (package / "ran-on").read_text() == "yes"


def test_without_npm_it_says_so(
    node: Path, make_pack: MakePack, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (node / "npm").unlink()
    monkeypatch.setenv("PATH", str(node))
    pack = make_pack("bare", {"actions/run.js": GREET, "package.json": manifest(f"file:{package}")})
    with pytest.raises(AttuneError, match="there is no npm on PATH"):
        launch(pack)
