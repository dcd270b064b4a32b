"""The layout of ELF files: structures and numbers.

https://gabi.xinuos.com (the generic ABI), https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/book1.html
(symbol versions, notes), https://github.com/torvalds/linux/blob/master/include/uapi/linux/elf.h
"""

from __future__ import annotations

from functools import cache
from struct import Struct

# e_type
OBJECT, EXECUTABLE, SHARED, CORE = 1, 2, 3, 4
# p_type and p_flags
LOAD, DYNAMIC, INTERP, NOTE, STACK, RELRO = 1, 2, 3, 4, 0x6474E551, 0x6474E552
RUNNABLE, WRITABLE = 1, 2
# sh_type
SYMTAB, NOTES, NOBITS = 2, 7, 8
# d_tag
NEEDED, STRTAB, STRSZ, SONAME, RPATH, BIND_NOW, RUNPATH, FLAGS = 1, 5, 10, 14, 15, 24, 29, 30
FLAGS_1, VERDEF, VERDEFNUM, VERNEED, VERNEEDNUM = 0x6FFFFFFB, 0x6FFFFFFC, 0x6FFFFFFD, 0x6FFFFFFE, 0x6FFFFFFF
# of FLAGS and of FLAGS_1
BIND_NOW_FLAG, NOW_1, PIE_1 = 8, 1, 0x08000000
# EI_OSABI
GNU_LINUX = 3
# vna_flags
WEAK = 2


class Layout:
    """The structures in one class and byte order.

    header:  type machine version entry phoff shoff flags ehsize phentsize phnum shentsize shnum shstrndx
    segment: type flags offset vaddr paddr filesz memsz align, but in 32 bits the flags stand before `align`
    section: name type flags addr offset size link info addralign entsize
    entry (of the dynamic section): tag value
    """

    def __init__(self, bits: int, order: str) -> None:
        word = "Q" if bits == 64 else "I"
        self.bits = bits
        self.endian = "little" if order == "<" else "big"
        self.header = Struct(f"{order}16x2HI3{word}I6H")
        self.segment = Struct(f"{order}2I6Q" if bits == 64 else f"{order}8I")
        self.section = Struct(f"{order}2I4{word}2I2{word}")
        self.entry = Struct(f"{order}2{word}")
        #: version, count, file, aux, next · hash, flags, other, name, next
        self.verneed = Struct(f"{order}2H3I")
        self.vernaux = Struct(f"{order}I2H2I")
        #: flags, count, hash, aux, next · name, next
        self.verdef = Struct(f"{order}2xH2xH3I")
        self.verdaux = Struct(f"{order}2I")
        #: size of the name, size of the description, type
        self.note = Struct(f"{order}3I")
        self.word = Struct(f"{order}I")


@cache
def layout(bits: int, order: str) -> Layout:
    """order: `<` or `>`."""
    return Layout(bits, order)


#: Machines of which Linux goes by the number alone, whatever e_ident says: their header, little-endian.
FIRM = {3: 32, 62: 64, 183: 64}

#: e_machine -> (bits, endian) -> architecture as Go calls it.
ARCHITECTURES: dict[int, dict[tuple[int, str], str]] = {
    2: {(32, "big"): "sparc"},
    3: {(32, "little"): "386"},
    8: {(32, "big"): "mips", (32, "little"): "mipsle", (64, "big"): "mips64", (64, "little"): "mips64le"},
    20: {(32, "big"): "ppc"},
    21: {(64, "big"): "ppc64", (64, "little"): "ppc64le"},
    22: {(32, "big"): "s390", (64, "big"): "s390x"},
    40: {(32, "little"): "arm", (32, "big"): "armbe"},
    43: {(64, "big"): "sparc64"},
    62: {(64, "little"): "amd64", (32, "little"): "amd64p32"},
    183: {(64, "little"): "arm64", (64, "big"): "arm64be"},
    243: {(32, "little"): "riscv", (64, "little"): "riscv64"},
    258: {(32, "little"): "loong32", (64, "little"): "loong64"},
}

ABIS = {
    0: "SYSV",
    1: "HP-UX",
    2: "NetBSD",
    3: "GNU/Linux",
    6: "Solaris",
    7: "AIX",
    8: "IRIX",
    9: "FreeBSD",
    10: "TRU64",
    12: "OpenBSD",
    13: "OpenVMS",
    64: "ARM AEABI",
    97: "ARM",
    255: "standalone",
}

#: The systems that the OS/ABI byte tells from Linux.
SYSTEMS = {2: "netbsd", 6: "solaris", 7: "aix", 9: "freebsd", 12: "openbsd"}
