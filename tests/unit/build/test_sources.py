"""What a pack has to build: which folder, which language, which executable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from attune_cli.build.sources import find_sources, language_of
from attune_cli.diagnostics import Severity
from attune_cli.errors import AttuneError, NotFoundError
from attune_cli.pack.native_sources import declarations, native_sources
from attune_cli.pack.validate import Options, validate

C = "int main(void) { return 0; }\n"


def action(entry_point: str, runner: str = "native", ref: str = "") -> str:
    return f"ref: demo.{ref or entry_point.partition('.')[0]}\nrunner_type: {runner}\nentry_point: {entry_point}\n"


def make(root: Path, files: Mapping[str, str], pack: str = "") -> Path:
    for name, text in {"pack.yaml": f"ref: demo\nversion: 1.0.0\n{pack}", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def found(root: Path, *names: str) -> list[tuple[str, str, str, str]]:
    return [(each.name, each.inside, each.language, each.entry_point) for each in find_sources(root, names)]


@pytest.mark.parametrize(
    ("files", "language"),
    [
        (["go.mod", "main.go", "x.c"], "go"),
        (["Cargo.toml", "Makefile", "x.c"], "cargo"),
        (["Makefile", "x.c"], "make"),
        (["GNUmakefile"], "make"),
        (["main.zig", "x.c"], "zig"),
        (["x.c", "README.md"], "c"),
        (["README.md", "x.h", "x.cpp"], None),
        ([], None),
    ],
)
def test_the_language_is_told_by_the_files(tmp_path: Path, files: list[str], language: str | None) -> None:
    for name in files:
        (tmp_path / name).touch()
    assert language_of(tmp_path) == language


@pytest.mark.parametrize(
    ("folder", "entry_point"),
    [("tool", "tool"), ("tool", "tool.bin"), ("my-tool", "my_tool"), ("my_tool", "my-tool"), ("tool", "bin/tool")],
)
def test_sources_are_called_as_the_executable(tmp_path: Path, folder: str, entry_point: str) -> None:
    root = make(tmp_path, {f"native/{folder}/x.c": C, "actions/a.yaml": action(entry_point, ref="a")})
    assert found(root) == [(folder, f"native/{folder}", "c", f"actions/{entry_point}")]


def test_a_sensor_is_native_when_it_says_nothing_else(tmp_path: Path) -> None:
    files = {"native/tick/x.c": C, "sensors/t.yaml": "ref: demo.t\nentry_point: tick\n"}
    (source,) = find_sources(make(tmp_path, files))
    assert (source.entry_point, source.refs) == ("sensors/tick", ("demo.t",))


def test_what_is_not_built(tmp_path: Path) -> None:
    files = {
        "native/script/x.c": C,
        "actions/script.yaml": action("script", "shell"),
        "native/unused/x.c": C,
        "native/docs/README.md": "",
        "native/.hidden/x.c": C,
        "native/dist/x.c": C,
        "actions/dist.yaml": action("dist"),
        "native/loose.c": C,
        "actions/climbs.yaml": action("../native/unused"),
        "actions/broken.yaml": "a: [",
    }
    assert found(make(tmp_path, files)) == []


def test_two_actions_share_an_executable(tmp_path: Path) -> None:
    files = {"native/x/x.c": C, "actions/a.yaml": action("x", ref="a"), "actions/b.yaml": action("x", ref="b")}
    (source,) = find_sources(make(tmp_path, files))
    assert source.refs == ("demo.a", "demo.b")


def test_an_action_and_a_sensor_of_one_name(tmp_path: Path) -> None:
    files = {"native/x/x.c": C, "actions/x.yaml": action("x"), "sensors/x.yaml": "ref: demo.y\nentry_point: x\n"}
    root = make(tmp_path, files)
    with pytest.raises(AttuneError, match="cannot be told which executable") as caught:
        find_sources(root)
    assert caught.value.why == "actions/x and sensors/x are both called like it"
    cure = str(caught.value.help).partition("pack.yaml: ")[2]
    make(root, {}, f"{cure}\n")
    assert found(root) == [("x", "native/x", "c", "actions/x")]


def test_declared_sources(tmp_path: Path) -> None:
    pack = """native:
  first: {path: src/one, entry_point: sensors/one, language: c, flags: -lm}
  second:
    entry_point: actions/two
    package: ./cmd/two
    flags: [-tags=x]
  third:
