"""Parameters that are delivered as environment variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.keywords import DELIVERIES
from attune_cli.pack.rules.declared import Declared, declared
from attune_cli.pack.rules.texts import short
from attune_cli.yaml12 import Scalar

SECRET: Final = Rule(
    code="ATN063",
    name="secret-by-env-delivery",
    severity=Severity.WARNING,
    title="a secret in an action whose parameters are environment variables",
    why=(
        "An action that declares no `parameter_delivery`, or `env`, finds its parameters in its environment. A secret "
        "is not among them: the environment of a process can be read by others of the same user. It comes as a member "
        "of one JSON object on standard input, which the entry point has to read besides. With `parameter_delivery: "
        "stdin` all parameters come together."
    ),
    good="# actions/login.yaml\nref: demo.login\nparameter_delivery: stdin\nparameter_format: json\n"
    "parameters:\n  password: {type: string, secret: true}\n",
    bad="# actions/login.yaml\nref: demo.login\nparameters:\n  password: {type: string, secret: true}\n",
)
NAME: Final = Rule(
    code="ATN064",
    name="env-name",
    severity=Severity.WARNING,
    title="a parameter whose name makes no good environment variable",
    why=(
        "Delivered by environment, a parameter is the variable `ATTUNE_ACTION_` and its name in upper case. Shells "
        "read only variables whose names consist of letters without accents, digits and `_`; a name with `=` cannot "
        "be passed at all."
    ),
    good="# actions/copy.yaml\nref: demo.copy\nparameters:\n  dry_run: {type: boolean}\n",
    bad="# actions/copy.yaml\nref: demo.copy\nparameters:\n  dry-run: {type: boolean}\n",
)
COLLISION: Final = Rule(
    code="ATN065",
    name="env-name-collision",
    severity=Severity.ERROR,
    title="two parameters that are the same environment variable",
    why=(
        "Delivered by environment, names are in upper case: `path` and `Path` are both `ATTUNE_ACTION_PATH`. One of "
        "the two values is lost."
    ),
    good="# actions/copy.yaml\nref: demo.copy\nparameters:\n  source: {type: string}\n  target: {type: string}\n",
    bad="# actions/copy.yaml\nref: demo.copy\nparameters:\n  path: {type: string}\n  Path: {type: string}\n",
)
RULES: Final = (SECRET, NAME, COLLISION)
KINDS: Final = ("action",)

_ENV: Final = DELIVERIES[0]
_ELSEWHERE: Final = "or add `parameter_delivery: stdin`"


def by_environment(component: Component) -> bool:
    """Whether the parameters of this action are variables: it says so, or says nothing."""
    return component.get("workflow_file") is None and component.string("parameter_delivery") in {None, _ENV}


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """All parameters of an action with such a delivery."""
    if not by_environment(component):
        return
    seen: dict[str, str] = {}
    for parameter in declared(component):
        name, shown = parameter.name, short(parameter.name)
        if _is_secret(parameter):
            message = f"the secret `{shown}` is not in the environment: it comes in a JSON object on standard input"
            yield component.finding(SECRET, parameter.key, message, "read it there, " + _ELSEWHERE)
            continue
        if not name.isascii() or not name.replace("_", "0").isalnum():
            message = f"`{shown}` makes the variable `ATTUNE_ACTION_{shown.upper()}`, which no shell can read"
            yield component.finding(NAME, parameter.key, message, "use letters, digits and `_`, " + _ELSEWHERE)
        first = seen.setdefault(name.upper(), name)
        if first != name:
            message = f"`{shown}` and `{short(first)}` are both the variable `ATTUNE_ACTION_{shown.upper()}`"
            yield component.finding(COLLISION, parameter.key, message, "rename one of them, " + _ELSEWHERE)


def _is_secret(parameter: Declared) -> bool:
    secret = parameter.spec.by_name.get("secret")
    return isinstance(secret, Scalar) and secret.value is True
