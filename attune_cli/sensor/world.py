"""A sensor's local world from its first moment to its last: API, process, rules, events, actions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from attune_cli.diagnostics import Severity
from attune_cli.errors import AttuneError
from attune_cli.execution.environment import new_exec_id
from attune_cli.execution.folders import artifacts_folder, artifacts_path
from attune_cli.pack.fields import read_fields
from attune_cli.pack.refs import PACK_FILE, enclosing_pack
from attune_cli.process import Request, hearing_signals
from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.environment import SENSOR_ID, World
from attune_cli.sensor.files import EventsFile, LogListener, open_events, open_logs
from attune_cli.sensor.journal import Journal
from attune_cli.sensor.keys import KeyStore
from attune_cli.sensor.logs import LogStream
from attune_cli.sensor.masking import Masking
from attune_cli.sensor.model import CUT_OFF, Event, RefusedCall
from attune_cli.sensor.open_keys import opened_keys
from attune_cli.sensor.outcome import Reacted, SensorRun
from attune_cli.sensor.preparation import Prepared, SensorRequest, prepare
from attune_cli.sensor.reactions import Reaction, Reactions, Setting
from attune_cli.sensor.supervisor import Exit, Reason, Supervisor
from attune_cli.sensor.told import Told
from attune_cli.yaml12 import to_data


def run_sensor(request: SensorRequest, told: Told) -> SensorRun:
    """Run a sensor until it is stopped.

    Raises what `prepare` raises, and AttuneError for what else keeps it from beginning. Rules that are
    wrong keep it from being started as well: that is a run with findings and without a start.
    """
    prepared = prepare(request)
    if any(finding.severity >= Severity.ERROR for finding in prepared.ruling.findings):
        return _not_begun(prepared)
    run: SensorRun | None = None
    try:
        with opened_keys(request.keys, request.key_pairs, request.state, request.caller) as keys:
            prepared.runtime.set_up(prepared.target, told.progress)
            run = LocalWorld(prepared, keys, told).run()
    except AttuneError as error:
        if run is None:
            raise
        # The keys' state could not be written in the end.
        run = replace(run, failure=run.failure or error)
    return run


def _not_begun(prepared: Prepared) -> SensorRun:
    journal = Journal(prepared.sensor.trigger_refs)
    journal.find(prepared.ruling.findings)
    return SensorRun(
        sensor=prepared.sensor.ref,
        runtime=prepared.runtime.name,
        rules=prepared.rules,
        notes=prepared.notes,
        journal=journal,
    )


class LocalWorld:
    """One run. Everything that is shown of it is masked.

    cancel: ends it, a second time at once; from any thread and from signal handlers.
    """

    def __init__(self, prepared: Prepared, keys: KeyStore, told: Told) -> None:
        asked, sensor = prepared.request, prepared.sensor
        terms = asked.terms if prepared.rules else replace(asked.terms, restart=False)
        self.prepared = prepared
        self.journal = Journal(sensor.trigger_refs)
        self.journal.find(prepared.ruling.findings)
        self.reacted = Reacted() if asked.execute else None
        self.logs: tuple[LogStream, ...] = ()
        self.supervisor = Supervisor(self._request, terms, told.started, self._on_end)
        self._told = told
        self._failure: AttuneError | None = None
        self._sensor_id = new_exec_id()
        self._artifacts = artifacts_path(self._sensor_id)
        self._api = LocalApi(
            keys,
            prepared.triggers,
            [each.rule for each in prepared.rules],
            sensor.ref,
            frozenset(sensor.trigger_refs),
            self._on_event,
            self._on_refused,
            sensor_id=self._sensor_id,
        )
        self._masking = Masking(prepared, self._api)
        self._events_file: EventsFile | None = None
        self._reactions: Reactions | None = None

    def __repr__(self) -> str:
        return f"LocalWorld({self.prepared.sensor.ref})"

    def cancel(self) -> None:
        self.supervisor.cancel()
        if self._reactions:
            self._reactions.cancel()

    def run(self) -> SensorRun:
        """Run it to its end; never raises AttuneError but for what keeps it from beginning."""
        started, clock = time.time(), time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(hearing_signals())
            self._open(stack)
            try:
                with self._serving():
                    self._told.ready(self)
                    self.supervisor.run()
            except AttuneError as error:
                self._failure = self._failure or error
            left = self._artifacts if _holds_files(self._artifacts) else None
        return SensorRun(
            sensor=self.prepared.sensor.ref,
            runtime=self.prepared.runtime.name,
            reason=self.supervisor.reason,
            wanted=self.prepared.request.events,
            started=started,
            duration=time.monotonic() - clock,
            rules=tuple(map(self._masking.rule, self.prepared.rules)),
            notes=self.prepared.notes,
            course=self.supervisor.course,
            journal=self.journal,
            reacted=self.reacted,
            logs=self.logs,
            artifacts=left,
            failure=self._failure,
        )

    # --- what is there while it runs ---------------------------------------------------------------

    def _open(self, stack: ExitStack) -> None:
        """Files and folders. Raises AttuneError."""
        asked = self.prepared.request
        stack.enter_context(artifacts_folder(self._artifacts))
        if asked.events_file:
            self._events_file = open_events(asked.events_file, self._lost, stack)
        listener = LogListener(lambda: self._masking.secrets, self._told.log, self._lost)
        self.logs = open_logs(self.prepared.sensor.ref, asked.log_dir, listener, stack)

    @contextmanager
    def _serving(self) -> Iterator[None]:
        with self._api:
            self._reactions = self._reacting()
            try:
                yield
            except BaseException:
                if self._reactions:
                    self._reactions.cancel()
                raise
            finally:
                # Actions read their keys from the API, so it stays until the last of them is done.
                if self._reactions:
                    self._reactions.finish()

    def _reacting(self) -> Reactions | None:
        asked = self.prepared.request
        if not asked.execute:
            return None
        setting = Setting(
            packs_dirs=(*asked.packs_dirs, self.prepared.sensor.pack_root),
            env=asked.env,
            clean_env=asked.clean_env,
            api=lambda: (self._api.url, self._api.token),
            config=cache(_pack_config),
        )
        return Reactions(self.prepared.rules, setting, asked.concurrency, self._on_reaction)

    def _request(self) -> Request:
        """The process to start."""
        world = World(
            api_url=self._api.url,
            token=self._api.token,
            sensor_id=self._sensor_id,
            artifacts=self._artifacts,
            log_level=self.prepared.request.log_level,
            mq_url=self.prepared.request.mq_url,
        )
        launch, env = self.prepared.launch(world)
        stdout, stderr = self.logs
        return Request(
            argv=launch.argv,
            env=env,
            cwd=self.prepared.sensor.pack_root,
            on_cancel=self.prepared.request.terms.ladder,
            # All of it goes to the logs, which mask it themselves: keys come and change while it runs.
            max_stdout=0,
            max_stderr=0,
            live_stdout=stdout.feed,
            live_stderr=stderr.feed,
            endless=True,
            marker=SENSOR_ID,
        )

    # --- what happens ------------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        if event.status == CUT_OFF and self.supervisor.is_stopping():
            # It was told to end, and has ended in the midst of sending this: nothing is wrong with that.
            return
        shown = self._masking.event(event)
        self.journal.note(shown)
        if self._events_file:
            self._events_file.write(shown)
        self._told.event(shown)
        if self._reactions:
            self._reactions.offer(event)
        wanted = self.prepared.request.events
        if wanted is not None and self.journal.total.accepted >= wanted:
            self.supervisor.stop(Reason.EVENTS)

    def _on_refused(self, call: RefusedCall) -> None:
        shown = self._masking.call(call)
        self.journal.refused_calls.append(shown)
        self._told.refused(shown)

    def _on_end(self, exit_: Exit) -> None:
        for log in self.logs:
            log.end()
        self._told.ended(exit_)

    def _on_reaction(self, reaction: Reaction) -> None:
        shown = self._masking.reaction(reaction)
        assert self.reacted is not None
        self.journal.find(shown.findings)
        self.reacted.note(shown)
        self._told.reaction(shown)

    def _lost(self, path: Path | None, error: OSError) -> None:
        """A file that was asked for cannot be written any longer: the run is not what was asked for, and ends."""
        self._failure = self._failure or AttuneError(
            "the file cannot be written", where=str(path), why=error.strerror, help="make room there, or name another"
        )
        self.supervisor.stop(Reason.FAILURE)


def _pack_config(path: Path) -> Mapping[str, object]:
    """The `config` of the pack that a rule's file lies in."""
    root = enclosing_pack(path.absolute().parent)
    if root is None:
        return {}
    try:
        node = read_fields(root / PACK_FILE).node("config")
    except AttuneError:
        return {}
    data = to_data(node) if node else {}
    return data if isinstance(data, dict) else {}


def _holds_files(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        # The sensor has removed it.
        return False
