"""The words with which an action declares what it wants."""

from __future__ import annotations

#: How parameters reach a process. An action that declares none gets the first: one environment
#: variable for each parameter, secrets on standard input.
DELIVERIES = ("env", "stdin", "file")

#: How a document of parameters is written, for the deliveries that have one.
FORMATS = ("json", "dotenv", "yaml")

#: How a result is read from standard output.
OUTPUT_FORMATS = ("text", "json", "yaml", "jsonl")

#: Keys that declare the shape of a result. The platform of today reads the first one only.
OUTPUT_KEYS = ("output", "output_schema", "result_schema")

#: What starts an action that does not say.
DEFAULT_RUNNER_TYPE = "shell"

#: What the names of files that declare something end with.
YAML_SUFFIXES = (".yaml", ".yml")
