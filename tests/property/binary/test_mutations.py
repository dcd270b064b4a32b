"""Ten thousand damaged files of each format: always facts, never an exception, soon, and in little memory."""

from __future__ import annotations

import os
import random
import struct
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from attune_cli.binary import loader_cache, read
from attune_cli.binary.model import Facts, Kind
from attune_cli.binary.source import EVERYTHING, MOST, Source
from tests.binaries import Binaries

COUNT = 10_000
#: The front of a file, where its headers are, is hit this often.
FRONT = 0.7
FRONT_SIZE = 1024
EXTREMES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 40, (1 << 63) - 1, (1 << 64) - 1)
#: More than all that one file's headers may be worth.
MOST_MEMORY = 64 << 20

#: Where headers begin, in files that have more than one.
FRONTS = {"universal": (0, 1 << 14, 1 << 15)}

FORMATS = ("dynamic", "static_pie", "powerpc", "macos_arm64", "universal", "windows_amd64", "script")


class Changing:
    """One file, whose content is replaced again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
        self._size = 0

    def facts(self, data: bytes) -> Facts:
        """Of a file with that content, everything."""
        os.pwrite(self._descriptor, data, 0)
        # To shorten a file takes some file systems milliseconds.
        if len(data) < self._size:
            os.ftruncate(self._descriptor, len(data))
        self._size = len(data)
        return read.identify(self.path, everything=True)

    def close(self) -> None:
        os.close(self._descriptor)


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[Changing]:
    file = Changing(tmp_path / "file")
    yield file
    file.close()


def mutations(original: bytes, seed: str) -> Iterator[bytes]:
    """Bytes flipped, fields set to extremes, parts moved, ends cut off; most of them in the headers."""
    generator = random.Random(seed)
    for _ in range(COUNT):
        data = bytearray(original)
        for _ in range(generator.choice((1, 1, 2, 4, 16))):
            mutate(data, generator, generator.choice(FRONTS.get(seed, (0,))))
        yield bytes(data)


def mutate(data: bytearray, generator: random.Random, front: int) -> None:
    place = generator.randrange(max(len(data), 1))
    if generator.random() < FRONT:
        place = min(front + place % FRONT_SIZE, len(data))
    choice = generator.random()
    if choice < 0.35:
        data[place : place + 1] = generator.randbytes(1)
    elif choice < 0.85:
        size = generator.choice((1, 2, 4, 8))
        value = generator.choice((*EXTREMES, len(data), len(data) - 1)) % (1 << 8 * size)
        place -= place % size
        data[place : place + size] = value.to_bytes(size, generator.choice(("little", "big")))
    elif choice < 0.95:
        other = generator.randrange(max(len(data), 1))
        data[place : place + 16] = data[other : other + 16]
    else:
        del data[place:]


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_read_all_the_same(binaries: Binaries, changing: Changing, name: str) -> None:
    original = binaries[name].read_bytes()
    seen: set[tuple[object, ...]] = set()
    for number, data in enumerate(mutations(original, name)):
        facts = changing.facts(data)
        assert facts.size == len(data), number
        seen.add((facts.kind, facts.problem, facts.type, facts.platforms))
        repr(facts)
    # They were damaged in many ways, and not beyond recognition.
    assert len(seen) >= (5 if name == "script" else 30)
    assert any(kind == changing.facts(original).kind for kind, *_ in seen)


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_takes_little_memory(binaries: Binaries, changing: Changing, name: str) -> None:
    original = binaries[name].read_bytes()
    tracemalloc.start()
    try:
        for number, data in enumerate(mutations(original, name)):
            if number == COUNT // 50:
                break
            changing.facts(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY


def test_chains_that_lead_through_themselves_are_given_up(changing: Changing) -> None:
    """Every record of versions is the row of the one before, too: millions, would they all be read."""
    header = struct.pack("<4sBBB9x2HI3QI6H", b"\x7fELF", 2, 1, 1, 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 64, 0, 0)
    size = 1 << 20
    load = struct.pack("<2I6Q", 1, 6, 0, 0, 0, size, size, 4096)
    dynamic = struct.pack("<2I6Q", 2, 6, 512, 512, 512, 160, 160, 8)
    needed = struct.pack("<4Q", 1, 1, 1, 1)
    entries = needed + struct.pack("<10Q", 5, 2048, 10, 64, 0x6FFFFFFE, 4096, 0x6FFFFFFF, 1 << 63, 0, 0)
    data = (header + load + dynamic).ljust(512, b"\0") + entries
    data = data.ljust(2048, b"\0") + b"\0" + b"a" * 30
    data = data.ljust(4096, b"\0") + struct.pack("<2H3I", 1, 1000, 1, 16, 16) * 4000
    facts = changing.facts(data.ljust(size, b"\0"))
    assert facts.needed == ("a" * 30,) * 2
    assert 0 < sum(map(len, facts.symbol_versions.values())) < 10_000


def test_one_read_takes_a_bounded_part_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, 1 << 40)
    descriptor = os.open(path, os.O_RDONLY)
    source = Source(descriptor, path, 1 << 40, 0o755)
    assert len(source.read(0, 1 << 40)) == MOST
    assert source.read(1 << 40, 1) == source.read(-1, 1) == source.read(1 << 70, 1) == source.read(0, -1) == b""
    assert len(source.read((1 << 40) - 5, 100)) == 5
    os.close(descriptor)


def test_a_large_file_costs_no_more_than_a_small_one(binaries: Binaries, tmp_path: Path) -> None:
    """Not a byte beyond the headers is read, were there terabytes of them."""
    large = tmp_path / "large"
    large.write_bytes(binaries.dynamic.read_bytes())
    os.truncate(large, 1 << 40)
    facts, small = (read.identify(path, everything=True) for path in (large, binaries.dynamic))
    assert facts.size == 1 << 40
    assert (facts.needed, facts.build_id, facts.stripped) == (small.needed, small.build_id, small.stripped)


def test_a_damaged_cache_of_the_loader_finds_something_or_nothing() -> None:
    """Of its own making, as this machine may have none."""
    names = b"libc.so.6\0/lib/libc.so.6\0libm.so.6\0/lib/libm.so.6\0"
    start = 48 + 2 * 24
    entries = [struct.pack("<i3IQ", 0x303, start + key, start + key + 10, 0, 0) for key in (0, 25)]
    original = struct.pack("<20s2IB3xI12x", b"glibc-ld.so.cache1.1", 2, len(names), 2, 0) + b"".join(entries) + names
    assert loader_cache.LoaderCache(original).paths("libm.so.6") == ["/lib/libm.so.6"]
    for data in mutations(original, "cache"):
        for path in loader_cache.LoaderCache(data).paths("libm.so.6"):
            assert isinstance(path, str)


def test_a_file_that_shrinks_while_it_is_read(binaries: Binaries, tmp_path: Path) -> None:
    """What its size was before is not believed."""
    from attune_cli.binary import elf

    path = tmp_path / "file"
    path.write_bytes(binaries.dynamic.read_bytes())
    descriptor = os.open(path, os.O_RDWR)
    source = Source(descriptor, path, path.stat().st_size, 0o755)
    os.ftruncate(descriptor, 5000)
    facts = elf.read(source, EVERYTHING)
    os.close(descriptor)
    assert facts.kind == Kind.ELF
