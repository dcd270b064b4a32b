"""Everything about a sensor's run that is known before anything starts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from attune_cli.errors import AttuneError
from attune_cli.execution.environment import assigned, base_environment
from attune_cli.pack.discover import list_packs, packs_dirs
from attune_cli.pack.find import files, find_sensor
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.load_sensor import TRIGGERS, load_sensor, load_trigger
from attune_cli.pack.sensor_model import DeclaredTrigger, Sensor
from attune_cli.runtime.base import Launch, Runtime, Target
from attune_cli.runtime.local import LocalRuntime
from attune_cli.sensor.environment import SENSOR_ID, World, sensor_variables
from attune_cli.sensor.model import Trigger, as_trigger
from attune_cli.sensor.rules import LocalRule, Ruling, chosen_rules
from attune_cli.sensor.supervisor import Terms

LOG_LEVELS = ("trace", "debug", "info", "warn", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorRequest:
    """What a person asked for.

    subject:     a sensor's ref, or the path of its YAML file.
    packs_dirs:  folders looked through before the usual places.
    rules:       rule files.  on: (trigger's ref, JSON) of rules made on the spot.
    runtime:     instead of what the sensor declares.
    clean_env, env, env_files: as for an action.
    mq_url:      a RabbitMQ; None: none, whatever the caller's environment has.
    keys, key_pairs, state: files of keys, single ones, and where they are kept between runs.
    events:      it ends when so many events were taken.
    events_file, log_dir: where events and logs are written; None: nowhere.
    execute:     whether the rules' actions are started, at most `concurrency` at once.
    caller:      the environment that attune itself was called with.
    """

    subject: str
    packs_dirs: tuple[Path, ...] = ()
    rules: tuple[str, ...] = ()
    on: tuple[tuple[str, str], ...] = ()
    runtime: str | None = None
    clean_env: bool = False
    env: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    log_level: str = "info"
    mq_url: str | None = None
    keys: tuple[str, ...] = ()
    key_pairs: tuple[str, ...] = ()
    state: Path | None = None
    terms: Terms = field(default_factory=Terms)
    events: int | None = None
    events_file: Path | None = None
    log_dir: Path | None = None
    execute: bool = False
    concurrency: int = 4
    caller: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __repr__(self) -> str:
        return f"SensorRequest({self.subject!r}, …)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A sensor that could be started now.

    places:   where packs are looked for.
    triggers: all that there are in reach.
    notes:    what a person should know beforehand.
    """

    request: SensorRequest
    sensor: Sensor
    places: tuple[Path, ...]
    triggers: Mapping[str, Trigger]
    ruling: Ruling
    runtime: Runtime
    target: Target
    notes: tuple[str, ...]

    @property
    def rules(self) -> tuple[LocalRule, ...]:
        """The active ones."""
        return self.ruling.rules

    def launch(self, world: World) -> tuple[Launch, dict[str, str]]:
        """How it is started, and with which environment. After `set_up` only. Raises UsageError."""
        launch = self.runtime.prepare(self.target)
        asked = self.request
        own = sensor_variables(self.sensor, (each.rule for each in self.rules), world)
        base = base_environment(asked.caller, clean=asked.clean_env)
        env = launch.merged_into({**base, **own}) | assigned(asked.env, asked.env_files, asked.caller)
        # Its processes are known by it.
        return launch, {**env, SENSOR_ID: own[SENSOR_ID]}


def find_declared_sensor(text: str, places: Sequence[Path]) -> Sensor:
    """By its ref or the path of its file. Raises NotFoundError, or AttuneError for a file that is no sensor's."""
    is_path = "/" in text or Path(text).suffix in YAML_SUFFIXES
    return load_sensor(Path(text) if is_path else find_sensor(text, places))


def prepare(request: SensorRequest) -> Prepared:
    """Raises UsageError for what was given wrongly, NotFoundError and CannotExecuteError when the sensor cannot
    be started, and AttuneError for files that cannot be used. Starts nothing and writes nothing."""
    places = packs_dirs(request.packs_dirs)
    sensor = find_declared_sensor(request.subject, places)
    known = known_triggers(sensor, places)
    _check_declared(sensor, known)
    ruling = chosen_rules(sensor, known, request.rules, request.on)
    target = Target(sensor.entry_path, sensor.pack_root, request.runtime or sensor.runner_type, sensor.runtime_version)
    runtime = LocalRuntime().select(target)
    runtime.validate(target)
    return Prepared(
        request=request,
        sensor=sensor,
        places=places,
        triggers={ref: as_trigger(number, each) for number, (ref, each) in enumerate(known.items(), 1)},
        ruling=ruling,
        runtime=runtime,
        target=target,
        notes=(*ruling.notes, *_notes(request, sensor, known, ruling.rules)),
    )


def known_triggers(sensor: Sensor, places: Sequence[Path]) -> dict[str, DeclaredTrigger]:
    """Every trigger in reach, by ref; the sensor's own pack first, then in the order of the places.

    A file that cannot be read is passed over, unless it lies in the sensor's pack, and declares one of
    its triggers.
    """
    found: dict[str, DeclaredTrigger] = {}
    for root in dict.fromkeys((sensor.pack_root, *list_packs(places))):
        for each in _triggers_of(root, sensor if root == sensor.pack_root else None):
            found.setdefault(each.ref, each)
    return found


def _triggers_of(root: Path, sensor: Sensor | None) -> Iterator[DeclaredTrigger]:
    for path in files(root, TRIGGERS):
        try:
            yield load_trigger(path)
        except AttuneError:
            if sensor and f"{sensor.pack_ref}.{path.stem}" in sensor.trigger_refs:
                raise


def _check_declared(sensor: Sensor, known: Mapping[str, DeclaredTrigger]) -> None:
    if missing := [ref for ref in sensor.trigger_refs if ref not in known]:
        raise AttuneError(
            f"{sensor.ref} declares a trigger that is not there: {', '.join(missing)}",
            where=str(sensor.path),
            help=f"write triggers/{missing[0].partition('.')[2]}.yaml; --packs-dir finds those of other packs",
        )


def _notes(
    request: SensorRequest, sensor: Sensor, known: Mapping[str, DeclaredTrigger], rules: Sequence[LocalRule]
) -> Iterator[str]:
    if not sensor.enabled:
        yield f"{sensor.ref} is not enabled: the platform would not start it"
    for ref in sensor.trigger_refs:
        if not known[ref].enabled:
            yield f"{ref} is not enabled: the platform would not start the sensor for it"
    if not sensor.trigger_refs:
        yield f"{sensor.ref} declares no triggers (trigger_types): the platform would not start it"
    elif not rules:
        yield "no rule is active: the platform would not restart it, and neither does attune"
    if request.execute and not any(each.rule.action_ref for each in rules):
        yield "--execute has nothing to start: no active rule has an action_ref"
