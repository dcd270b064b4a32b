"""The capabilities that Linux keeps with a file.

https://man7.org/linux/man-pages/man7/capabilities.7.html ("File capability extended attribute versioning") ·
https://github.com/torvalds/linux/blob/master/include/uapi/linux/capability.h
"""

from __future__ import annotations

import os

_ATTRIBUTE = "security.capability"
_REVISIONS = {1: 1, 2: 2, 3: 2}
_EFFECTIVE = 1
_WORDS = """
chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service
net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin
sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override
mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore
"""
_NAMES = tuple(_WORDS.split())


def capabilities(descriptor: int) -> tuple[str, ...]:
    """As getcap shows each of them: `cap_net_raw+ep` (effective, inheritable, permitted)."""
    try:
        attribute = os.getxattr(descriptor, _ATTRIBUTE)
    except (OSError, AttributeError):  # none, a file system that knows none, or a system that has no such call
        return ()
    return parsed(attribute)


def parsed(attribute: bytes) -> tuple[str, ...]:
    """The attribute: revision and flags, then two words of 32 bits, permitted and inheritable, once or twice."""
    words = [int.from_bytes(attribute[place : place + 4], "little") for place in range(0, len(attribute), 4)]
    count = _REVISIONS.get(words[0] >> 24, 0) if words else 0
    permitted = sum(word << 32 * place for place, word in enumerate(words[1 : 1 + 2 * count : 2]))
    inheritable = sum(word << 32 * place for place, word in enumerate(words[2 : 1 + 2 * count : 2]))
    effective = "e" if count and words[0] & _EFFECTIVE else ""
    return tuple(
        f"cap_{name}+{effective}{'i' * (inheritable >> bit & 1)}{'p' * (permitted >> bit & 1)}"
        for bit, name in enumerate(_NAMES)
        if (permitted | inheritable) >> bit & 1
    )
