"""Validating packs: against the validators of YAML that others have, and against itself on more files.

The packs are generated in the shape of published ones, or are those in the folder ATTUNE_BENCH_PACKS. Peers
are measured when they are on the PATH: `ajv` (npm install ajv-cli), `check-jsonschema`, `yamllint`.

Each is compared on the same files. yamllint, in its usual configuration, gets every file that attune reads. The
validators of JSON Schema take one schema a call, and nearly all files are actions: they get the actions with
the schema of actions, and are held against attune on packs that have nothing else (and their `pack.yaml`, without
which there is no pack). For all kinds of files they would have to be called once for each, which takes them several
times as long; that is not counted. attune is started without its cache, and does all that it ever does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from attune_cli.pack.places import component_files, discover
from attune_cli.pack.schema import schema_text
from tests.bench.harness import Contender, race
from tests.bench.table import Goal, Row, compared, spread, verdict
from tests.bench.workshop import Workshop

_ROOT = Path(__file__).resolve().parents[2]
_FILES_IN_PACK = 21

_ACTION = """\
# {title}
# One of the operations of the service, as the API of today offers it.
ref: {pack}.{name}
label: "{title}"
description: "Ask the service for {title}, and hand the answer on as it came"
enabled: true
runner_type: python
runtime_version: ">=3.10"
entry_point: run.py
parameter_delivery: stdin
parameter_format: json
output_format: json
default_execution_permission_set_refs: [standard]
parameters:
  credential_key:
    type: string
    description: "The entry of the keystore that holds the account"
    default: "{pack}.credentials"
  identifier:
    type: string
    description: "Which one is meant"
    required: true
    minLength: 1
  state: {{type: string, enum: [open, closed, any], default: any}}
  limit: {{type: integer, default: 100, minimum: 1, maximum: 1000}}
  timeout: {{type: integer, default: 30, minimum: 1, maximum: 120}}
  tags:
    type: array
    items: {{type: string}}
output:
  items:
    type: array
    description: "What was found"
    required: true
  truncated: {{type: boolean}}
tags: [{pack}, query]
"""
_PACK = """\
ref: {pack}
label: "{pack}"
description: "Everything that the service can be asked for"
version: "1.0.0"
runtime_deps: [python]
tags: [generated]
"""
#: One of so many properties that it takes a megabyte five times to write them down.
_PROPERTY = "  p{number}:\n    type: string\n    description: 'the number {number} of them all'\n    default: x\n"

_MEMORY = """
import sys
from attune_cli.pack.validate import Options, validate
validate(sys.argv[1:], Options(use_cache=False, workers=1))
print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""


def rows(workshop: Workshop) -> Iterator[Row]:
    workshop.say("validate: packs")
    given = os.environ.get("ATTUNE_BENCH_PACKS")
    packs = Path(given) if given else _packs(workshop.folder / "packs", 462)
    yield from _whole_processes(workshop, packs)
    yield from _in_process(workshop, packs)
    yield from _scaling(workshop)
    yield from _memory(workshop, packs)


