"""How large nodes are once every alias in them is followed."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from attune_cli.yaml12.nodes import Mapping, Node, Scalar, Sequence


class Size(NamedTuple):
    """inside: the nodes in it, keys and values. height: the levels of lists and mappings, itself among them."""

    inside: int
    height: int


_OF_A_SCALAR = Size(0, 0)


class Sizes:
    """The sizes of nodes that are complete; each is measured once, however many aliases lead to it."""

    def __init__(self) -> None:
        self._known: dict[Node, Size] = {}

    def of(self, node: Node) -> Size:
        """Without recursion: what is inside is measured before what holds it."""
        waiting = [node]
        while waiting:
            held = _held(waiting[-1])
            unknown = [each for each in held if type(each) is not Scalar and each not in self._known]
            if unknown:
                waiting += unknown
            else:
                self._measure(waiting.pop(), held)
        return self._size(node)

    def _measure(self, node: Node, held: Collection[Node]) -> None:
        if type(node) is not Scalar:
            sizes = [self._size(each) for each in held]
            inside = sum(size.inside + 1 for size in sizes)
            self._known[node] = Size(inside, 1 + max((size.height for size in sizes), default=0))

    def _size(self, node: Node) -> Size:
        return _OF_A_SCALAR if type(node) is Scalar else self._known[node]


def _held(node: Node) -> Collection[Node]:
    if isinstance(node, Mapping):
        return (*node.keys, *node.by_name.values())
    return node.items if isinstance(node, Sequence) else ()
