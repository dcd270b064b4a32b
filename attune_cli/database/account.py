"""Starting PostgreSQL's own programs, which refuse to run as root."""

from __future__ import annotations

import os
import pwd
import shutil

from attune_cli.errors import AttuneError

#: Accounts that own nothing of value; the first that is there is taken.
_ACCOUNTS = ("postgres", "nobody")


def unprivileged(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The command as another account runs it where this process is root's, else as it is.

    That account may read what root may (CAP_DAC_READ_SEARCH): the programs and the data lie in a home folder
    that is closed to others, and opening that would be worse. Raises AttuneError where it cannot be done.
    """
    if os.geteuid() != 0:
        return argv
    account = owner()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise AttuneError(
            "PostgreSQL does not run as root, and there is no setpriv to run it as another account",
            help="run attune as another user, or install util-linux",
        )
    rights = ("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search")
    return (setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", *rights, "--", *argv)


def hand_over(path: str | os.PathLike[str]) -> None:
    """Make a file or folder that of the account; nothing where this process is not root's."""
    if os.geteuid() == 0:
        account = owner()
        os.chown(path, account.pw_uid, account.pw_gid)


def owner() -> pwd.struct_passwd:
    """The account that PostgreSQL runs as where this process is root's."""
    for name in _ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AttuneError(
        "PostgreSQL does not run as root, and there is no account 'nobody'", help="run attune as another user"
    )
