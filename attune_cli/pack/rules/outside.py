"""What rules look at outside of a pack. No rule itself.

Apart from the list of all rules: a pack that has not changed is told from this alone, and none of the others is
imported for it.
"""

from __future__ import annotations

from attune_cli.pack.rules import native

MODULES = (native,)
"""Those that have a function `outside`."""


def seen() -> str:
    """Changes when what any of them sees there does."""
    return "\n".join(module.outside() for module in MODULES)
