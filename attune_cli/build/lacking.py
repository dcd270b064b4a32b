"""What a build needs and this machine has not."""

from __future__ import annotations

from attune_cli.errors import AttuneError


class Lacking(AttuneError):  # noqa: N818 - it is told as what it is, beside others of its kind
    """A toolchain, or a target of one, is not here. All that a build lacks is told at once, before it begins."""
