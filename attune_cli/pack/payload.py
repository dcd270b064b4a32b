"""Whether the payload of an event fits what its trigger declares: compiled once, asked many times."""

from __future__ import annotations

from collections.abc import Mapping

from attune_cli.errors import AttuneError
from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.pack.validity import Hidden, Misfit


class PayloadSchema:
    """A trigger's `output`, in either spelling.

    Names that the schema does not declare are no misfit unless it forbids them itself: `undeclared`
    tells them.

    Raises AttuneError, with `where`, when it is no JSON Schema.
    """

    def __init__(self, schema: ParameterSchema, *, where: str) -> None:
        import jsonschema_rs

        whole = schema.to_json_schema()
        if "additionalProperties" not in schema.extra:
            del whole["additionalProperties"]
        self._whole = whole
        self._names = None if schema.takes_unknown else frozenset(schema.properties)
        try:
            self._validator = jsonschema_rs.Draft202012Validator(whole, offline=True)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise AttuneError("the output schema is no JSON Schema", where=where, why=reason) from None

    def fits(self, payload: object) -> bool:
        """The verdict; False as well where a pattern takes too many steps to match."""
        try:
            return bool(self._validator.is_valid(payload))
        except ValueError:
            return False

    def misfits(self, payload: Mapping[str, object], hidden: Hidden, *, most: int, quick: bool) -> list[Misfit]:
        """Why a payload that does not fit does not, in order of place.

        most: how many reasons are looked for.  quick: say less where saying more takes long.
        """
        from attune_cli.pack.explanation import explain

        return explain(self._whole, payload, hidden, most=most, quick=quick)

    def undeclared(self, payload: Mapping[str, object]) -> tuple[str, ...]:
        """Names in the payload that the schema says nothing about, sorted."""
        if self._names is None or self._names.issuperset(payload):
            return ()
        return tuple(sorted(payload.keys() - self._names))
