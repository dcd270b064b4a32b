"""Keys that are written for nothing: the platform does not read them, or not beside the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.keywords import OUTPUT_KEYS
from attune_cli.pack.rules.env_delivery import by_environment
from attune_cli.yaml12 import Mapping

OUTPUT_SCHEMA: Final = Rule(
    code="ATN067",
    name="output-schema-ignored",
    severity=Severity.WARNING,
    title="an output schema under a key that the platform does not read",
    why=(
        "The shape of an action's result stands under `output`. `output_schema` and `result_schema` are keys of the "
        "first generation: the platform of today loads the action without them and says nothing, so that nobody who "
        "uses the action sees what it returns."
    ),
    good="# actions/add.yaml\nref: demo.add\nparameter_delivery: stdin\noutput:\n  sum: {type: integer}\n",
    bad="# actions/add.yaml\nref: demo.add\nparameter_delivery: stdin\noutput_schema:\n  sum: {type: integer}\n",
)
NOT_READ: Final = Rule(
    code="ATN068",
    name="key-not-read",
    severity=Severity.WARNING,
    title="a `timeout` that the platform does not read",
    why=(
        "An action cannot limit its own time: the platform does not read `timeout` in an action's file, and no "
        "execution ends because of it. A limit that matters is kept by the entry point; in many packs it is a "
        "parameter of the action, `timeout_seconds`."
    ),
    good="# actions/fetch.yaml\nref: demo.fetch\nparameters:\n  timeout_seconds: {type: integer, default: 60}\n",
    bad="# actions/fetch.yaml\nref: demo.fetch\ntimeout: 60\n",
)
FORMAT: Final = Rule(
    code="ATN069",
    name="parameter-format-unused",
    severity=Severity.WARNING,
    title="a `parameter_format` without a document to format",
    why=(
        "Parameters are one document, and have a format, when they are delivered by `stdin` or `file`. An action that "
        "declares no `parameter_delivery`, or `env`, gets them as environment variables, each by itself."
    ),
    good="# actions/add.yaml\nref: demo.add\nparameter_delivery: stdin\nparameter_format: yaml\n",
    bad="# actions/add.yaml\nref: demo.add\nparameter_format: yaml\n",
)
NO_RESULT: Final = Rule(
    code="ATN070",
    name="output-of-text",
    severity=Severity.WARNING,
    title="an output schema for plain text",
    why=(
        "With `output_format: text` nothing is read from standard output: the action has no result, and what `output` "
        "promises is never there. The formats with a result are json, yaml and jsonl."
    ),
    good="# actions/add.yaml\nref: demo.add\nparameter_delivery: stdin\noutput_format: json\n"
    "output:\n  sum: {type: integer}\n",
    bad="# actions/add.yaml\nref: demo.add\nparameter_delivery: stdin\noutput_format: text\n"
    "output:\n  sum: {type: integer}\n",
)
RETENTION: Final = Rule(
    code="ATN071",
    name="retention-pair",
    severity=Severity.INFO,
    title="a retention policy without its limit, or a limit without its policy",
    why=(
        "What is kept is told by two keys: the limit counts what the policy names, versions, days, hours or minutes. "
        "One alone is completed with the platform's own value for the other, which need not fit it."
    ),
    good="# actions/add.yaml\nref: demo.add\nlog_retention_policy: days\nlog_retention_limit: 7\n",
    bad="# actions/add.yaml\nref: demo.add\nlog_retention_limit: 7\n",
)
RULES: Final = (OUTPUT_SCHEMA, NOT_READ, FORMAT, NO_RESULT, RETENTION)
KINDS: Final = ("action", "sensor")

_RETENTION_PAIRS: Final = tuple(
    (f"{what}_retention_{one}", f"{what}_retention_{other}")
    for what in ("log", "artifact")
    for one, other in (("policy", "limit"), ("limit", "policy"))
)


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """Keys at the top."""
    yield from _check_retention(component)
    if component.kind == "action":
        yield from _check_action(component)


def _check_retention(component: Component) -> Iterator[Diagnostic]:
    for key, partner in _RETENTION_PAIRS:
        if component.get(key) is not None and component.get(partner) is None:
            message = f"`{key}` stands without `{partner}`"
            yield component.finding(RETENTION, component.key(key), message, f"add `{partner}`")


def _check_action(component: Component) -> Iterator[Diagnostic]:
    if component.get("timeout") is not None:
        cure = "let the entry point watch the time, by a parameter such as `timeout_seconds`"
        yield component.finding(NOT_READ, component.key("timeout"), "the platform does not read `timeout` here", cure)
    if component.get("parameter_format") is not None and by_environment(component):
        message = "the parameters are environment variables: `parameter_format` is not used"
        yield component.finding(FORMAT, component.key("parameter_format"), message, "add `parameter_delivery: stdin`")
    if component.get("parameter_delivery") is not None:
        yield from _check_second_generation(component)


def _check_second_generation(component: Component) -> Iterator[Diagnostic]:
    wanted = OUTPUT_KEYS[0]
    for key in OUTPUT_KEYS[1:]:
        if component.get(key) is not None:
            message = f"the platform does not read `{key}`"
            cure = f"write `{wanted}`" if component.get(wanted) is None else f"remove it: there is `{wanted}` as well"
            yield component.finding(OUTPUT_SCHEMA, component.key(key), message, cure)
    output = component.get(wanted)
    if component.string("output_format") == "text" and isinstance(output, Mapping) and output.by_name:
        message = "`output` describes a result, and with `output_format: text` there is none"
        yield component.finding(NO_RESULT, component.get("output_format"), message, "write `output_format: json`")
