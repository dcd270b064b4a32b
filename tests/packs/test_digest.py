"""core.digest, compiled with the compiler there is and held against hashlib."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compilers import Compiler, zig_compiler
from tests.packs.core import PACK, start

SOURCES = PACK / "native" / "digest"

#: Around the places where SHA-256's padding goes on to another block, the head for the MIME guess, one read.
SIZES = [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20, 3_000_001]

Result = subprocess.CompletedProcess[bytes]
Digest = Callable[..., Result]


@pytest.fixture(scope="module")
def program(compile_c: Compiler) -> Path:
    """The entry point."""
    return compile_c(SOURCES, "digest", "-std=c11")


@pytest.fixture
def digest(program: Path) -> Digest:
    """Runs the action with parameters as the first generation delivers them, or with `stdin` as the second does."""

    def run(stdin: bytes = b"", env: dict[str, str | bytes] | None = None, **parameters: Any) -> Result:
        variables: dict[str, str | bytes] = {
            f"ATTUNE_ACTION_{name.upper()}": delivered(v) for name, v in parameters.items()
        }
        return start([program], stdin, env={**variables, **(env or {})})

    return run


def delivered(value: object) -> str | bytes:
    """Text (and a path's bytes) as it is, the rest as compact JSON."""
    if isinstance(value, str | bytes):
        return value
    return str(value) if isinstance(value, Path) else json.dumps(value, separators=(",", ":"))


def digests(result: Result) -> list[dict[str, Any]]:
    """The entries of an answer in which all went well."""
    assert (result.returncode, result.stderr) == (0, b"")
    found: list[dict[str, Any]] = json.loads(result.stdout)["digests"]
    return found


def file_entry(path: Path, mime: str) -> dict[str, Any]:
    """What the action should say of a file."""
    content = path.read_bytes()
    return {
        "source": "file",
        "path": str(path),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "mime": mime,
    }


@pytest.mark.parametrize("size", SIZES)
def test_digest_and_size_of_files(digest: Digest, tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes((b"\0\1\2\3\4\5\6" * (size // 7 + 1))[:size])
    mime = "application/octet-stream" if size else "application/x-empty"
    assert digests(digest(path=path)) == [file_entry(path, mime)]


@settings(max_examples=40)
@given(content=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=300))
def test_digest_of_texts(program: Path, content: str) -> None:
    (entry,) = digests(start([program], env={"ATTUNE_ACTION_TEXT": content}))
    expected = hashlib.sha256(content.encode()).hexdigest()
    assert (entry["source"], entry["path"], entry["sha256"]) == ("text", None, expected)
    assert entry["size"] == len(content.encode())


def test_text_then_path_then_paths(digest: Digest, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a", "b", "c")]
    for file in files:
        file.write_text(file.name)
    entries = digests(digest(text="t", path=files[2], paths=[str(file) for file in files[:2]]))
    assert [entry["path"] for entry in entries] == [None, str(files[2]), str(files[0]), str(files[1])]


def test_relative_paths_are_seen_from_the_working_directory(digest: Digest) -> None:
    (entry,) = digests(digest(paths=["pack.yaml"]))
    assert entry["sha256"] == hashlib.sha256((PACK / "pack.yaml").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "name", ["with space", 'quo"te', "back\\slash", "new\nline", "naïve 😀", "\x01\x7f", "[x]", "-n", "%s", "'"]
)
def test_odd_file_names(digest: Digest, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("x")
    expected = [file_entry(path, "text/plain")]
    assert digests(digest(path=path)) == expected
    assert digests(digest(paths=[str(path)])) == expected


def test_a_file_name_that_is_no_text_is_opened_and_shown_as_far_as_it_goes(digest: Digest, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xc3("
    with open(path, "wb") as file:
        file.write(b"x")
    (entry,) = digests(digest(path=path))
    assert entry["path"] == f"{tmp_path}/\ufffd\ufffd("


# ── What cannot be read ──


def test_what_cannot_be_read_is_told_and_the_rest_is_reported(digest: Digest, tmp_path: Path) -> None:
    good, fifo, missing = tmp_path / "good", tmp_path / "fifo", tmp_path / "missing"
    good.write_text("x")
    os.mkfifo(fifo)
    result = digest(paths=[str(path) for path in (missing, tmp_path, fifo, "/dev/zero", good)] + ["a\0b"])
    assert result.returncode == 1
    assert json.loads(result.stdout)["digests"] == [file_entry(good, "text/plain")]
    assert result.stderr.decode().splitlines() == [
        f"digest: {missing}: No such file or directory",
        f"digest: {tmp_path}: Is a directory",
        f"digest: {fifo}: not a file",
        "digest: /dev/zero: not a file",
        "digest: a: not a file",
    ]


def test_an_answer_that_cannot_be_written_is_a_failure(program: Path) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [program], env={"ATTUNE_ACTION_TEXT": "x"}, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (result.returncode, result.stderr) == (1, b"digest: stdout: No space left on device\n")


def test_nothing_to_digest(digest: Digest) -> None:
    result = digest()
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr == b"digest: nothing to digest: give text, path or paths\n"


def test_memory_does_not_grow_with_the_file(program: Path, tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(64 << 20)
    limited: list[str | Path] = ["sh", "-c", 'ulimit -v 32768 && exec "$0"', program]  # in KiB; the file is twice that
    (entry,) = digests(start(limited, env={"ATTUNE_ACTION_PATH": str(path)}))
    assert entry["size"] == 64 << 20


# ── Parameters ──

ARRAYS = [
    "",
    "[",
    "[]]",
    "[1]",
    '["a"',
    '["a",]',
    '["a" "b"]',
    '{"a": 1}',
    '["a"] x',
    '["\\x"]',
    '["\\ud800"]',
    '["\\ud83d\\u0041"]',
    '["\\udc00"]',
    '["\n"]',
]


@pytest.mark.parametrize("paths", ARRAYS)
def test_paths_that_are_no_array_of_strings(digest: Digest, paths: str) -> None:
    result = digest(paths=paths)
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr == b"digest: ATTUNE_ACTION_PATHS: no JSON array of strings\n"


def test_no_paths_beside_a_text(digest: Digest) -> None:
    assert [len(digests(digest(text="x", paths=paths))) for paths in ("[]", " [ ] ", "null")] == [1, 1, 1]


DOCUMENTS: list[tuple[str, list[str | None]]] = [
    ('{"text": "abc"}', [None]),
    ('{"path": "pack.yaml", "text": null, "paths": null}', ["pack.yaml"]),
    ('{"paths": ["pack.yaml", "pack\\u002eyaml"], "text": ""}', [None, "pack.yaml", "pack.yaml"]),
    ('{"other": {"a": [1, -2.5e3, true, false, null, "\\"]}"], "b": {}}, "text": "x", "more": []}', [None]),
]


@pytest.mark.parametrize(("document", "paths"), DOCUMENTS)
@pytest.mark.parametrize("delivery", ["stdin", "file"])
def test_the_second_generation_delivers_a_document(
    digest: Digest, tmp_path: Path, document: str, paths: list[str | None], delivery: str
) -> None:
    file = tmp_path / "parameters"
    file.write_text(document)
    env = {"ATTUNE_PARAMETER_DELIVERY": delivery, "ATTUNE_PARAMETER_FILE": str(file), "ATTUNE_ACTION_TEXT": "ignored"}
    entries = digests(digest(stdin=document.encode() if delivery == "stdin" else b"", env=env))
    assert [entry["path"] for entry in entries] == paths


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{", '{"text": 1}', '{"text": "a"', '{"text": "a"} x', '{"a": tru}', '{"a" 1}', '{"paths": "x"}'],
)
def test_a_document_that_makes_no_sense(digest: Digest, document: str) -> None:
    result = digest(stdin=document.encode(), env={"ATTUNE_PARAMETER_DELIVERY": "stdin"})
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.startswith(b"digest: stdin: no JSON object")


def test_nesting_has_a_limit(digest: Digest) -> None:
    def answer(depth: int) -> int:
        document = '{"text": "x", "deep": ' + "[" * depth + "]" * depth + "}"
        return digest(stdin=document.encode(), env={"ATTUNE_PARAMETER_DELIVERY": "stdin"}).returncode

    assert [answer(depth) for depth in (10, 60, 100_000)] == [0, 0, 2]


@settings(max_examples=60)
@given(text=st.text(max_size=40), ascii_only=st.booleans())
def test_strings_are_read_as_json_defines_them(program: Path, text: str, ascii_only: bool) -> None:
    document = json.dumps({"text": text.encode("utf-8", "ignore").decode()}, ensure_ascii=ascii_only)
    (entry,) = digests(start([program], document, env={"ATTUNE_PARAMETER_DELIVERY": "stdin"}))
    assert entry["sha256"] == hashlib.sha256(text.encode("utf-8", "ignore")).hexdigest()


# ── The guess ──

KINDS: list[tuple[bytes, str]] = [
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    (b"GIF89a\1\0\1\0", "image/gif"),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    (b"%PDF-1.7\nall text", "application/pdf"),
    (b"PK\3\4\x14\0", "application/zip"),
    (b"\x1f\x8b\x08\0\0\0\0\0", "application/gzip"),
    (b"BZh91AY&SY\0", "application/x-bzip2"),
    (b"\xfd7zXZ\0\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd\x04\0", "application/zstd"),
    (b"name".ljust(257, b"\0") + b"ustar\x0000", "application/x-tar"),
    (b"\x7fELF\2\1\1\0", "application/x-elf"),
    (b"MZ\x90\0\3\0", "application/vnd.microsoft.portable-executable"),
    (b"\0asm\1\0\0\0", "application/wasm"),
    (b"SQLite format 3\0\x10\0", "application/vnd.sqlite3"),
    (b"\0\0\0\x18ftypmp42", "video/mp4"),
    (b"plain", "text/plain"),
    (b"caf\xc3\xa9\r\n\ttab \x1b[1mbold\x1b[0m", "text/plain"),
    (b"MZ is no program, BZh no archive", "text/plain"),
    (b"latin1 caf\xe9", "application/octet-stream"),
    (b"NUL \0 within", "application/octet-stream"),
    (b"surrogate \xed\xa0\x80", "application/octet-stream"),
    (b"overlong \xc0\xaf", "application/octet-stream"),
    (b"cut off at the end \xc3", "application/octet-stream"),
    (b' {\n "a": 1}', "application/json"),
    (b"[1, 2]", "application/json"),
    (b"[null]", "application/json"),
    (b"\xef\xbb\xbf{}", "application/json"),
    (b"[section]\nkey=value", "text/plain"),
    (b"{ int x; }", "text/plain"),
    (b"{", "text/plain"),
    (b"#!/bin/sh\n", "text/x-shellscript"),
    (b"#!/usr/bin/env bash", "text/x-shellscript"),
    (b"#!/usr/bin/env python3\n", "text/x-python"),
    (b"#!/usr/bin/env node\n", "text/javascript"),
    (b"#!/usr/bin/awk -f\n# sh", "text/plain"),
    (b"<!DOCTYPE html><p>", "text/html"),
    (b"\n<HTML>", "text/html"),
    (b"<?xml version='1.0'?>", "text/xml"),
    (b"<svg xmlns='x'/>", "image/svg+xml"),
    (b"a" * 4095 + "é".encode() + b"more", "text/plain"),
    (b"a" * 4095 + b"\xe9" + b"more" * 9, "text/plain"),
    (b"a" * 4000 + b"\xe9" + b"more" * 99, "application/octet-stream"),
    (b"a" * 5000 + b"\0", "text/plain"),
]


@pytest.mark.parametrize(("content", "mime"), KINDS, ids=lambda value: repr(value)[:40])
def test_the_mime_guess(digest: Digest, tmp_path: Path, content: bytes, mime: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert digests(digest(path=path)) == [file_entry(path, mime)]


# ── The program itself ──

#: Answers and refusals that go through every branch.
INPUTS: list[tuple[bytes, dict[str, str | bytes]]] = [
    (
        b"",
        {
            "ATTUNE_ACTION_TEXT": "x",
            "ATTUNE_ACTION_PATH": "/nope",
            "ATTUNE_ACTION_PATHS": '["pack.yaml", "/", "\\u00e9"]',
        },
    ),
    (b"", {"ATTUNE_ACTION_PATHS": '["a", "b'}),
    (b"", {"ATTUNE_ACTION_PATHS": '["a\\'}),
    (b"", {"ATTUNE_ACTION_PATHS": '["\\ud83d\\ude0'}),
    (
        b'{"text": "a\\u0000b", "path": "pack.yaml", "paths": [""], "x": [{"y": []}]}',
        {"ATTUNE_PARAMETER_DELIVERY": "stdin"},
    ),
    (b'{"text": "a", "path": "b", "paths": ["c", 1]}', {"ATTUNE_PARAMETER_DELIVERY": "stdin"}),
    (b'{"a": [[[[', {"ATTUNE_PARAMETER_DELIVERY": "stdin"}),
    (b'{"a": "' + b"x" * 9999, {"ATTUNE_PARAMETER_DELIVERY": "stdin"}),
    (b"", {"ATTUNE_PARAMETER_DELIVERY": "file"}),
    (b"", {}),
]


def test_nothing_is_left_undefined(compile_c: Compiler) -> None:
    """What C leaves undefined (overflows, shifts, misaligned or null pointers) stops this build with a signal."""
    traps = compile_c(SOURCES, "digest", "-std=c11", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error")
    results = [start([traps], stdin, env=env) for stdin, env in INPUTS]
    assert [result.returncode for result in results] == [1, 2, 2, 2, 1, 2, 2, 2, 2, 2]


@pytest.mark.timeout(300)  # the first time, Zig compiles its own libraries
def test_zigs_compiler_builds_it_too(compile_c: Compiler) -> None:
    program = compile_c(SOURCES, "digest", "-std=c11", command=zig_compiler())
    (entry,) = digests(start([program], env={"ATTUNE_ACTION_TEXT": "abc"}))
    assert entry["sha256"] == hashlib.sha256(b"abc").hexdigest()
