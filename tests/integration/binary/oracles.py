"""The same facts as two other readers find them. What one does not know is left out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import lief
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from elftools.elf.sections import NoteSection

from attune_cli.binary.model import Facts

Known = dict[str, object]

_MACHINES = {
    "EM_X86_64": "amd64",
    "EM_AARCH64": "arm64",
    "EM_386": "386",
    "EM_PPC": "ppc",
    "EM_ARM": "arm",
    "EM_RISCV": "riscv64",
}
_ABIS = {"ELFOSABI_SYSV": "SYSV", "ELFOSABI_LINUX": "GNU/Linux"}


def ours(facts: Facts) -> Known:
    """In the oracles' words."""
    return {
        "arch": [platform.arch for platform in facts.platforms],
        "bits": facts.bits,
        "little": facts.endian == "little",
        "abi": facts.abi,
        "interpreter": facts.interpreter,
        "soname": facts.soname,
        "needed": list(facts.needed),
        "rpath": list(facts.rpath),
        "runpath": list(facts.runpath),
        "versions": {
            library: sorted((*facts.symbol_versions.get(library, ()), *facts.weak_versions.get(library, ())))
            for library in facts.symbol_versions
        },
        "weak": {library: sorted(names) for library, names in facts.weak_versions.items()},
        "build_id": facts.build_id,
        "stripped": facts.stripped,
        "relro": facts.relro,
        "nx": facts.nx,
        "pie": facts.pie,
        "type": facts.type,
        "signed": facts.signed,
        "compilers": facts.compilers,
    }


# --- pyelftools ---


