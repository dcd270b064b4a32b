"""The codes ATN020 to ATN029: files that cannot be read, keys and values that do not fit their schema,
schemas of parameters that are none, comments that suppress nothing."""

from __future__ import annotations

from typing import Final

from attune_cli.diagnostics import Rule, Severity

UNREADABLE: Final = Rule(
    code="ATN020",
    name="unreadable-file",
    severity=Severity.ERROR,
    title="a file of the pack that cannot be read",
    why=(
        "The file's name says that it belongs to the pack, and its content cannot be had: nobody may read it, it is a "
        "broken link, no ordinary file, or a link that leads out of the pack. A pack is copied as a folder of ordinary "
        "files, and what a link points to elsewhere is not copied with it."
    ),
)
UNKNOWN_KEY: Final = Rule(
    code="ATN021",
    name="unknown-key",
    severity=Severity.WARNING,
    title="a key that nobody reads",
    why=(
        "The platform passes over keys that it does not know, without a word. A key that is misspelled looks set and "
        "is not: the action runs with the default instead. What is only meant for people belongs in a comment, or "
        "under `meta` where there is one."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nentry_point: greet.py\nrunner_type: python\n",
    bad="# actions/greet.yaml\nref: demo.greet\nentry_point: greet.py\nruner_type: python\n",
)
MISSING_KEY: Final = Rule(
    code="ATN022",
    name="missing-key",
    severity=Severity.ERROR,
    title="a key that has to be there and is not",
    why=(
        "Without it the platform does not know what the file declares, or what to start: it skips the file or refuses "
        "the pack. A key without a value counts as missing."
    ),
    good="# rules/on_tick.yaml\nref: demo.on_tick\ntrigger_ref: demo.tick\naction_ref: demo.greet\n",
    bad="# rules/on_tick.yaml\nref: demo.on_tick\ntrigger_ref: demo.tick\n",
)
WRONG_TYPE: Final = Rule(
    code="ATN023",
    name="wrong-type",
    severity=Severity.ERROR,
    title="a value of a type that its key does not take",
    why=(
        "Every key takes one type of value: text, a number, true or false, a list, or a mapping. The platform does not "
        "convert one into another: it refuses the value, or goes on as if nothing had been written. YAML decides on "
        'the type by the spelling: 1.10 is a number, "1.10" is text; yes is text, true is not.'
    ),
    good='# actions/greet.yaml\nref: demo.greet\nentry_point: greet.py\nruntime_version: ">=3.10"\nenabled: false\n',
    bad="# actions/greet.yaml\nref: demo.greet\nentry_point: greet.py\nruntime_version: 3.10\nenabled: no\n",
)
NOT_ALLOWED: Final = Rule(
    code="ATN024",
    name="value-not-allowed",
    severity=Severity.ERROR,
    title="a value that its key does not take",
    why=(
        "The type is right and the value is not: a word that is none of those the platform knows, a number out of its "
        "range, a list without an item."
    ),
    good="# sensors/watch.yaml\nref: demo.watch\nentry_point: watch\ntrigger_types: [demo.changed]\npoll_interval: 5\n",
    bad="# sensors/watch.yaml\nref: demo.watch\nentry_point: watch\ntrigger_types: [demo.changed]\npoll_interval: -5\n",
)
UNKNOWN_KEYWORD: Final = Rule(
    code="ATN025",
    name="unknown-keyword",
    severity=Severity.WARNING,
    title="a keyword that JSON Schema does not have",
    why=(
        "What a parameter looks like is said in the words of JSON Schema, and words that it does not have say nothing: "
        "with `min_items: 1` an empty list is still taken. Only keywords that are nearly one of JSON Schema's are "
        "reported; others may be meant for somebody else."
    ),
    good="parameters:\n  hosts:\n    type: array\n    minItems: 1\n",
    bad="parameters:\n  hosts:\n    type: array\n    min_items: 1\n",
)
INVALID_SCHEMA: Final = Rule(
    code="ATN026",
    name="invalid-schema",
    severity=Severity.ERROR,
    title="the schema of a value is no schema",
    why=(
        "Parameters, results and configurations are described in JSON Schema, as one schema of type object or as a "
        "mapping of names to schemas. A type that does not exist, or a keyword with a value it cannot have, makes a "
        "schema that no value can be checked against: the platform refuses it, at the latest when a value comes."
    ),
    good="parameters:\n  count:\n    type: integer\n    enum: [1, 2, 3]\n",
    bad="parameters:\n  count:\n    type: int\n    enum: 3\n",
)
MISFIT: Final = Rule(
    code="ATN027",
    name="default-misfit",
    severity=Severity.WARNING,
    title="a default, or one of the values allowed, that its own schema refuses",
    why=(
        "The default is what whoever leaves the parameter out gets: it is checked like any other value, and then the "
        "run fails with a value that nobody has given. One of the values under `enum` that the type refuses can never "
        "be chosen."
    ),
    good="parameters:\n  method:\n    type: string\n    enum: [GET, POST]\n    default: GET\n",
    bad="parameters:\n  method:\n    type: string\n    enum: [GET, POST]\n    default: get\n",
)
BAD_PATTERN: Final = Rule(
    code="ATN028",
    name="bad-pattern",
    severity=Severity.ERROR,
    title="a regular expression that does not compile",
    why=(
        "`pattern` holds a regular expression, and a schema with one that cannot be read is no schema: no value passes "
        "it. In double quotes YAML takes backslashes for itself: write patterns in single quotes."
    ),
    good="parameters:\n  id:\n    type: string\n    pattern: '^[0-9]+$'\n",
    bad="parameters:\n  id:\n    type: string\n    pattern: '^[0-9+$'\n",
)
SUPPRESSION: Final = Rule(
    code="ATN029",
    name="idle-suppression",
    severity=Severity.INFO,
    title="a comment that suppresses nothing",
    why=(
        "`# attune: ignore[CODE]` takes away the findings with that code on its own line, and `# attune: "
        "ignore-file[CODE]` above the first key those of the whole file. One that takes nothing away is left over from "
        "something that was put right, stands on another line than the finding, or is misspelled; sooner or later it "
        "hides what nobody wanted to hide."
    ),
    good="# actions/greet.yaml\nref: demo.greet\nentry_point: greet.py\nowner: me # attune: ignore[ATN021]\n",
    bad="# actions/greet.yaml\nref: demo.greet # attune: ignore[ATN021]\nentry_point: greet.py\n",
)

ALL: Final = (
    *(UNREADABLE, UNKNOWN_KEY, MISSING_KEY, WRONG_TYPE, NOT_ALLOWED),
    *(UNKNOWN_KEYWORD, INVALID_SCHEMA, MISFIT, BAD_PATTERN, SUPPRESSION),
)
