"""`attune pack new`, `list` and `show`, `attune explain` and `attune schema`, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path

import pexpect
import pytest

from attune_cli.cli.schema import Kind
from tests.compilers import c_compiler
from tests.integration.cli.conftest import Attune
from tests.integration.validate.conftest import write


class TestNew:
    def test_it_says_what_to_do_next_and_that_works(self, attune: Attune) -> None:
        done = attune("pack", "new", "demo.greet", "--runner", "sh")
        assert done.returncode == 0
        lines = done.stdout.decode().splitlines()
        assert lines[0] == "✓ made demo in demo"
        commands = lines[lines.index("Next:") + 1 :]
        done = attune.shell("; ".join(commands))
        assert done.stdout.decode().startswith("Hello, Ada!\n✓ no errors or warnings in 2 files")

    def test_in_the_folder_of_packs(self, attune: Attune) -> None:
        (attune.folder / "packs").mkdir()
        document = json.loads(attune("pack", "new", "demo", "--runner", "node", "--sensor", "-j").stdout)
        assert document["path"] == "packs/demo"
        assert (attune.folder / "packs/demo/pack.yaml").is_file()
        assert "sensors/ticker.js" in document["files"]
        done = attune("pack", "new", "demo", "--runner", "node")
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"there is something of this name already\n  where: packs/demo" in done.stderr

    def test_not_inside_another(self, attune: Attune, demo: Path) -> None:
        done = attune("pack", "new", "other", "--runner", "python", "--dir", demo)
        assert done.returncode == 2
        assert b"a pack cannot lie inside another" in done.stderr

    def test_without_a_terminal_nothing_is_asked(self, attune: Attune) -> None:
        assert b"error: REF is missing" in attune("pack", "new", "--runner", "node").stderr
        done = attune("pack", "new", "demo")
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"error: --runner is missing" in done.stderr
        assert not (attune.folder / "demo").exists()

    def test_on_a_terminal_what_is_missing_is_asked(self, attune: Attune) -> None:
        child = attune.on_terminal("pack", "new", env={"NO_COLOR": "1"})
        for question, answer in (
            ("Ref of the pack: ", "My Pack"),
            ("what about `my_pack`?", ""),
            ("Ref of the pack: ", "my_pack"),
            ("What runs it: native, python, shell, node [python] ", "perl6"),
            ("What runs it: ", ""),
            ("With a sensor? [y/N] ", "y"),
        ):
            child.expect_exact(question)
            if not question.endswith("?"):
                child.sendline(answer)
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 0
        assert (attune.folder / "my_pack/sensors/ticker.py").is_file()

    @pytest.mark.parametrize("key", ["\x03", "\x04"])
    def test_ctrl_c_and_ctrl_d_leave_nothing(self, attune: Attune, key: str) -> None:
        child = attune.on_terminal("pack", "new", "demo")
        child.expect_exact("What runs it")
        child.send(key)
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 130
        assert [path.name for path in attune.folder.iterdir()] == ["bin"]

    def test_native_packs_are_compiled(self, attune: Attune) -> None:
        compiler = write(attune.folder / "bin/cc", f'#!/bin/sh\nexec {" ".join(c_compiler())} "$@"\n')
        compiler.chmod(0o755)
        done = attune.shell(
            "PATH=$PWD/bin:$PATH; attune pack new demo --runner native && cd demo && sh tests/run_tests.sh"
        )
        assert done.returncode == 0, done.stderr
        assert b"not built" not in done.stdout
        assert b"no errors or warnings in 2 files" in attune("pack", "validate", "demo").stdout

    @pytest.mark.parametrize(
        ("program", "why"),
        [(None, "there is no C compiler (cc, gcc, clang)"), ("#!/bin/sh\necho 'it broke' >&2\nexit 1\n", "it broke")],
    )
    def test_without_a_compiler_it_says_so(self, attune: Attune, program: str | None, why: str) -> None:
        tools = attune.folder / "tools"
        tools.mkdir()
        if program is not None:
            write(tools / "cc", program).chmod(0o755)
        done = attune("pack", "new", "demo", "--runner", "native", env={"PATH": str(tools)})
        assert done.returncode == 0
        assert f"  not built: {why}\n" in done.stdout.decode()
        assert "\n  make\n" in done.stdout.decode()
        assert b"warning ATN043" in attune("pack", "validate", "demo").stdout


class TestListAndShow:
    def test_list(self, attune: Attune, demo: Path) -> None:
        write(attune.folder / "packs/broken/pack.yaml", "ref: [\n")
        write(attune.folder / "more/demo/pack.yaml", "ref: demo\nversion: 2.0.0\n")
        lines = attune("pack", "list", "--packs-dir", "more").stdout.decode().splitlines()
        assert lines[0].split() == ["PACK", "VERSION", "ACTIONS", "SENSORS", "LABEL", "PATH"]
        assert [line.split()[0] for line in lines[1:]] == ["demo", "broken", "demo", "core"]
        assert "cannot be read" in lines[2]
        assert lines[3].endswith(f"{demo} (hidden by the one above)")
        document = json.loads(attune("pack", "list", "-j").stdout)
        assert [(each["ref"], each["actions"]) for each in document][1:] == [("demo", 1), ("core", 5)]

    def test_show_a_pack(self, attune: Attune, demo: Path) -> None:
        write(demo / "triggers/tick.yaml", "ref: demo.tick\nlabel: Tick\n")
        text = attune("pack", "show", "demo").stdout.decode()
        assert text.startswith("demo  pack\nDemo\nA demo\n")
        assert "trigger  demo.tick   Tick\n" in text
        document = json.loads(attune("pack", "show", str(demo), "-j").stdout)
        assert document["components"][0] == {"kind": "action", "ref": "demo.greet", "label": "Greet"}

    @pytest.mark.parametrize("subject", ["demo.greet", "packs/demo/actions/greet.yaml"])
    def test_show_an_action(self, attune: Attune, demo: Path, subject: str) -> None:
        action = demo / "actions/greet.yaml"
        action.write_text(action.read_text() + "  token: {type: string, secret: true, default: hunter2}\n")
        done = attune("pack", "show", subject)
        text = done.stdout.decode()
        assert "runner_type         shell\n" in text
        assert "NAME   TYPE            REQUIRED  DEFAULT  MEANING\nname   string          yes       world\n" in text
        assert "token  string, secret  no        ***\n" in text
        document = json.loads(attune("pack", "show", subject, "--json").stdout)
        assert [each["name"] for each in document["parameters"]] == ["name", "token"]
        assert b"hunter2" not in done.stdout + json.dumps(document).encode()

    @pytest.mark.parametrize(
        ("subject", "said"),
        [
            ("demo.gret", "did you mean demo.greet"),
            ("nobody", "attune pack list"),
            ("./nowhere.yaml", "there is no such file or folder"),
            ("bin/attune", "this is part of no pack"),
            ("packs/demo/gone", "there is no such file"),
            ("packs/demo/actions/broken.yaml", "packs/demo/actions/broken.yaml:2:1"),
            ("packs/demo/notes.yaml", "this file declares no component"),
        ],
    )
    def test_what_cannot_be_shown(self, attune: Attune, demo: Path, subject: str, said: str) -> None:
        write(demo / "actions/broken.yaml", "ref: [\n")
        write(demo / "notes.yaml", "a: 1\n")
        done = attune("pack", "show", subject)
        assert (done.returncode, done.stdout) == (3, b"")
        assert said in done.stderr.decode()


class TestExplain:
    @pytest.mark.parametrize("text", ["ATN041", "atn041", "entry-point-missing", "Entry_Point_Missing"])
    def test_a_code(self, attune: Attune, text: str) -> None:
        shown = attune("explain", text).stdout.decode()
        assert shown.startswith("ATN041 entry-point-missing  error, attune pack validate\n")
        assert "\nWrong:\n  # actions/greet.yaml\n" in shown
        assert "\nRight:\n  # actions/greet.yaml\n" in shown
        assert max(map(len, shown.splitlines())) <= 100

    def test_a_warning_of_a_run(self, attune: Attune) -> None:
        assert attune("explain", "PAR002").stdout.decode().startswith("PAR002  warning, attune run\n")

    def test_all(self, attune: Attune) -> None:
        lines = attune("explain").stdout.decode().splitlines()
        codes = [line.split()[0] for line in lines[1:]]
        assert codes == sorted(codes)
        assert {"ATN001", "ATN041", "PAR001"} < set(codes)
        documents = json.loads(attune("explain", "-j").stdout)
        assert [each["code"] for each in documents] == codes
        assert json.loads(attune("explain", "ATN041", "-j").stdout) in documents

    @pytest.mark.parametrize(
        ("text", "help"),
        [
            ("ATN0411", "did you mean ATN041?"),
            ("ref-frm", "did you mean ref-form?"),
            ("ATN999", "attune explain lists them"),
        ],
    )
    def test_unknown(self, attune: Attune, text: str, help: str) -> None:
        done = attune("explain", text)
        assert done.returncode == 2
        assert f"there is no code `{text}`\n  help:  {help}\n" in done.stderr.decode()


class TestSchema:
    @pytest.mark.parametrize("kind", Kind)
    def test_it_is_printed(self, attune: Attune, kind: Kind) -> None:
        document = json.loads(attune("schema", kind).stdout)
        assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert document["title"]

    @pytest.mark.parametrize("args", [(), ("action", "--install"), ("action", "--dir", "."), ("nothing",)])
    def test_wrong_calls(self, attune: Attune, args: tuple[str, ...]) -> None:
        done = attune("schema", *args)
        assert (done.returncode, done.stdout) == (2, b"")

    def test_install(self, attune: Attune, demo: Path) -> None:
        (attune.folder / ".git").mkdir()
        done = attune.shell(f"cd {demo}; attune schema --install")
        assert done.returncode == 0
        settings = json.loads((attune.folder / ".vscode/settings.json").read_text())
        assert settings["yaml.schemas"]["./.vscode/attune/pack.json"] == ["packs/*/pack.yaml"]
        (attune.folder / ".vscode/settings.json").write_text("[]")
        done = attune("schema", "--install")
        assert done.returncode == 3
        assert b'add this to them:\n           "yaml.schemas": {\n' in done.stderr
