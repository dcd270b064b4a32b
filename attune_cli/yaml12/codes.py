"""The codes of what can be wrong with a YAML text before anyone asks what it means (ATN001 to ATN019)."""

from __future__ import annotations

from typing import Final

SYNTAX: Final = "ATN001"
TAB: Final = "ATN002"
ENCODING: Final = "ATN003"
CONTROL_CHARACTER: Final = "ATN004"
SEVERAL_DOCUMENTS: Final = "ATN005"
DUPLICATE_KEY: Final = "ATN006"
IMPOSSIBLE_KEY: Final = "ATN007"
KEY_NOT_TEXT: Final = "ATN008"
UNKNOWN_TAG: Final = "ATN009"
TAG_MISMATCH: Final = "ATN010"
UNKNOWN_ALIAS: Final = "ATN011"
RECURSIVE_ALIAS: Final = "ATN012"
TOO_DEEP: Final = "ATN013"
ALIAS_BOMB: Final = "ATN014"
TOO_LARGE: Final = "ATN015"
INTEGER_RANGE: Final = "ATN016"
YAML_1_1: Final = "ATN017"
MORE_FINDINGS: Final = "ATN018"

TITLES: Final[dict[str, str]] = {
    SYNTAX: "the text is not YAML",
    TAB: "a tab where only spaces may indent",
    ENCODING: "the file is not UTF-8",
    CONTROL_CHARACTER: "a character that no YAML text may hold",
    SEVERAL_DOCUMENTS: "more than one document in a file",
    DUPLICATE_KEY: "a key written twice in one mapping",
    IMPOSSIBLE_KEY: "a key that is a list, a mapping or null",
    KEY_NOT_TEXT: "a key that is a number or a boolean",
    UNKNOWN_TAG: "a tag that YAML 1.2 does not know",
    TAG_MISMATCH: "a value that does not fit its tag",
    UNKNOWN_ALIAS: "an alias without an anchor above it",
    RECURSIVE_ALIAS: "an alias inside what it names",
    TOO_DEEP: "values nested too deeply",
    ALIAS_BOMB: "aliases that multiply the file beyond measure",
    TOO_LARGE: "a file too large to read",
    INTEGER_RANGE: "an integer of more than 64 bits",
    YAML_1_1: "a value that YAML 1.1 tools read differently",
    MORE_FINDINGS: "more findings than are listed",
}
