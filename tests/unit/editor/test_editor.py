"""The setting of the YAML extension, for the packs that are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError
from attune_cli.pack.editor import install, patterns
from attune_cli.pack.schema import KINDS, schema_text


@pytest.mark.parametrize(
    ("place", "prefix"),
    [("pack.yaml", ""), ("packs/demo/pack.yaml", "packs/*/"), ("demo/pack.yaml", "*/"), ("a/b/c/pack.yaml", "**/")],
)
def test_patterns(tmp_path: Path, place: str, prefix: str) -> None:
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).touch()
    found = patterns(tmp_path)
    assert found["./.vscode/attune/pack.json"] == [f"{prefix}pack.yaml"]
    assert found["./.vscode/attune/action.json"] == [f"{prefix}actions/*.yaml", f"{prefix}actions/*.yml"]
    assert f"{prefix}actions/workflows/*.yaml" in found["./.vscode/attune/workflow.json"]
    assert set(found) == {f"./.vscode/attune/{kind}.json" for kind in KINDS}


def test_installing_twice(tmp_path: Path) -> None:
    settings = tmp_path / ".vscode/settings.json"
    assert len(install(tmp_path)) == len(KINDS) + 1
    text = settings.read_text()
    for path in json.loads(text)["yaml.schemas"]:
        assert (tmp_path / path).read_text() == schema_text(Path(path).stem)
    assert ".vscode/settings.json" not in install(tmp_path)
    assert settings.read_text() == text


def test_settings_that_cannot_be_added_to_stay(tmp_path: Path) -> None:
    settings = tmp_path / ".vscode/settings.json"
    settings.parent.mkdir()
    settings.write_text('{"yaml.schemas": []}')
    with pytest.raises(AttuneError) as raised:
        install(tmp_path)
    assert str(settings) in str(raised.value)
    assert raised.value.help is not None
    added = raised.value.help.partition("\n")[2]
    assert json.loads(f"{{{added}}}")["yaml.schemas"] == patterns(tmp_path)
    assert settings.read_text() == '{"yaml.schemas": []}'
    assert [path.name for path in settings.parent.iterdir()] == ["settings.json"]


def test_a_link_and_a_mode_stay(tmp_path: Path) -> None:
    settings = tmp_path / ".vscode/settings.json"
    settings.parent.mkdir()
    (tmp_path / "real.json").write_text('{ "a": 1 } // mine\n')
    (tmp_path / "real.json").chmod(0o600)
    settings.symlink_to("../real.json")
    install(tmp_path)
    assert settings.is_symlink()
    assert (tmp_path / "real.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "real.json").read_text().startswith('{ "a": 1,')
    assert (tmp_path / "real.json").read_text().endswith("// mine\n")