def _packs(folder: Path, files: int) -> Path:
    """So many YAML files in packs of twenty actions."""
    for number in range(-(-files // _FILES_IN_PACK)):
        pack = f"pack_{number}"
        (folder / pack / "actions").mkdir(parents=True)
        (folder / pack / "pack.yaml").write_text(_PACK.format(pack=pack), encoding="utf-8")
        (folder / pack / "actions" / "run.py").touch()
        for index in range(min(_FILES_IN_PACK - 1, files - number * _FILES_IN_PACK - 1)):
            name = f"operation_{index}"
            text = _ACTION.format(pack=pack, name=name, title=f"Operation {index}")
            (folder / pack / "actions" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _whole_processes(workshop: Workshop, packs: Path) -> Iterator[Row]:
    schema = workshop.folder / "action.json"
    schema.write_text(schema_text("action"), encoding="utf-8")
    alone = _actions_alone(packs, workshop.folder / "actions")
    actions = sorted(map(str, alone.glob("*/actions/*.y*ml")))
    files = [str(place.root / each) for place in discover([packs]) for each in _files(place.root)]
    attune = (sys.executable, "-m", "attune_cli", "pack", "validate")
    peers: dict[str, tuple[tuple[str, ...], str, Goal]] = {
        "ajv": (
            ("validate", "--spec=draft2020", "--strict=false", "-s", str(schema), *(f"-d={each}" for each in actions)),
            "attune, actions",
            Goal(0.6),
        ),
        "check-jsonschema": (("--schemafile", str(schema), *actions), "attune, actions", Goal(1 / 8)),
        "yamllint": (tuple(files), "attune", Goal(1 / 10)),
    }
    found = {name: path for name in peers if (path := shutil.which(name))}
    commands = {
        "attune": (*attune, str(packs), "--no-cache"),
        "attune, actions": (*attune, str(alone), "--no-cache"),
        "attune, cached": (*attune, str(packs)),
    }
    commands |= {name: (path, *peers[name][0]) for name, path in found.items()}
    workshop.say(f"validate: whole processes on {len(files)} files, {len(actions)} actions: {', '.join(commands)}")
    contenders = [Contender(name, partial(_seconds, each, _environment(workshop))) for name, each in commands.items()]
    series = race(contenders, workshop.rounds(15, 5))
    for name in found:
        _, ours, goal = peers[name]
        yield compared(f"validate, whole process / {name}", series[ours], series[name], goal)
    yield compared("validate, whole process / the same, cached", series["attune"], series["attune, cached"])


def _actions_alone(packs: Path, folder: Path) -> Path:
    """The packs with nothing in them but their actions, and what those start."""
    for place in discover([packs]):
        made = folder / place.root.name
        made.mkdir(parents=True)
        shutil.copy(place.root / "pack.yaml", made)
        shutil.copytree(place.root / "actions", made / "actions", ignore=shutil.ignore_patterns("workflows"))
    return folder


def _files(root: Path) -> Iterator[str]:
    yield "pack.yaml"
    yield from (inside for _, inside in component_files(root))


def _environment(workshop: Workshop) -> dict[str, str]:
    """Modules are compiled once, in the warm-up, as they are where something is installed."""
    env = {**os.environ, "PYTHONPATH": str(_ROOT), "XDG_CACHE_HOME": str(workshop.folder / "cache")}
    env["PYTHONPYCACHEPREFIX"] = str(workshop.folder / "compiled")
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def _seconds(command: tuple[str, ...], env: dict[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    # 1: something was found.
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{command[0]} exited with {done.returncode}:\n{done.stderr.decode()}")
    return seconds


# --- in process -----------------------------------------------------------------------------------


def _in_process(workshop: Workshop, packs: Path) -> Iterator[Row]:
    workshop.say("validate: in process")
    os.environ["ATTUNE_CACHE_DIR"] = str(workshop.folder / "cache" / "in-process")
    files = _count(packs)
    contenders = [
        Contender("judged", partial(_judging, packs, use_cache=False)),
        Contender("cached", partial(_judging, packs, use_cache=True)),
        Contender("CSafeLoader", partial(_loading, packs)),
    ]
    series = race(contenders, workshop.rounds(25, 8), warm_up=2)
    judged = series["judged"]
    limit = 250e-6 * files
    met = verdict(Goal(limit), (judged.median, judged.minimum))
    yield Row("validate, in process, µs a file", f"{judged.median / files * 1e6:.0f}", "", "", "≤ 250", met)
    yield compared("validate, in process / CSafeLoader alone", judged, series["CSafeLoader"])
    yield compared("validate, from the cache", series["cached"], judged, Goal(4, at_least=True))


def _judging(packs: Path, *, use_cache: bool, workers: int | None = 1) -> float:
    from attune_cli.pack.validate import Options, validate

    options = Options(use_cache=use_cache, workers=workers)
    started = time.perf_counter()
    validate([packs], options)
    return time.perf_counter() - started


def _loading(packs: Path) -> float:
    import yaml

    texts = [path.read_bytes() for path in packs.glob("*/**/*.yaml")]
    started = time.perf_counter()
    for text in texts:
        yaml.load(text, Loader=yaml.CSafeLoader)
    return time.perf_counter() - started


def _count(packs: Path) -> int:
    from attune_cli.pack.validate import Options, validate

    return validate([packs], Options(use_cache=False)).files


def _scaling(workshop: Workshop) -> Iterator[Row]:
    size = 2_500 if workshop.quick else 5_000
    workshop.say(f"validate: {size} and {2 * size} files")
    once, twice = (_packs(workshop.folder / f"packs-{files}", files) for files in (size, 2 * size))
    measures: dict[str, Callable[[], float]] = {
        "once": partial(_judging, once, use_cache=False),
        "twice": partial(_judging, twice, use_cache=False),
        "two processes": partial(_judging, twice, use_cache=False, workers=2),
    }
    series = race([Contender(*each) for each in measures.items()], workshop.rounds(5, 2))
    yield compared(f"validate, {2 * size} files / {size}", series["twice"], series["once"], Goal(2.1))
    name = f"validate, {2 * size} files in two processes"
    yield compared(name, series["two processes"], series["twice"], Goal(1.5, at_least=True))


def _memory(workshop: Workshop, packs: Path) -> Iterator[Row]:
    large = _packs(workshop.folder / "large", 1)
    lines = (_PROPERTY.format(number=number) for number in range(58_000))
    action = "ref: pack_0.large\nrunner_type: python\nentry_point: run.py\nparameter_delivery: stdin\nparameters:\n"
    (large / "pack_0" / "actions" / "large.yaml").write_text(action + "".join(lines), encoding="utf-8")
    series = race([Contender("large", partial(_judging, large, use_cache=False))], 3)["large"]
    yield Row("validate, a file of 5 MB", spread(series), "", "", "< 3 s", verdict(Goal(3), series.values))
    for name, folder in ((f"{_count(packs)} files", packs), ("a file of 5 MB", large)):
        yield _peak(name, folder)


def _peak(name: str, folder: Path) -> Row:
    env = {**os.environ, "PYTHONPATH": str(_ROOT)}
    command = (sys.executable, "-c", _MEMORY, str(folder))
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    megabytes = int(done.stdout) / 1024
    return Row(
        f"validate, {name}: peak of memory", f"{megabytes:.0f} MB", "", "", "< 200 MB", verdict(Goal(200), [megabytes])
    )
