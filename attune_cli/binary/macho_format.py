"""The layout of Mach-O files: structures and numbers.

https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h, and `fat.h` beside it
"""

from __future__ import annotations

from typing import Literal

#: The first four bytes -> bits, byte order.
MAGICS: dict[bytes, tuple[int, Literal["little", "big"]]] = {
    b"\xce\xfa\xed\xfe": (32, "little"),
    b"\xcf\xfa\xed\xfe": (64, "little"),
    b"\xfe\xed\xfa\xce": (32, "big"),
    b"\xfe\xed\xfa\xcf": (64, "big"),
}
#: Of a universal file, whose first four bytes are: CPU, offset and size of a part. Always big-endian.
PARTS = {b"\xca\xfe\xba\xbe": ">I4xII4x", b"\xca\xfe\xba\xbf": ">I4xQQ8x"}

#: The size of the header: magic, CPU, its subtype, type, number and size of the load commands, flags.
HEADER = {32: 28, 64: 32}
#: Of a segment: address and size in memory, offset and size in the file, number of sections.
SEGMENTS = {32: "24x4I8xI4x", 64: "24x4Q8xI4x"}
#: Of a section: name, address, size, offset.
SECTIONS = {32: "16s16x3I24x", 64: "16s16x2QI28x"}

# filetype
EXECUTE = 2
TYPES = {1: "object", 2: "executable", 4: "core", 6: "shared object", 8: "shared object"}
# flags
STACK_IS_RUNNABLE, IS_PIE = 0x20000, 0x200000

# load commands
SEGMENT, ID_DYLIB, DYLINKER, SEGMENT_64, UUID, SIGNATURE, BUILD_VERSION = 0x1, 0xD, 0xE, 0x19, 0x1B, 0x1D, 0x32
RPATH = 0x8000001C
#: Libraries: plain, weak, re-exported, lazy, upward.
DYLIBS = frozenset({0xC, 0x80000018, 0x8000001F, 0x20, 0x80000023})

#: Systems, by the platform in BUILD_VERSION and by the older commands of one system each.
SYSTEMS = {1: "darwin", 2: "ios", 3: "tvos", 4: "watchos", 6: "maccatalyst", 7: "iossimulator", 11: "visionos"}
MINIMUMS = {0x24: "darwin", 0x25: "ios", 0x2F: "tvos", 0x30: "watchos"}

#: cputype -> architecture as Go calls it.
ARCHITECTURES = {
    7: "386",
    0x01000007: "amd64",
    12: "arm",
    0x0100000C: "arm64",
    0x0200000C: "arm64_32",
    18: "ppc",
    0x01000012: "ppc64",
}
