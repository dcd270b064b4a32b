"""The local API behind one action: keys to read and write, and events of every trigger in reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

from attune_cli.errors import AttuneError
from attune_cli.execution.environment import API_TOKEN, API_URL
from attune_cli.execution.plan import OwnApi
from attune_cli.pack.discover import list_packs
from attune_cli.pack.find import files
from attune_cli.pack.load_sensor import TRIGGERS, load_trigger
from attune_cli.pack.sensor_model import DeclaredTrigger
from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.keys import KeyStore
from attune_cli.sensor.model import Event, RefusedCall, Trigger, as_trigger

_MOST_PROBLEMS: Final = 10


@contextmanager
def action_api(keys: KeyStore, subject: str, places: Sequence[Path]) -> Iterator[OwnApi]:
    """Serves while an action runs. subject: its ref or path. places: where packs are, for their triggers."""
    problems: dict[str, None] = {}

    def note(problem: str) -> None:
        if len(problems) < _MOST_PROBLEMS:
            problems[problem] = None

    def take(event: Event) -> None:
        for finding in event.findings:
            note(f"an event was {'wrong' if event.accepted else 'refused'}: {finding.message} ({finding.code})")

    def refused(call: RefusedCall) -> None:
        what = f"it called {call.method} {call.path}"
        note(f"{what}, which the local API does not have" if call.is_unknown else f"{what}: {call.reason}")

    with LocalApi(keys, TriggersInReach(places), (), subject, None, take, refused) as api:
        env = {API_URL: api.url, API_TOKEN: api.token}
        yield OwnApi(env, api.secret_values, lambda: tuple(problems))


class TriggersInReach(Mapping[str, Trigger]):
    """Every trigger of the packs in some places, read when the first one is asked for.

    A file that cannot be read is passed over: it is no part of what runs.
    """

    def __init__(self, places: Sequence[Path]) -> None:
        self._places = places

    @cached_property
    def _found(self) -> dict[str, Trigger]:
        declared: dict[str, DeclaredTrigger] = {}
        for each in self._declared():
            declared.setdefault(each.ref, each)
        return {ref: as_trigger(number, each) for number, (ref, each) in enumerate(declared.items(), 1)}

    def _declared(self) -> Iterator[DeclaredTrigger]:
        for root in list_packs(self._places):
            for path in files(root, TRIGGERS):
                try:
                    yield load_trigger(path)
                except AttuneError:
                    continue

    def __getitem__(self, ref: str) -> Trigger:
        return self._found[ref]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
