"""What the codes ATN001 to ATN018 stand for, with an example each where a text can show it."""

from __future__ import annotations

from typing import Final

from attune_cli.diagnostics import Rule, Severity
from attune_cli.yaml12 import codes


def _error(code: str, name: str, why: str, good: str = "", bad: str = "") -> Rule:
    return Rule(code=code, name=name, severity=Severity.ERROR, title=codes.TITLES[code], why=why, good=good, bad=bad)


def _warning(code: str, name: str, why: str, good: str = "", bad: str = "") -> Rule:
    return Rule(code=code, name=name, severity=Severity.WARNING, title=codes.TITLES[code], why=why, good=good, bad=bad)


RULES: Final = (
    _error(
        codes.SYNTAX,
        "yaml-syntax",
        "The platform's YAML parser stops at the first place it cannot make sense of, and takes nothing of the file. "
        "The place told is where it noticed; the slip itself is there or a little before: a quote or bracket that is "
        "never closed, a line that is indented differently from its neighbours, a value with `: ` in it that needs "
        "quotes.",
        'ref: demo.greet\nlabel: "Greet: politely"\n',
        "ref: demo.greet\nlabel: Greet: politely\n",
    ),
    _error(
        codes.TAB,
        "yaml-tab",
        "YAML tells by indentation what belongs to what, and only spaces indent: how wide a tab is, nobody could say. "
        "The platform refuses the file.",
        "parameters:\n  name: {type: string}\n",
        "parameters:\n\tname: {type: string}\n",
    ),
    _error(
        codes.ENCODING,
        "not-utf8",
        "The platform reads its files as UTF-8. Another encoding, UTF-16 or one of the older 8-bit ones, is refused or "
        "makes other characters of everything that is not ASCII. Editors can save a file with another encoding.",
    ),
    _error(
        codes.CONTROL_CHARACTER,
        "control-character",
        "Control characters other than the tab and the newline may not stand in a YAML text; most come from a terminal "
        "or a PDF by copying. In a text in double quotes they can be written as an escape.",
    ),
    _error(
        codes.SEVERAL_DOCUMENTS,
        "several-documents",
        "A line `---` begins another document. The platform expects one component in each file, and refuses a file "
        "with more than one document.",
        "---\nref: demo.greet\nentry_point: greet.sh\n",
        "ref: demo.greet\nentry_point: greet.sh\n---\nref: demo.part\nentry_point: part.sh\n",
    ),
    _error(
        codes.DUPLICATE_KEY,
        "duplicate-key",
        "A key can stand only once in a mapping. Other YAML parsers keep the last and say nothing; the platform "
        "refuses the file.",
        "ref: demo.greet\nlabel: Greet\n",
        "ref: demo.greet\nlabel: Greet\nref: demo.welcome\n",
    ),
    _error(
        codes.IMPOSSIBLE_KEY,
        "impossible-key",
        "Keys become the names of a JSON object, so they are text: not lists, not mappings, not null. It is nearly "
        "always a template without quotes: `{{ … }}` is a mapping in a mapping to YAML.",
        'action_params:\n  name: "{{ event.payload.name }}"\n',
        "action_params:\n  name: {{ event.payload.name }}\n",
    ),
    _warning(
        codes.KEY_NOT_TEXT,
        "key-not-text",
        "Keys become the names of a JSON object, so they are text. A number or boolean as a key is read as the text of "
        "its JSON spelling, which is not always the one that was written: `1.0` and `0x10` look different then.",
        'config:\n  "404": not found\n',
        "config:\n  404: not found\n",
    ),
    _error(
        codes.UNKNOWN_TAG,
        "unknown-tag",
        "A word that begins with `!` is a tag: it says how the value after it is to be read. The platform knows "
        "those of YAML's core schema and refuses others. To mean text with an exclamation mark in front, put it in "
        "quotes.",
        'label: "!important"\n',
        "label: !important\n",
    ),
    _error(
        codes.TAG_MISMATCH,
        "tag-mismatch",
        "A tag says of which type the value after it is. Where the value cannot be read as one, the platform refuses "
        "the file.",
        "poll_interval: 5\n",
        "poll_interval: !!int often\n",
    ),
    _error(
        codes.UNKNOWN_ALIAS,
        "unknown-alias",
        "`*name` repeats what `&name` marked further up in the same file. Without that mark there is nothing to "
        "repeat. To mean a text that begins with `*`, put it in quotes.",
        "tags: &words [web, api]\nmeta:\n  words: *words\n",
        "meta:\n  words: *words\n",
    ),
    _error(
        codes.RECURSIVE_ALIAS,
        "recursive-alias",
        "`*name` stands inside of what `&name` marks: written out, it would never end.",
        "meta:\n  words: &words [web, api]\n  more: *words\n",
        "meta:\n  words: &words [web, *words]\n",
    ),
    _error(
        codes.TOO_DEEP,
        "too-deep",
        "The platform's parser gives up at lists and mappings that are nested more than about a hundred levels deep. "
        "No component needs that; a generated file may have it.",
    ),
    _error(
        codes.ALIAS_BOMB,
        "alias-bomb",
        "A few lines of aliases of aliases stand for millions of values once they are written out. The platform "
        "refuses such a file before it fills its memory.",
    ),
    _error(
        codes.TOO_LARGE,
        "too-large",
        "A file of this size is no component: what it carries belongs into a file of its own that the entry point "
        "reads.",
    ),
    _error(
        codes.INTEGER_RANGE,
        "integer-range",
        "The platform keeps integers in 64 bits. A larger one, an account number for example, has to be text.",
        'config:\n  account: "123456789012345678901234"\n',
        "config:\n  account: 123456789012345678901234\n",
    ),
    _warning(
        codes.YAML_1_1,
        "yaml-1-1",
        "The platform reads YAML 1.2. Many tools, and most people's memory, read YAML 1.1, in which some unquoted "
        "words mean something else: `yes`, `no`, `on` and `off` were booleans, `014` was twelve, `12:30` a number, "
        "and 2024-01-31 a date. All of these are text to the platform. The message shows both readings.",
        'enabled: true\nversion: "014"\n',
        "enabled: yes\nversion: 014\n",
    ),
    _warning(
        codes.MORE_FINDINGS,
        "more-findings",
        "Not everything that is wrong with this file is listed: there is too much of it. What is listed first may "
        "well be the cause of the rest.",
    ),
)
