"""What the kernel or bash makes of an entry point's first bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.entry_files import HOMES, EntryFile, climbs_out, entry_file, extension, read_head
from attune_cli.pack.rules.runner_type import MISMATCH
from attune_cli.pack.rules.texts import short

NOT_EXECUTABLE: Final = Rule(
    code="ATN045",
    name="native-not-executable",
    severity=Severity.ERROR,
    title="a native entry point without the execute bit",
    why=(
        "A native entry point is started as it is, and the kernel starts only files that have the execute bit. The "
        "platform looks for it first and refuses the execution. Git keeps the bit; some archives and copies lose it."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nrunner_type: native\nentry_point: greet\n"
    "# actions/greet (mode 755)\n#!/bin/sh\necho hello\n",
    bad="# actions/greet.yaml\nref: demo.greet\nrunner_type: native\nentry_point: greet\n"
    "# actions/greet (mode 644)\n#!/bin/sh\necho hello\n",
)
NO_PROGRAM: Final = Rule(
    code="ATN046",
    name="native-no-program",
    severity=Severity.ERROR,
    title="a native entry point that is no program",
    why=(
        "A native entry point is an executable (ELF on Linux, Mach-O on macOS, PE on Windows) or a script that names "
        "its interpreter in its first line. Of an empty file, an archive or the pointer that Git LFS leaves in place "
        "of a file it did not fetch, the kernel starts nothing."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nrunner_type: native\nentry_point: greet\n"
    "# actions/greet (mode 755)\n#!/bin/sh\necho hello\n",
    bad="# actions/greet.yaml\nref: demo.greet\nrunner_type: native\nentry_point: greet\n# actions/greet (mode 755)\n",
)
NO_SHEBANG: Final = Rule(
    code="ATN047",
    name="native-no-shebang",
    severity=Severity.ERROR,
    title="a script without a shebang that is started natively",
    why=(
        "The kernel finds the interpreter of a script in its first line: `#!/bin/sh`. Without that line it cannot "
        "start the file, and the platform has no shell that would guess."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nrunner_type: native\nentry_point: greet\n"
    "# actions/greet (mode 755)\n#!/bin/sh\necho hello\n",
    bad="# actions/greet.yaml\nref: demo.greet\nrunner_type: native\nentry_point: greet\n"
    "# actions/greet (mode 755)\necho hello\n",
)
CARRIAGE_RETURN: Final = Rule(
    code="ATN048",
    name="script-crlf",
    severity=Severity.ERROR,
    title="a script with Windows line endings",
    why=(
        "Lines that end with a carriage return and a newline are read with the carriage return. In a first line the "
        "kernel looks for an interpreter `sh\\r`, which is not there; bash takes it for a part of the last word of "
        "every line, so that `then` is no `then` any more."
    ),
)
NO_INTERPRETER: Final = Rule(
    code="ATN049",
    name="interpreter-missing",
    severity=Severity.INFO,
    title="a script whose interpreter this machine does not have",
    why=(
        "The first line of this natively started script names an interpreter that is not on this machine. It cannot be "
        "started here, and on a worker only if the interpreter is there."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nrunner_type: native\nentry_point: greet\n"
    "# actions/greet (mode 755)\n#!/bin/sh\necho hello\n",
    bad="# actions/greet.yaml\nref: demo.greet\nrunner_type: native\nentry_point: greet\n"
    "# actions/greet (mode 755)\n#!/opt/no/such/interpreter\necho hello\n",
)
RULES: Final = (NOT_EXECUTABLE, NO_PROGRAM, NO_SHEBANG, CARRIAGE_RETURN, NO_INTERPRETER)
KINDS: Final = ("action", "sensor")

_MACH_O: Final = (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_FAT: Final = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")
#: A Java class begins as a universal Mach-O does; where that counts its architectures, a class has its version.
_MOST_ARCHITECTURES: Final = 0x20
_LFS: Final = b"version https://git-lfs"
_BASH: Final = frozenset(("sh", "bash", "dash", "ash", "ksh", "zsh"))


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """Native entry points as the kernel takes them, those of the shell as bash does; missing ones are passed over."""
    entry = entry_file(tree, component)
    if entry is None or entry.runtime not in {"native", "shell"} or climbs_out(entry.text):
        return
    try:
        found = os.stat(entry.path)
    except (OSError, ValueError):
        return
    head = read_head(entry.path) if stat.S_ISREG(found.st_mode) else None
    if head is None:
        return
    if entry.runtime == "shell":
        yield from _check_shell(component, entry, head)
        return
    yield from _check_native(component, entry, head)
    if head and not found.st_mode & 0o111:
        message = f"`{_inside(component, entry)}` has no execute bit"
        yield component.finding(NOT_EXECUTABLE, entry.node, message, f"chmod +x {_inside(component, entry)}")


def outside() -> str:
    """Which programs PATH leads to, as far as the folders' times tell."""
    folders = dict.fromkeys((*os.environ.get("PATH", os.defpath).split(os.pathsep), "/bin", "/usr/bin"))
    return os.pathsep.join(f"{folder}@{_changed(folder)}" for folder in folders)


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except (OSError, ValueError):
        return 0


def _inside(component: Component, entry: EntryFile) -> str:
    return f"{HOMES[component.kind]}/{short(entry.text)}"


