"""How a command's answer is written."""

from __future__ import annotations

from enum import StrEnum


class OutputFormat(StrEnum):
    """For people, or as one document for machines."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"

    @property
    def is_document(self) -> bool:
        """Whether it is read by a machine."""
        return self is not OutputFormat.TABLE


def chosen_output(output: OutputFormat | None, *, json: bool, default: str | None = None) -> OutputFormat:
    """The format that holds: `--json`, then `--output`, then the settings' default, then tables."""
    if json:
        return OutputFormat.JSON
    return output or OutputFormat(default or OutputFormat.TABLE)
