"""What can be wrong with a file that is to be started as it is: the codes ATN100 to ATN119."""

from __future__ import annotations

from typing import Final

from attune_cli.diagnostics import Rule, Severity

NO_PROGRAM: Final = Rule(
    code="ATN100",
    name="no-program",
    severity=Severity.ERROR,
    title="a file that is no program",
    why=(
        "What is started directly has to be an executable (ELF on Linux, Mach-O on macOS, PE on Windows) or a script "
        "that names its interpreter. Of a folder, an empty file, an object file, a core dump or an archive the kernel "
        "starts nothing."
    ),
)
LFS_POINTER: Final = Rule(
    code="ATN101",
    name="lfs-pointer",
    severity=Severity.ERROR,
    title="the pointer that Git LFS leaves in place of a file",
    why=(
        "Git LFS keeps large files outside of the repository and a pointer of three lines in it. A clone made without "
        "Git LFS, or with fetching turned off as CI services do, has the pointers alone."
    ),
)
NO_INTERPRETER_LINE: Final = Rule(
    code="ATN102",
    name="no-shebang",
    severity=Severity.ERROR,
    title="a text that does not name its interpreter",
    why=(
        "The kernel finds the interpreter of a script in its first line, `#!/bin/sh`, and that line has to be its very "
        "first bytes. A shell would guess; the platform starts files without one."
    ),
)
CARRIAGE_RETURN: Final = Rule(
    code="ATN103",
    name="shebang-crlf",
    severity=Severity.ERROR,
    title="a script whose first line ends as on Windows",
    why=(
        "The kernel takes the carriage return before the newline for a part of the interpreter's name, and there is no "
        "`/bin/sh\\r`. The error it gives, `No such file or directory`, names the script and not the interpreter."
    ),
)
INTERPRETER_MISSING: Final = Rule(
    code="ATN104",
    name="interpreter-not-there",
    severity=Severity.ERROR,
    title="a script whose interpreter is not there",
    why=(
        "The interpreter that the first line of a script names is started in its place; without it the kernel answers "
        "`No such file or directory` as if the script itself were missing."
    ),
)
NOT_EXECUTABLE: Final = Rule(
    code="ATN105",
    name="no-execute-bit",
    severity=Severity.ERROR,
    title="a program without the execute bit",
    why=(
        "The kernel starts only files that have the execute bit, and the platform looks for it before it starts one. "
        "Git keeps the bit; downloads, some archives and copies over Windows lose it."
    ),
)
NOEXEC: Final = Rule(
    code="ATN106",
    name="noexec-mount",
    severity=Severity.ERROR,
    title="a file system from which nothing is started",
    why=(
        "A file system that is mounted with `noexec` lets nobody start what lies on it, whatever its mode. `/tmp` and "
        "`/dev/shm` are often mounted so."
    ),
)
WRONG_PLATFORM: Final = Rule(
    code="ATN107",
    name="wrong-platform",
    severity=Severity.ERROR,
    title="a program for another system or processor",
    why=(
        "An executable holds the instructions of one processor in the format of one system. Elsewhere the kernel "
        "answers `Exec format error`, unless an emulator such as QEMU is registered for it."
    ),
)
MALFORMED: Final = Rule(
    code="ATN108",
    name="malformed-binary",
    severity=Severity.ERROR,
    title="headers that make no sense",
    why=(
        "The headers of an executable say which of its parts go where in memory. When they contradict each other or "
        "the format, the kernel refuses the file, or what it starts crashes. The file was damaged, or never finished."
    ),
)
TRUNCATED: Final = Rule(
    code="ATN109",
    name="truncated-binary",
    severity=Severity.ERROR,
    title="a program that is not there whole",
    why=(
        "The headers tell of code or data behind the end of the file: a download or a copy that was cut off. The "
        "kernel may start it all the same; it dies by SIGBUS or SIGSEGV when it comes to what is missing."
    ),
)
LOADER_MISSING: Final = Rule(
    code="ATN110",
    name="loader-missing",
    severity=Severity.ERROR,
    title="a program whose loader is not there",
    why=(
        "A dynamically linked program names the loader that brings in its libraries. Where that file is missing the "
        "kernel answers `No such file or directory`, as if the program itself were. Programs linked against musl "
        "do that on systems with glibc, and the other way round."
    ),
)
LIBRARY_MISSING: Final = Rule(
    code="ATN111",
    name="library-missing",
    severity=Severity.ERROR,
    title="a program whose libraries are not all there",
    why=(
        "The loader looks for each shared library in the folders the program names, in its cache and in the system's "
        "folders. When one is in none of them, the program ends with 127 before its first line runs."
    ),
)
TOO_NEW: Final = Rule(
    code="ATN112",
    name="library-too-old",
    severity=Severity.ERROR,
    title="a program that asks for newer libraries than there are",
    why=(
        "Functions of glibc and libstdc++ carry the version they came with, and a program asks for the versions it was "
        "linked with: built on a new system it does not start on an older one. Build it on the oldest system it is "
        "meant for, against that system's glibc (`zig cc -target x86_64-linux-gnu.2.31`), or statically with musl."
    ),
)
WRITABLE_BY_ALL: Final = Rule(
    code="ATN113",
    name="world-writable",
    severity=Severity.WARNING,
    title="a program that anybody can change",
    why=(
        "Whoever may write the file decides what runs when the action runs, with its secrets. Only its owner should be "
        "able to."
    ),
)
PRIVILEGED: Final = Rule(
    code="ATN114",
    name="privileged-binary",
    severity=Severity.WARNING,
    title="a program that runs with rights of its own",
    why=(
        "Set-user-ID, set-group-ID and file capabilities are lost when a pack is copied, archived or checked out, so "
        "the platform starts the program without them. Where they hold, the loader ignores `LD_LIBRARY_PATH`."
    ),
)
FROM_ELSEWHERE: Final = Rule(
    code="ATN115",
    name="library-outside-pack",
    severity=Severity.WARNING,
    title="a program that takes a library from a folder of this machine alone",
    why=(
        "The program itself names a folder in which a library is found, and that folder belongs neither to the pack "
        "nor to the system: mostly it is where it was built. A worker does not have it."
    ),
)
UNSIGNED: Final = Rule(
    code="ATN116",
    name="unsigned-binary",
    severity=Severity.ERROR,
    title="an unsigned program for Macs with Apple's processors",
    why=(
        "macOS starts no unsigned program on arm64; it is killed at once. The linkers of Xcode, Go and Zig sign what "
        "they make; stripping or patching it afterwards breaks that."
    ),
)
EMULATED: Final = Rule(
    code="ATN117",
    name="emulated-binary",
    severity=Severity.WARNING,
    title="a program of another processor that an emulator runs here",
    why=(
        "The kernel of this machine gives the program to an emulator that is registered for it (binfmt_misc). It "
        "starts here, many times slower, and does not on a worker that has no such emulator."
    ),
)
NO_ENTRY: Final = Rule(
    code="ATN118",
    name="shared-library",
    severity=Severity.WARNING,
    title="a shared library in a program's place",
    why=(
        "A shared library has the format of a program, and the kernel starts it; without a loader and a place to begin "
        "it does nothing, or crashes."
    ),
)
UNREADABLE: Final = Rule(
    code="ATN119",
    name="unreadable-binary",
    severity=Severity.WARNING,
    title="a file that cannot be looked into",
    why="Without the permission to read a file nothing can be said of it. It may start all the same.",
)
RULES: Final = (
    NO_PROGRAM,
    LFS_POINTER,
    NO_INTERPRETER_LINE,
    CARRIAGE_RETURN,
    INTERPRETER_MISSING,
    NOT_EXECUTABLE,
    NOEXEC,
    WRONG_PLATFORM,
    MALFORMED,
    TRUNCATED,
    LOADER_MISSING,
    LIBRARY_MISSING,
    TOO_NEW,
    WRITABLE_BY_ALL,
    PRIVILEGED,
    FROM_ELSEWHERE,
    UNSIGNED,
    EMULATED,
    NO_ENTRY,
    UNREADABLE,
)
