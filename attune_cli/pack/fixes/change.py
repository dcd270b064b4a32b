"""What is to be done to one file, as a value."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from attune_cli.errors import AttuneError
from attune_cli.pack.replace import replace_file


@dataclass(frozen=True, slots=True)
class Change:
    """One file, before and after.

    shown, shown_after: its path as the user gave it; the name may change.
    before, after: its bytes.
    mode_before, mode_after: its permission bits.
    """

    shown: str
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    mode_before: int
    mode_after: int
    shown_after: str

    @staticmethod
    def of(shown: str) -> Change:
        """The file as it is, with nothing done to it. Raises OSError for what is no ordinary file."""
        descriptor = os.open(shown, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise OSError(0, "this is no ordinary file", shown)
            content, mode = file.read(), stat.S_IMODE(found.st_mode)
        return Change(shown, content, content, mode, mode, shown)

    @property
    def is_rename(self) -> bool:
        return self.shown_after != self.shown

    def __bool__(self) -> bool:
        return (self.before, self.mode_before, self.shown) != (self.after, self.mode_after, self.shown_after)

    def apply(self) -> None:
        """Do it. Raises AttuneError; the file is as it was then, or has its content and not yet its name."""
        try:
            if self.after != self.before:
                replace_file(Path(self.shown), self.after, mode=self.mode_after)
            elif self.mode_after != self.mode_before:
                os.chmod(self.shown, self.mode_after)
            if self.is_rename:
                _rename(self.shown, self.shown_after)
        except OSError as error:
            raise AttuneError("the file cannot be changed", where=self.shown, why=error.strerror) from error


def _rename(source: str, target: str) -> None:
    """Raises OSError, also when something has the name already."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, f"{target} is there already")
    os.rename(source, target)
