"""The folders in which a dynamic loader looks for a library, in its order.

glibc: https://man7.org/linux/man-pages/man8/ld.so.8.html · https://github.com/bminor/glibc/blob/master/elf/dl-load.c
musl: https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c (`load_library`, `fixup_rpath`)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attune_cli.binary.model import Facts

#: Architecture -> what Debian calls its folder, and what stands behind `lib` elsewhere.
_FOLDERS = {
    "386": ("i386-linux-gnu", ""),
    "amd64": ("x86_64-linux-gnu", "64"),
    "amd64p32": ("x86_64-linux-gnux32", "x32"),
    "arm": ("arm-linux-gnueabihf", ""),
    "arm64": ("aarch64-linux-gnu", "64"),
    "loong64": ("loongarch64-linux-gnu", "64"),
    "mips64le": ("mips64el-linux-gnuabi64", "64"),
    "ppc64le": ("powerpc64le-linux-gnu", "64"),
    "riscv64": ("riscv64-linux-gnu", "64"),
    "s390x": ("s390x-linux-gnu", "64"),
}
_PLATFORMS = {"386": "i686", "amd64": "x86_64", "arm": "v7l", "arm64": "aarch64"}
_TOKEN = re.compile(r"\$(?:(ORIGIN|LIB|PLATFORM)(?![A-Za-z0-9_])|\{(ORIGIN|LIB|PLATFORM)\})")
#: Of musl, where there is no file that says otherwise.
_MUSL_FOLDERS = ("/lib", "/usr/local/lib", "/usr/lib")
_MUSL_LOADER = re.compile(r"ld-musl-(.+)\.so\.1")
#: Libraries that musl has in its loader, by the front of their names.
_MUSL_OWN = ("libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet.")


class Asker:
    """A file whose libraries are looked for.

    path: where it lies, seen from the root. parent: the file that it was loaded for; None of the program itself.
    program: the first of its parents. names_folders: it, or one of its parents, names folders of its own.
    musl:    what musl calls the architecture when the program is linked with it, else None.
    """

    __slots__ = ("facts", "musl", "names_folders", "parent", "path", "program")

    def __init__(self, path: str, facts: Facts, parent: Asker | None) -> None:
        self.path = path
        self.facts = facts
        self.parent = parent
        self.program: Asker = parent.program if parent else self
        self.musl: str | None = parent.musl if parent else _musl_machine(facts)
        self.names_folders: bool = bool(facts.runpath or facts.rpath or (parent and parent.names_folders))

    @property
    def arch(self) -> str:
        return self.facts.platforms[0].arch if self.facts.platforms else ""

    def expanded(self, folder: str) -> Iterator[str]:
        """A folder it names with `$ORIGIN`, `$LIB` and `$PLATFORM` replaced; `$LIB` by all that it may stand for."""
        triplet, suffix = _FOLDERS.get(self.arch, ("", ""))
        origin = self.path.rpartition("/")[0] or "/"
        values = {"ORIGIN": origin, "PLATFORM": _PLATFORMS.get(self.arch, self.arch)}
        libraries = (f"lib/{triplet}", f"lib{suffix}") if "LIB" in folder and triplet else (f"lib{suffix}",)
        for library in libraries:
            values["LIB"] = library
            yield _TOKEN.sub(lambda found: values[found[1] or found[2]], folder) or "."

    def named_folders(self, library_path: Iterable[str]) -> Iterator[str]:
        """glibc: those that come first. RPATH is inherited and counts only without RUNPATH, which is not."""
        if not self.facts.runpath:
            for each in self._line():
                if not each.facts.runpath:
                    yield from each.written(each.facts.rpath)
        yield from library_path
        yield from self.written(self.facts.runpath)

    def musl_folders(self, library_path: Iterable[str]) -> Iterator[str]:
        """The same of musl, which makes no difference between RPATH and RUNPATH: both are inherited."""
        yield from library_path
        for each in self._line():
            yield from each.written(each.facts.runpath or each.facts.rpath)

    def _line(self) -> Iterator[Asker]:
        each: Asker | None = self
        while each:
            yield each
            each = each.parent

    def written(self, folders: Iterable[str]) -> Iterator[str]:
        """Folders as they stand in its RPATH or RUNPATH; an empty one is the working directory."""
        for folder in folders:
            yield from self.expanded(folder) if "$" in folder else (folder or ".",)


def default_folders(arch: str) -> tuple[str, ...]:
    """glibc: those that come after its cache, of all distributions."""
    triplet, suffix = _FOLDERS.get(arch, ("", ""))
    names = dict.fromkeys((f"lib/{triplet}", f"lib{suffix}", "lib") if triplet else ("lib",))
    return tuple(f"{prefix}/{name}" for name in names for prefix in ("", "/usr"))


def _musl_machine(facts: Facts) -> str | None:
    """musl's name of the architecture when the file is linked with musl; None when it is not."""
    found = _MUSL_LOADER.fullmatch((facts.interpreter or "").rpartition("/")[2])
    if found:
        return found[1]
    machines = (re.fullmatch(r"libc\.musl-(.+)\.so\.1", name) for name in facts.needed)
    return next((machine[1] for machine in machines if machine), None)


def musl_system_folders(text: str) -> tuple[str, ...]:
    """text: of the file in /etc that names them, in lines or with colons between; empty when it is not there."""
    return tuple(folder for folder in re.split(r"[:\n]", text) if folder) or _MUSL_FOLDERS


def is_in_musl(name: str) -> bool:
    return name.startswith(_MUSL_OWN)
