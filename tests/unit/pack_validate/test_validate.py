"""Paths → findings: which files, which codes, in which order, from how many processes."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.errors import UsageError
from attune_cli.pack import baseline, judgement
from attune_cli.pack.schema_rules import UNKNOWN_KEY
from attune_cli.pack.selection import Selection, from_table
from attune_cli.pack.validate import Options, Result, validate
from tests.unit.pack_rules.packs import write_pack

ACTION = "ref: {pack}.{name}\nentry_point: a.py\nrunner_type: python\n"


def make(root: Path, *packs: str) -> Path:
    """Packs with two actions each, every file with one warning ATN021, the first action with an error ATN023."""
    for pack in packs:
        (root / pack / "actions").mkdir(parents=True)
        (root / pack / "pack.yaml").write_text(
            f"ref: {pack}\nlabel: P\nversion: 1.0.0\nruntime_deps: [python]\nxyz: 1\n", encoding="utf-8"
        )
        (root / pack / "actions" / "a.py").touch()
        for name in ("one", "two"):
            text = ACTION.format(pack=pack, name=name) + "xyz: 1\n" + ("enabled: x\n" if name == "one" else "")
            (root / pack / "actions" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root


def told(result: Result) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in result.diagnostics]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


ALL_OF_DEMO = [
    ("demo/actions/one.yaml", "ATN021"),
    ("demo/actions/one.yaml", "ATN023"),
    ("demo/actions/two.yaml", "ATN021"),
    ("demo/pack.yaml", "ATN021"),
]


def test_all_of_a_pack_sorted(here: Path) -> None:
    make(here, "demo")
    result = validate(["demo"])
    assert told(result) == ALL_OF_DEMO
    assert (result.files, result.packs, result.suppressed, result.known, result.infos) == (3, 1, 0, 0, 0)
    assert result.failed


def test_the_same_from_the_cache(here: Path) -> None:
    make(here, "demo")
    first, second, third = validate(["demo"]), validate(["demo"]), validate(["demo"], Options(use_cache=False))
    assert first == second == third
    assert [str(each.end) + str(each.help) for each in first.diagnostics] == [
        str(each.end) + str(each.help) for each in second.diagnostics
    ]


def test_only_what_was_asked_for_and_as_it_was_given(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(here, "demo")
    assert told(validate(["demo/actions/two.yaml"])) == [("demo/actions/two.yaml", "ATN021")]
    result = validate(["demo/actions"])
    assert told(result) == ALL_OF_DEMO[:3]
    assert result.files == 2
    monkeypatch.chdir("demo/actions")
    assert told(validate(["two.yaml"])) == [("two.yaml", "ATN021")]
    assert told(validate([".."])) == [(path.replace("demo", ".."), code) for path, code in ALL_OF_DEMO]
    monkeypatch.chdir("..")
    assert told(validate(["."])) == [(path.removeprefix("demo/"), code) for path, code in ALL_OF_DEMO]
    assert told(validate(["actions"])) == [(path.removeprefix("demo/"), code) for path, code in ALL_OF_DEMO[:3]]


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (Options(select=("ATN021",)), {"ATN021"}),
        (Options(select=("atn02",)), {"ATN021", "ATN023"}),
        (Options(select=("ATN03",)), set()),
        (Options(ignore=("ATN021",)), {"ATN023"}),
        (Options(select=("ATN02",), ignore=("ATN023",)), {"ATN021"}),
        (Options(ignore=("ATN",)), set()),
    ],
)
def test_codes(here: Path, options: Options, codes: set[str]) -> None:
    make(here, "demo")
    assert {code for _, code in told(validate(["demo"], options))} == codes


@pytest.mark.parametrize(
    "options", [Options(select=("ATN9",)), Options(ignore=("",)), Options(select=("unknown-key",))]
)
def test_a_code_that_no_rule_has(here: Path, options: Options) -> None:
    make(here, "demo")
    with pytest.raises(UsageError, match="no rule has a code"):
        validate(["demo"], options)


def test_warnings_fail_when_they_shall(here: Path) -> None:
    make(here, "demo")
    warnings = Options(select=("ATN021",))
    assert not validate(["demo"], warnings).failed
    assert validate(["demo"], Options(select=("ATN021",), strict=True)).failed


def test_infos_never_fail(here: Path) -> None:
    make(here, "demo")
    (here / "demo" / "pack.yaml").write_text(
        "# attune: ignore-file[ATN030]\nref: demo\nversion: 1.0.0\n", encoding="utf-8"
    )
    result = validate(["demo"], Options(select=("ATN029",), strict=True))
    assert ([each.severity for each in result.diagnostics], result.infos) == ([Severity.INFO], 1)
    assert not result.failed


def test_comments_take_findings_away_and_are_counted(here: Path) -> None:
    make(here, "demo")
    (here / "demo" / "pack.yaml").write_text(
        "ref: demo\nversion: 1.0.0\nruntime_deps: [python]\nxyz: 1 # attune: ignore[ATN021]\n", encoding="utf-8"
    )
    for _ in range(2):
        result = validate(["demo"])
        assert told(result) == ALL_OF_DEMO[:3]
        assert result.suppressed == 1
    assert validate(["demo"], Options(ignore=("ATN021",))).suppressed == 0
    assert validate(["demo/actions"]).suppressed == 0


def test_a_baseline_leaves_news(here: Path) -> None:
    make(here, "demo")
    file = here / "baseline.json"
    baseline.write(file, validate(["demo/actions"]).diagnostics)
    result = validate(["demo"], Options(baseline=file))
    assert told(result) == ALL_OF_DEMO[3:]
    assert (result.known, result.failed) == (3, False)


# --- settings -------------------------------------------------------------------------------------


def test_settings_of_each_pack(here: Path) -> None:
    make(here, "a_pack", "b_pack")
    tables: dict[str, object] = {"a_pack": {"ignore": ["ATN021"]}, "b_pack": {"select": ["ATN021"], "strict": True}}
    result = validate(["."], settings=lambda root: (tables[root.name], "attune.toml"))
    assert {(path[:6], code) for path, code in told(result)} == {("a_pack", "ATN023"), ("b_pack", "ATN021")}
    assert result.strict


def test_options_are_over_settings() -> None:
    project = Selection(("ATN02",), ("ATN021",), strict=True)
    assert Selection(("ATN03",), ("ATN031",)).within(project) == Selection(
        ("ATN03",), ("ATN031", "ATN021"), strict=True
    )
    assert Selection().within(project) == project


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (1, "`validate` is a table"),
        ({"selekt": []}, "did you mean `select`?"),
        ({"nothing": 1}, "there are select, ignore and strict"),
        ({"strict": "yes"}, "`strict` is true or false, not 'yes'"),
        ({"ignore": "ATN021"}, "`ignore` is a list of codes, not 'ATN021'"),
        ({"ignore": [21]}, "`ignore` is a list of codes"),
        ({"ignore": ["ATN0212"]}, "no rule has a code that begins with `ATN0212`"),
    ],
)
def test_settings_that_cannot_be(table: object, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_table(table, "attune.toml")
    assert words in f"{caught.value.what} {caught.value.help}"
    assert caught.value.where == "attune.toml"


# --- the run --------------------------------------------------------------------------------------


def test_in_several_processes_the_same_is_found(here: Path) -> None:
    make(here, *(f"pack_{number}" for number in range(9)))
    alone, shared = (validate(["."], Options(use_cache=False, workers=workers)) for workers in (1, 3))
    assert len(alone.diagnostics) == 36
    assert alone == shared
    assert [repr(each) for each in alone.diagnostics] == [repr(each) for each in shared.diagnostics]


def test_progress_comes_to_an_end(here: Path) -> None:
    make(here, "a_pack", "b_pack", "c_pack")
    steps: list[tuple[int, int]] = []
    validate(["."], Options(workers=1), progress=lambda done, total: steps.append((done, total)))
    assert steps == [(3, 9), (6, 9), (9, 9)]


def test_the_collector_is_as_it_was(here: Path) -> None:
    make(here, "demo")
    validate(["demo"])
    assert gc.isenabled()
    gc.disable()
    try:
        validate(["demo"])
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_no_more_of_a_file_than_anybody_reads(here: Path) -> None:
    keys = "".join(f"xyz{number}: 1\n" for number in range(3 * judgement.MAX_FINDINGS))
    write_pack(here, f"# triggers/t.yaml\nref: demo.t\n{keys}")
    result = validate(["."])
    assert len(result.diagnostics) == judgement.MAX_FINDINGS
    assert result.diagnostics[-1].start.line == judgement.MAX_FINDINGS + 1


def test_of_several_sources_the_first_in_the_file_are_told(here: Path) -> None:
    fields = "".join(f"  p{number}: {{min_items: 1}}\n" for number in range(800))
    keys = "".join(f"xyz{number}: 1\n" for number in range(800))
    write_pack(here, f"# triggers/t.yaml\nref: demo.t\nparameters:\n{fields}{keys}")
    findings = validate(["."]).diagnostics
    assert [each.start.line for each in findings] == list(range(3, 3 + judgement.MAX_FINDINGS))


def test_a_finding_is_told_once(here: Path) -> None:
    write_pack(here, "# triggers/t.yaml\nref: demo.t\nparameters: {a: &a {type: int, min_items: 1}, b: *a}\n")
    findings = [(each.where, each.code) for each in validate(["."]).diagnostics]
    assert len(findings) == len({*findings})
    assert {code for _, code in findings} == {"ATN025", "ATN026"}


def test_findings_carry_the_severity_of_their_rule(here: Path) -> None:
    make(here, "demo")
    by_code: dict[str, Diagnostic] = {each.code: each for each in validate(["demo"]).diagnostics}
    assert by_code["ATN021"].severity is UNKNOWN_KEY.severity


def test_nothing_is_left_to_the_garbage_collector(here: Path) -> None:
    """It is off meanwhile, and all packs of a call would stay in memory."""
    make(here, "demo")
    rule = "ref: demo.x\ntrigger_ref: demo.y\naction_ref: demo.on\npermission_set_refs: [demo.all]\nxyz: 1\n"
    (here / "demo" / "rules").mkdir()
    (here / "demo" / "rules" / "x.yaml").write_text(rule, encoding="utf-8")
    validate(["demo"], Options(use_cache=False))
    gc.collect()
    gc.disable()
    try:
        validate(["demo"], Options(use_cache=False))
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_folder_is_no_file_whose_name_begins_alike(here: Path) -> None:
    make(here, "demo")
    (here / "demo" / "actions" / "workflows").mkdir()
    (here / "demo" / "actions" / "workflows.yaml").write_text("ref: demo.workflows\nxyz: 1\n", encoding="utf-8")
    assert told(validate(["demo/actions/workflows"])) == []
