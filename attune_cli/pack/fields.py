"""The top level of a YAML file, read key by key; every complaint names its place."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from attune_cli.diagnostics import Severity
from attune_cli.errors import AttuneError, NotFoundError
from attune_cli.yaml12 import Mapping, Node, Scalar, parse


class Fields:
    """The keys of one mapping.

    A key that is null counts as absent. All methods raise AttuneError with `file:line:column` for
    a value that is not what was asked for.
    """

    def __init__(self, path: Path, root: Mapping) -> None:
        self.path = path
        self.root = root

    def node(self, name: str) -> Node | None:
        """The value of a key; None when it is absent or null."""
        node = self.root.get(name)
        return None if isinstance(node, Scalar) and node.value is None else node

    def text(self, name: str) -> str | None:
        """A string. A number or `true` is not one: the platform would not take it for one either."""
        node = self.node(name)
        if node is None:
            return None
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            self.refuse(
                name, f"`{name}` is not a string", help="put it in quotes" if isinstance(node, Scalar) else None
            )
        return node.value

    def required(self, name: str) -> str:
        """A string that has to be there and must not be empty."""
        text = self.text(name)
        if not text:
            self.refuse(name, f"`{name}` is missing", help=f"add `{name}:`")
        return text

    def words(self, name: str) -> str | None:
        """Any scalar as it is written: `3.10` stays `3.10`."""
        node = self.node(name)
        if node is not None and not isinstance(node, Scalar):
            self.refuse(name, f"`{name}` is not a single value")
        return node.value if node and isinstance(node.value, str) else node.text if node else None

    def choice(self, name: str, options: tuple[str, ...]) -> str | None:
        """One of the strings in `options`."""
        text = self.text(name)
        if text is not None and text not in options:
            self.refuse(name, f"`{name}` is `{text}`", why=f"it must be one of: {', '.join(options)}")
        return text

    def flag(self, name: str, *, default: bool) -> bool:
        """`true` or `false`."""
        node = self.node(name)
        if node is None:
            return default
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            self.refuse(name, f"`{name}` is neither true nor false")
        return node.value

    def number(self, name: str) -> float | None:
        """A number of any sign; None also when it is something else, for keys that nobody has to obey."""
        node = self.node(name)
        value = node.value if isinstance(node, Scalar) else None
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def where(self, name: str) -> str:
        """`file:line:column` of the key's value, or of the whole mapping when the key is absent."""
        return place(self.path, self.root.get(name) or self.root)

    def refuse(self, name: str, what: str, *, why: str | None = None, help: str | None = None) -> NoReturn:
        """Raise AttuneError at the key's value."""
        raise AttuneError(what, where=self.where(name), why=why, help=help)


def read_fields(path: Path) -> Fields:
    """Read a YAML file whose top is a mapping. Raises AttuneError, NotFoundError when it is missing."""
    document = parse(read_bytes(path), str(path))
    errors = sorted(finding for finding in document.diagnostics if finding.severity >= Severity.ERROR)
    if errors:
        more = f"{len(errors) - 1} more in this file" if len(errors) > 1 else None
        raise AttuneError(errors[0].message, where=errors[0].where, why=more, help=errors[0].help)
    if not isinstance(document.root, Mapping):
        where = place(path, document.root) if document.root else str(path)
        raise AttuneError("the file does not hold a mapping of keys to values", where=where)
    return Fields(path, document.root)


def read_bytes(path: Path) -> bytes:
    """A file's content; raises AttuneError, NotFoundError when it is missing."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError("the file does not exist", where=str(path)) from error
    except OSError as error:
        raise AttuneError("the file cannot be read", where=str(path), why=error.strerror) from error


def place(path: Path, node: Node) -> str:
    """`file:line:column` of a node."""
    return f"{path}:{node.start}"
