"""Which codes are told: from options, and from the table `[validate]` of a pack's `attune.toml`.

[validate]
select = ["ATN0"]             # codes, or beginnings of codes; else all
ignore = ["ATN067"]
strict = true                 # warnings count as errors do
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from attune_cli.errors import UsageError


class Selection(NamedTuple):
    """Beginnings of codes. select: of those that are told; empty: all.  ignore: of those that are not."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False

    def wants(self, code: str) -> bool:
        """Whether findings with this code are told."""
        return (not self.select or code.startswith(self.select)) and not code.startswith(self.ignore)

    def within(self, project: Selection) -> Selection:
        """This one, from the command line, over a project's: what it selects takes the place of the project's
        selection, and all that either ignores is ignored."""
        return Selection(self.select or project.select, self.ignore + project.ignore, self.strict or project.strict)


def selection(
    select: Iterable[str] = (), ignore: Iterable[str] = (), *, strict: bool = False, where: str | None = None
) -> Selection:
    """Raises UsageError, with `where`, for a word that no code begins with. Case does not matter."""
    chosen, left_out = (tuple(_known(each, where) for each in words) for words in (select, ignore))
    return Selection(chosen, left_out, strict)


def from_table(table: object, where: str) -> Selection:
    """The settings of a project; `where` is their file. Raises UsageError for what they cannot be."""
    if not isinstance(table, Mapping):
        raise UsageError("`validate` is a table", where=where, help="write [validate], and its settings below")
    for key in table:
        if key not in {"ignore", "select", "strict"}:
            raise _unknown(str(key), where)
    strict = table.get("strict", False)
    if not isinstance(strict, bool):
        raise UsageError(f"`strict` is true or false, not {strict!r}", where=where)
    return selection(_words(table, "select", where), _words(table, "ignore", where), strict=strict, where=where)


def _words(table: Mapping[str, object], key: str, where: str) -> list[str]:
    words = table.get(key, [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise UsageError(f"`{key}` is a list of codes, not {words!r}", where=where, help=f'write {key} = ["ATN021"]')
    return words


def _known(word: str, where: str | None) -> str:
    from attune_cli.pack.catalogue import RULES

    code = word.strip().upper()
    if not code or not any(each.startswith(code) for each in RULES):
        near = _nearest(word, RULES)
        raise UsageError(f"no rule has a code that begins with `{word}`", where=where, help=near)
    return code


def _nearest(word: str, rules: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word.strip().upper(), rules, 1)
    return f"did you mean {near[0]}?" if near else "codes look like ATN021, beginnings of them like ATN02"


def _unknown(key: str, where: str) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(key, ("ignore", "select", "strict"), 1)
    cure = f"did you mean `{near[0]}`?" if near else "there are select, ignore and strict"
    return UsageError(f"unknown setting `{key}` in [validate]", where=where, help=cure)