"""
    files = {
        "src/one/x.c": C,
        "src/one/Makefile": "",
        "native/second/go.mod": "",
        "native/third/x.c": C,
        "actions/third.yaml": action("third"),
    }
    root = make(tmp_path, files, pack)
    assert found(root) == [
        ("first", "src/one", "c", "sensors/one"),
        ("second", "native/second", "go", "actions/two"),
        ("third", "native/third", "c", "actions/third"),
    ]
    first, second, third = find_sources(root)
    assert (first.flags, second.flags, third.flags) == (("-lm",), ("-tags=x",), ())
    assert (first.package, second.package) == (None, "./cmd/two")
    assert native_sources(root, "one") == root / "src/one"
    assert native_sources(root, "two") == root / "native/second"
    assert native_sources(root, "four") is None


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("native: [x]\n", "3:9", "is not a mapping"),
        ("native: {x: y}\n", "3:13", "`native: x` is not a mapping"),
        ("native: {x: {pth: y}}\n", "3:19", "has no key `pth`"),
        ("native: {x: {path: ../y}}\n", "3:20", "must be a path inside the pack"),
        ("native: {x: {path: /y}}\n", "3:20", "must be a path inside the pack"),
        ("native: {x: {entry_point: 1}}\n", "3:27", "is not a string"),
        ("native: {x: {language: rust}}\n", "3:24", "it must be one of: go, cargo, make, zig, c"),
        ("native: {x: {flags: [1]}}\n", "3:21", "is not a sequence of words"),
    ],
)
def test_declarations_that_mean_nothing(tmp_path: Path, text: str, place: str, said: str) -> None:
    root = make(tmp_path, {}, text)
    with pytest.raises(AttuneError) as caught:
        declarations(root)
    assert caught.value.where == f"{root}/pack.yaml:{place}"
    assert said in str(caught.value)
    assert native_sources(root, "x") is None


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        ("native: {x: {path: gone, entry_point: actions/x}}\n", "there is no folder gone"),
        ("native: {x: {path: empty, entry_point: actions/x}}\n", "there are no sources in empty"),
    ],
)
def test_declared_sources_that_are_not_there(tmp_path: Path, pack: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(AttuneError, match=said):
        find_sources(make(tmp_path, {}, pack))


def test_wanted_by_name(tmp_path: Path) -> None:
    files = {f"native/{name}/x.c": C for name in ("a", "b", "unused")}
    root = make(tmp_path, {**files, **{f"actions/{name}.yaml": action(name) for name in "ab"}})
    for name in ("a", "demo.a", "actions/a", "native/a"):
        assert found(root, name) == [("a", "native/a", "c", "actions/a")]
    assert [source.name for source in find_sources(root, ["b", "demo.a", "a"])] == ["a", "b"]
    with pytest.raises(NotFoundError, match=r"the pack demo builds nothing called `demo\.c`"):
        find_sources(root, ["demo.c"])
    with pytest.raises(AttuneError, match="nothing in the pack starts what would be built") as caught:
        find_sources(root, ["unused"])
    assert "native: {unused: {path: native/unused, entry_point: sensors/unused}}" in str(caught.value.help)


def test_what_lies_beside_sources_is_shared_by_them(tmp_path: Path) -> None:
    files = {f"native/{name}/x.c": C for name in "ab"} | {f"actions/{name}.yaml": action(name) for name in "ab"}
    more = {"native/common/x.h": "", "native/go.work": "", "native/dist/linux/amd64/a": "", "native/.x": ""}
    more |= {"native/library/go.mod": ""}
    source, _ = find_sources(make(tmp_path, {**files, **more}))
    assert [path.name for path in source.shared] == ["common", "go.work", "library"]


@pytest.mark.parametrize(
    ("pack", "codes"),
    [
        ("native: {x: {path: src, entry_point: actions/x, language: c, package: y, flags: [-lm]}, y: , z: {}}\n", []),
        ("native: {x: {pth: src}}\n", ["ATN021"]),
        ("native: {x: {language: rust}}\n", ["ATN024"]),
    ],
)
def test_the_schema_knows_declarations(tmp_path: Path, pack: str, codes: list[str]) -> None:
    root = make(tmp_path, {}, f"label: Demo\ndescription: A pack to try things on\n{pack}")
    result = validate([root], Options(use_cache=False))
    found = [one for one in result.diagnostics if one.severity > Severity.INFO]
    assert [one.code for one in found] == codes, found
