"""Parameters that sound like secrets are declared as secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.declared import Declared, declared
from attune_cli.pack.rules.texts import short
from attune_cli.yaml12 import Mapping, Scalar, Sequence

RULE: Final = Rule(
    code="ATN062",
    name="secret-not-marked",
    severity=Severity.WARNING,
    title="a parameter that sounds like a secret and is not marked as one",
    why=(
        "Only parameters with `secret: true` are kept apart: masked in output and logs, hidden in forms. A password "
        "that is not marked can be read by everybody who may look at an execution. If the name is misleading, write "
        "`secret: false`: then it is said."
    ),
    good="# actions/login.yaml\nref: demo.login\nparameters:\n  password: {type: string, secret: true}\n",
    bad="# actions/login.yaml\nref: demo.login\nparameters:\n  password: {type: string}\n",
)
KINDS: Final = ("action", "sensor", "trigger", "workflow", "pack")

_HINT: Final = re.compile("pass|pwd|secret|token|key")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATOR: Final = re.compile(r"[-_. ]+")
_LAST: Final = frozenset(
    (
        *("password", "passwd", "passphrase", "pwd", "secret"),
        *("accesstoken", "apikey", "authtoken", "privatekey", "secretkey"),
    )
)
_LAST_TWO: Final = frozenset(
    (kind, "key") for kind in ("api", "auth", "encryption", "master", "private", "secret", "signing")
)
#: `page_token`, `client_request_token`: marks of a place or of a request, not of a person.
_NO_CREDENTIALS: Final = frozenset(
    (
        *("cancel", "cancellation", "change", "client", "continuation", "csrf", "cursor", "fencing", "idempotency"),
        *("lock", "marker", "max", "next", "page", "pagination", "request", "resume", "start", "starting"),
        *("stop", "sync"),
    )
)
_TEXT: Final = frozenset(("string", "any"))


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """Names of parameters; of a pack, those of its configuration."""
    under = "conf_schema" if component.kind == "pack" else "parameters"
    for parameter in declared(component, under):
        if "secret" not in parameter.spec.by_name and sounds_secret(parameter.name) and _may_hold_one(parameter):
            message = f"`{short(parameter.name)}` sounds like a secret and is not marked as one"
            cure = "add `secret: true`, or `secret: false` if it is none"
            yield component.finding(RULE, parameter.key, message, cure)


@lru_cache(maxsize=4096)
def sounds_secret(name: str) -> bool:
    """Whether a parameter of that name usually holds a credential itself, not the name or place of one."""
    if not _HINT.search(name.lower()):
        return False
    words = [word for word in _SEPARATOR.split(_HUMP.sub("_", name).lower()) if word]
    if words[-1:] == ["token"]:
        return words[-2:-1] == [] or words[-2] not in _NO_CREDENTIALS
    return bool(words) and (words[-1] in _LAST or tuple(words[-2:]) in _LAST_TWO)


def _may_hold_one(parameter: Declared) -> bool:
    """Text, and neither one of a few choices nor the ref of a key that holds the secret."""
    spec: Mapping = parameter.spec
    reference = spec.by_name.get("key_ref")
    if "enum" in spec.by_name or "const" in spec.by_name or (isinstance(reference, Scalar) and reference.value is True):
        return False
    kind = spec.by_name.get("type")
    if isinstance(kind, Sequence):
        return any(isinstance(item, Scalar) and item.value == "string" for item in kind.items)
    return not isinstance(kind, Scalar) or kind.value in _TEXT