def _check_native(component: Component, entry: EntryFile, head: bytes) -> Iterator[Diagnostic]:
    inside = _inside(component, entry)
    if head.startswith(b"#!"):
        yield from _check_shebang(component, entry, head)
    elif head.startswith(_LFS):
        message = f"`{inside}` is a pointer of Git LFS, not the file itself"
        yield component.finding(NO_PROGRAM, entry.node, message, "fetch it with `git lfs pull`")
    elif not head:
        yield component.finding(NO_PROGRAM, entry.node, f"`{inside}` is empty", "put the executable there")
    elif not _is_executable(head) and b"\0" in head:
        message = f"`{inside}` is neither an executable nor a script"
        yield component.finding(NO_PROGRAM, entry.node, message, "put the executable there: ELF, Mach-O or PE")
    elif not _is_executable(head):
        message = f"`{inside}` is a text without a first line that names its interpreter"
        yield component.finding(NO_SHEBANG, entry.node, message, f"begin it with `{_shebang_for(entry.text)}`")
    else:
        yield from _check_binary(component, entry)


def _check_binary(component: Component, entry: EntryFile) -> Iterator[Diagnostic]:
    """What its headers say, whatever machine it is validated on. What depends on this one's libraries and loader is
    for `attune binary check` to say."""
    # Imported here: few packs hold executables.
    from attune_cli.binary import codes
    from attune_cli.binary.check import check
    from attune_cli.binary.machine import Machine
    from attune_cli.binary.model import Platform
    from attune_cli.binary.read import identify

    try:
        problems = check(identify(entry.path), Machine(Platform.here()))
    except OSError:
        return
    for rule, message, help_ in problems:
        finding = component.finding(rule, entry.node, f"`{_inside(component, entry)}` {message}", help_)
        if rule in {codes.NO_PROGRAM, codes.MALFORMED, codes.TRUNCATED, codes.NO_ENTRY}:
            yield finding
        elif rule is codes.WRONG_PLATFORM:
            # Not an error: workers may be of that platform.
            what = f"`{_inside(component, entry)}` {message.replace('it is meant for', 'this machine is')}"
            yield finding._replace(message=what, severity=Severity.WARNING)


def _is_executable(head: bytes) -> bool:
    """Whether a file begins as an executable of some platform does."""
    if head.startswith(_FAT):
        return int.from_bytes(head[4:8]) < _MOST_ARCHITECTURES
    return head.startswith((b"\x7fELF", b"MZ", *_MACH_O))


def _shebang_for(text: str) -> str:
    return {"py": "#!/usr/bin/env python3", "js": "#!/usr/bin/env node"}.get(extension(text), "#!/bin/sh")


def _check_shebang(component: Component, entry: EntryFile, head: bytes) -> Iterator[Diagnostic]:
    line = head.partition(b"\n")[0]
    if line.endswith(b"\r"):
        message = f"the first line of `{_inside(component, entry)}` ends with a carriage return"
        yield component.finding(CARRIAGE_RETURN, entry.node, message, "save it with Unix line endings")
        return
    missing = _missing_interpreter(line[2:].decode("utf-8", "replace").strip())
    if missing is not None:
        message = f"`{_inside(component, entry)}` asks for {short(missing)}, which this machine does not have"
        yield component.finding(NO_INTERPRETER, entry.node, message)


def _missing_interpreter(asked: str) -> str | None:
    """What a shebang asks for and is not there; `env` is asked what it would start."""
    program, _, rest = asked.partition(" ")
    if not os.access(program, os.X_OK):
        return program or "no interpreter at all"
    if os.path.basename(program) != "env":
        return None
    from shutil import which

    words = [word for word in rest.replace("-S", " ", 1).split() if "=" not in word and not word.startswith("-")]
    return words[0] if words and which(words[0]) is None else None


def _check_shell(component: Component, entry: EntryFile, head: bytes) -> Iterator[Diagnostic]:
    inside = _inside(component, entry)
    if b"\r\n" in head and b"\0" not in head:
        message = f"`{inside}` has lines that end with a carriage return, which bash takes for a part of them"
        yield component.finding(CARRIAGE_RETURN, entry.node, message, "save it with Unix line endings")
    elif not extension(entry.text):
        # With an extension, that has been looked at already.
        yield from _check_language(component, entry, head)


def _check_language(component: Component, entry: EntryFile, head: bytes) -> Iterator[Diagnostic]:
    """A file without an extension says in its first bytes what it is."""
    inside = _inside(component, entry)
    at = component.get("runner_type") or entry.node
    if _is_executable(head):
        message = f"the runner type `shell` gives `{inside}` to bash, and it is an executable"
        yield component.finding(MISMATCH, at, message, "write `runner_type: native`")
    elif head.startswith(b"#!") and (language := _language(head)) and language not in _BASH:
        message = f"the runner type `shell` gives `{inside}` to bash, and its first line asks for {short(language)}"
        yield component.finding(MISMATCH, at, message, "write the runner type of that language, or `native`")


def _language(head: bytes) -> str:
    """The name of the interpreter in a first line, without its version; empty when there is none."""
    words = head.partition(b"\n")[0][2:].decode("utf-8", "replace").split()
    names = [os.path.basename(word) for word in words if not word.startswith("-") and "=" not in word]
    named = names[1:] if names[:1] == ["env"] else names
    return named[0].rstrip("0123456789.") if named else ""
