"""How much of a stream is kept."""

from __future__ import annotations

from typing import Final

DEFAULT_BOUND: Final = 10 * 1024 * 1024
"""What the platform's worker keeps of a stream when nothing else is said, in bytes (10 MiB)."""
