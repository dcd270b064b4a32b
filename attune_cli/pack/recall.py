"""What is found in the pack in a folder: remembered from the last time, or found now.

What judges is imported for a pack that has changed only: that takes longer than to recognise ten that have not.
"""

from __future__ import annotations

from attune_cli.pack import cache
from attune_cli.pack.cache import Judged
from attune_cli.pack.fingerprint import fingerprint
from attune_cli.pack.fingerprint import identity as identity_of
from attune_cli.pack.neighbours import Neighbours
from attune_cli.pack.places import Place


def identity() -> str:
    """What findings depend on beside the pack: the rules, and what they look at outside of it."""
    from attune_cli.pack.rules import outside

    return identity_of(outside.seen)


def judged(place: Place, identity: str | None, neighbours: Neighbours | None = None) -> Judged:
    """What is found in all of the pack. With an identity: from the cache, or into it.

    neighbours: other packs, for refs that lead into them. What was found before holds as long as what was asked of
    them then has the same answers.
    """
    neighbours = neighbours or Neighbours()
    key = None if identity is None else fingerprint(place.root, identity, place.shown)
    found = cache.load(key) if key is not None else None
    if found is None or any(neighbours.ask(*question).mark != mark for question, mark in found.asked):
        found = _judged_now(place, neighbours)
        if key is not None:
            cache.store(key, found)
    return found


def _judged_now(place: Place, neighbours: Neighbours) -> Judged:
    from attune_cli.pack.components import read_pack
    from attune_cli.pack.judgement import judge

    tree = read_pack(place.root, place.shown, neighbours)
    found = judge(tree)
    tree.shelf.clear()
    return found
