"""Names and values of others as they can stand in a message of ours."""

from __future__ import annotations

#: Not printable by Unicode's categories, and no danger: line ends and tabs, the no-break space, and
#: what joins the parts of an emoji.
_KEPT = frozenset("\n\t\u00a0\u200d")


def harmless(text: str) -> str:
    """`text` with everything shown that is otherwise obeyed or not seen: `^[`, `\\x9b`, `\\u202e`.

    Those are control characters, the marks that turn the direction of what follows
    (https://trojansource.codes), and bytes of a file's name that are no UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter in _KEPT else visible(letter) for letter in text)


def visible(letter: str) -> str:
    """One character, so that it can be seen."""
    code = ord(letter)
    if code < 0x20:
        return f"^{chr(code + 0x40)}"
    if code == 0x7F:
        return "^?"
    if 0xDC80 <= code <= 0xDCFF:
        # Python keeps a byte that is no UTF-8 like this.
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
