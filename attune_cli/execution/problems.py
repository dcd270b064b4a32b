"""What is wrong with parameters, all of it in one error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from attune_cli.errors import UsageError


class Problem(NamedTuple):
    """One thing wrong with one parameter.

    message: goes on after the name; never holds a secret's value.
    inside:  where in the value, as it is written behind the name: `.Accept`, `[2].id`.
    """

    name: str
    message: str
    inside: str = ""

    def __str__(self) -> str:
        return f"{self.name}{self.inside} {self.message}"


class ParameterError(UsageError):
    """Parameters that cannot be given to the action; `problems` has every one, so that a person
    mends them all at once."""

    def __init__(self, subject: str, problems: Iterable[Problem], *, help: str | None = None) -> None:
        self.problems = tuple(problems)
        many = len(self.problems) > 1
        what = (
            f"{len(self.problems)} parameters of {subject} are wrong" if many else f"a parameter of {subject} is wrong"
        )
        super().__init__(what, why="; ".join(map(str, self.problems)), help=help)