def pyelftools(path: Path) -> Known:
    """All that it knows of an ELF file."""
    with path.open("rb") as file:
        elf = ELFFile(file)
        interpreters: list[Any] = list(elf.iter_segments("PT_INTERP"))
        dynamic = next((each for each in elf.iter_segments() if isinstance(each, DynamicSegment)), None)
        tags: list[Any] = list(dynamic.iter_tags()) if dynamic else []
        return {
            "arch": [_MACHINES.get(elf["e_machine"], elf["e_machine"])],
            "bits": elf.elfclass,
            "little": elf.little_endian,
            "abi": _ABIS.get(elf["e_ident"]["EI_OSABI"], elf["e_ident"]["EI_OSABI"]),
            "interpreter": interpreters[0].get_interp_name() if interpreters else None,
            "soname": next((tag.soname for tag in tags if tag.entry.d_tag == "DT_SONAME"), None),
            "needed": [tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"],
            "rpath": _split(tag.rpath for tag in tags if tag.entry.d_tag == "DT_RPATH"),
            "runpath": _split(tag.runpath for tag in tags if tag.entry.d_tag == "DT_RUNPATH"),
            "relro": _relro(elf, {tag.entry.d_tag: tag.entry.d_val for tag in tags}),
            "nx": next((not each["p_flags"] & 1 for each in elf.iter_segments("PT_GNU_STACK")), None),
            **_sections(elf),
        }


def _split(paths: Iterable[str]) -> list[str]:
    return [folder for path in paths for folder in path.split(":")]


def _relro(elf: ELFFile, tags: dict[str, int]) -> str:
    if not any(elf.iter_segments("PT_GNU_RELRO")):
        return "none"
    now = "DT_BIND_NOW" in tags or tags.get("DT_FLAGS", 0) & 8 or tags.get("DT_FLAGS_1", 0) & 1
    return "full" if now else "partial"


def _sections(elf: ELFFile) -> Known:
    """Those which it finds by section headers."""
    versions: dict[str, list[str]] = {}
    weak: dict[str, list[str]] = {}
    build_ids = []
    for section in elf.iter_sections():
        if isinstance(section, GNUVerNeedSection):
            for library, names in section.iter_versions():
                rows = [(name.name, name["vna_flags"] & 2) for name in names]
                versions[str(library.name)] = sorted(name for name, _ in rows)
                if found := sorted(name for name, is_weak in rows if is_weak):
                    weak[str(library.name)] = found
        if isinstance(section, NoteSection) and section["sh_type"] == "SHT_NOTE":
            build_ids += [note["n_desc"] for note in section.iter_notes() if note["n_type"] == "NT_GNU_BUILD_ID"]
    comment = elf.get_section_by_name(".comment")
    texts = comment.data().split(b"\0") if comment and comment["sh_type"] != "SHT_NOBITS" else []
    return {
        "versions": versions,
        "weak": weak,
        "build_id": build_ids[0] if build_ids else None,
        "stripped": elf.get_section_by_name(".symtab") is None,
        "compilers": tuple(dict.fromkeys(text.decode("utf-8", "replace") for text in texts if text)),
    }


# --- lief ---

_LIEF_MACHINES = {
    "X86_64": "amd64",
    "AMD64": "amd64",
    "ARM64": "arm64",
    "AARCH64": "arm64",
    "I386": "386",
    "PPC": "ppc",
}


def lief_elf(path: Path) -> Known:
    """What it knows of an ELF file; its symbols and relocations are not read."""
    config = lief.ELF.ParserConfig()
    config.parse_relocations = config.parse_dyn_symbols = config.parse_symtab_symbols = config.parse_overlay = False
    binary = lief.ELF.parse(str(path), config)
    assert isinstance(binary, lief.ELF.Binary)
    entries: list[Any] = list(binary.dynamic_entries)
    tags = {entry.tag.name: entry for entry in entries}
    return {
        "arch": [_LIEF_MACHINES.get(binary.header.machine_type.name, binary.header.machine_type.name)],
        "bits": 64 if binary.header.identity_class == lief.ELF.Header.CLASS.ELF64 else 32,
        "little": binary.header.identity_data == lief.ELF.Header.ELF_DATA.LSB,
        "interpreter": binary.interpreter if binary.has_interpreter else None,
        "soname": tags["SONAME"].name if "SONAME" in tags else None,
        "needed": list(binary.libraries),
        "rpath": [folder for entry in entries if entry.tag.name == "RPATH" for folder in entry.paths],
        "runpath": [folder for entry in entries if entry.tag.name == "RUNPATH" for folder in entry.paths],
        "build_id": next(
            (bytes(note.description).hex() for note in binary.notes if note.type.name == "GNU_BUILD_ID"), None
        ),
        **_lief_versions(binary),
    }


def _lief_versions(binary: lief.ELF.Binary) -> Known:
    rows = {each.name: list(each.get_auxiliary_symbols()) for each in binary.symbols_version_requirement}
    return {"versions": {name: sorted(str(each.name) for each in row) for name, row in rows.items()}}


def lief_macho(path: Path) -> list[Known]:
    """What it knows of each part of a Mach-O file."""
    parsed = lief.MachO.parse(str(path))
    assert parsed is not None
    return [_macho(binary) for binary in parsed]


def _macho(binary: lief.MachO.Binary) -> Known:
    return {
        "arch": [_LIEF_MACHINES.get(binary.header.cpu_type.name, binary.header.cpu_type.name)],
        "bits": 64 if binary.header.is_64bit else 32,
        "interpreter": binary.dylinker.name if binary.dylinker else None,
        "needed": [str(library.name) for library in binary.libraries],
        "rpath": [str(rpath.path) for rpath in binary.rpaths],
        "build_id": bytes(binary.uuid.uuid).hex() if binary.uuid else None,
        "pie": binary.is_pie,
        "nx": binary.has_nx_stack,
        "signed": binary.has_code_signature,
    }


def lief_pe(path: Path) -> Known:
    """What it knows of a PE file."""
    binary = lief.PE.parse(str(path))
    assert isinstance(binary, lief.PE.Binary)
    return {
        "arch": [_LIEF_MACHINES.get(binary.header.machine.name, binary.header.machine.name)],
        "bits": 64 if binary.optional_header.magic == lief.PE.PE_TYPE.PE32_PLUS else 32,
        "needed": list(binary.libraries),
        "pie": binary.is_pie,
        "nx": binary.has_nx,
        "signed": binary.has_signatures,
        "stripped": binary.header.numberof_symbols == 0,
    }
