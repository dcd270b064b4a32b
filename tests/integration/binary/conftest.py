"""Executables to read."""

from __future__ import annotations

from tests.binaries import binaries

__all__ = ["binaries"]
