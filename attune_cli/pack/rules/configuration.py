"""A pack's configuration fits its own schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.errors import AttuneError
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.arguments import follow, is_open
from attune_cli.pack.rules.declared import schema_of
from attune_cli.pack.rules.texts import short
from attune_cli.yaml12 import Mapping, to_data

_PACK: Final = (
    "# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\nconf_schema:\n  retries: {type: integer, minimum: 0}\n"
)

RULE: Final = Rule(
    code="ATN079",
    name="pack-config",
    severity=Severity.WARNING,
    title="a configuration that does not fit its schema",
    why=(
        "`config` holds the values that a pack is installed with, `conf_schema` says which there can be. Actions that "
        "read the configuration count on the schema; a value it does not allow, or does not know, surprises them."
    ),
    good=_PACK + "config:\n  retries: 3\n",
    bad=_PACK + "config:\n  retries: many\n",
)
KINDS: Final = ("pack",)


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """Each value by its own schema, and names that the schema does not have."""
    config = component.get("config")
    if not isinstance(config, Mapping) or not config.by_name:
        return
    schema = schema_of(component, "conf_schema")
    if schema is None:
        return
    from attune_cli.pack.validity import Hidden, misfits

    for name, key in zip(config.by_name, config.keys, strict=True):
        if name not in schema.properties and not schema.takes_unknown:
            yield component.finding(RULE, key, f"`conf_schema` has no `{short(name)}`", "declare it there")
    nodes = {name: node for name, node in config.by_name.items() if name in schema.properties and not is_open(node)}
    values = {name: to_data(node) for name, node in nodes.items()}
    try:
        found = misfits(schema, values, Hidden(schema.secrets, lambda text: text), where=component.shown)
    except AttuneError:
        # The schema itself is wrong: that is said where it stands.
        return
    for misfit in found:
        if misfit.path:
            at, place = follow(nodes[str(misfit.path[0])], misfit.path)
            yield component.finding(RULE, at, f"`{short(place)}` {misfit.message}: so `conf_schema` declares it")
