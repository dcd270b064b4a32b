"""Every code that a finding can have, by what it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Final

from attune_cli.binary.codes import RULES as BINARY_RULES
from attune_cli.diagnostics import Rule
from attune_cli.pack import event_codes, lock_codes, reaction_codes, schema_rules
from attune_cli.pack.rules.all import ALL
from attune_cli.yaml12.rules import RULES as YAML_RULES


def _declared(module: ModuleType) -> tuple[Rule, ...]:
    """A module's own rules: RULES, or RULE where it has but one."""
    family: tuple[Rule, ...] | None = getattr(module, "RULES", None)
    return family if family is not None else (module.RULE,)


def _by_code(found: Iterable[Rule]) -> Mapping[str, Rule]:
    return MappingProxyType({rule.code: rule for rule in sorted(found, key=lambda rule: rule.code)})


RULES: Final = _by_code(
    (
        *YAML_RULES,
        *schema_rules.ALL,
        *(rule for module in ALL for rule in _declared(module)),
        *BINARY_RULES,
        *lock_codes.RULES,
        *event_codes.RULES,
        *reaction_codes.RULES,
    )
)
"""Code → rule, in the order of the codes."""

_PREFACE: Final = """# Rules

What attune finds: in packs (`attune pack validate`), in executables (`attune binary check` and `verify`, ATN100 to
ATN125), in the events of sensors and actions and what is done with them (`attune run`, from ATN140 on). Each rule has a
code that keeps its meaning in every version, and is shown at the prompt by `attune explain`:

```console
$ attune explain ATN041
ATN041 entry-point-missing...
...
```

| severity | means |
|---|---|
| error | the platform refuses it, or it breaks |
| warning | the platform ignores it, or it surprises |
| info | worth knowing |

An example begins with the name of its file; where several files matter, each begins with its own.
"""


def as_markdown(catalogue: Mapping[str, Rule] = RULES) -> str:
    """`docs/rules.md`: a table of all codes, then each with its reason and examples."""
    table = "\n".join(_rows(catalogue.values()))
    return "\n".join((_PREFACE, table, *(_section(rule) for rule in catalogue.values())))


def _rows(found: Iterable[Rule]) -> Iterator[str]:
    yield "| code | severity | what is wrong |\n|---|---|---|"
    yield from (f"| [{rule.code}](#{_anchor(rule)}) | {rule.severity} | {rule.title} |" for rule in found)


def _anchor(rule: Rule) -> str:
    return f"{rule.code} {rule.name}".lower().replace(" ", "-")


def _section(rule: Rule) -> str:
    parts = [f"\n## {rule.code} {rule.name}\n", f"{rule.severity.name.capitalize()}: {rule.title}.\n", f"{rule.why}\n"]
    parts += [_example("Wrong", rule.bad)] if rule.bad else []
    parts += [_example("Right", rule.good)] if rule.good else []
    return "\n".join(parts)


def _example(label: str, text: str) -> str:
    return f"{label}:\n\n```yaml\n{text.strip(chr(10))}\n```\n"
