"""The environment of a sensor: the caller's, what the platform tells every sensor, then what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from attune_cli.errors import UsageError
from attune_cli.execution.environment import API_TOKEN, API_URL
from attune_cli.execution.strict_json import compact, text
from attune_cli.pack.sensor_model import Sensor
from attune_cli.process import MAX_ARG_STRLEN
from attune_cli.sensor.model import SensorRule

#: Identifies the sensor's processes: no two runs have the same value.
SENSOR_ID = "ATTUNE_SENSOR_ID"
TRIGGERS = "ATTUNE_SENSOR_TRIGGERS"
CONFIG_PREFIX = "ATTUNE_SENSOR_CONFIG_"
EXCHANGE = "attune.events"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a sensor is told of the world around it. mq_url: None: there is no broker."""

    api_url: str
    token: str
    sensor_id: int
    artifacts: Path
    log_level: str
    mq_url: str | None

    def __repr__(self) -> str:
        return f"World({self.api_url}, …)"


def sensor_variables(sensor: Sensor, rules: Iterable[SensorRule], world: World) -> dict[str, str]:
    """What the platform sets. Raises UsageError when the rules are too many for a variable."""
    variables = {
        API_URL: world.api_url,
        API_TOKEN: world.token,
        SENSOR_ID: str(world.sensor_id),
        "ATTUNE_SENSOR_REF": sensor.ref,
        TRIGGERS: compact([rule.for_sensor() for rule in rules]),
        "ATTUNE_ARTIFACTS_DIR": str(world.artifacts),
        "ATTUNE_LOG_LEVEL": world.log_level,
    }
    if world.mq_url:
        variables |= {"ATTUNE_MQ_URL": world.mq_url, "ATTUNE_MQ_EXCHANGE": EXCHANGE}
    size = len(TRIGGERS) + len(variables[TRIGGERS].encode()) + 2
    if size > MAX_ARG_STRLEN:
        raise UsageError(
            f"the active rules do not fit into {TRIGGERS}",
            why=f"it would be {size} bytes long, and the system takes {MAX_ARG_STRLEN}",
            help="give fewer rules, or shorter ones",
        )
    return variables | _configuration(sensor.config)


def _configuration(config: Mapping[str, object]) -> dict[str, str]:
    """One variable for each value: strings as they are, the rest as JSON."""
    return {f"{CONFIG_PREFIX}{name.upper()}": text(value) for name, value in config.items() if "\0" not in text(value)}


def hidden_in(mq_url: str | None) -> dict[str, object]:
    """What must not be seen of the broker's address."""
    if not mq_url:
        return {}
    password = urlsplit(mq_url).password
    found: dict[str, object] = {"ATTUNE_MQ_URL": mq_url}
    return {**found, "the broker's password": unquote(password)} if password else found
