"""What is known of the triggers of the platform's core pack. No rule itself."""

from __future__ import annotations

from functools import cache
from typing import Final

from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.pack.rules.nearest import Nearest

PACK: Final = "core"

_TEXT: Final[dict[str, object]] = {"type": "string"}
_UNITS: Final[dict[str, object]] = {"type": "string", "enum": ["seconds", "minutes", "hours", "days"]}
_TIMERS: Final[dict[str, dict[str, object]]] = {
    "core.intervaltimer": {"unit": _UNITS, "interval": {"type": "integer"}},
    "core.crontimer": {"expression": _TEXT | {"required": True}, "timezone": _TEXT, "description": _TEXT},
    "core.datetimetimer": {"fire_at": _TEXT | {"required": True}, "timezone": _TEXT, "description": _TEXT},
}
_OTHERS: Final = ("core.alert", "core.queue_empty", "core.queue_started", "core.rruletimer")


@cache
def parameters(ref: str) -> ParameterSchema | None:
    """What a rule may configure of one of the timers; None for anything else."""
    timer = _TIMERS.get(ref)
    return ParameterSchema.from_data(timer) if timer is not None else None


def nearly(ref: str) -> str | None:
    """The trigger of the core pack that this ref misses by little; None when it is one, or far from all."""
    if not ref.startswith(f"{PACK}.") or ref in _TIMERS or ref in _OTHERS:
        return None
    return Nearest(lambda: (*_TIMERS, *_OTHERS), 0.9)(ref.replace("_", ""))
