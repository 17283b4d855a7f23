"""Every field, filter and rule with its words and an example: `letters fields`, docs/letters.md."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.letters.filters import FILTERS
from outreach.letters.kinds import AFigure, Kind, Leaf, ListOf, Record
from outreach.letters.values import FIGURE_FIELDS, FigureView, figure_field


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: how a template writes it, what it is, and what it is for one recipient."""

    path: str
    words: str
    example: str


def field_rows(fields: Record, context: Mapping[str, Any]) -> list[FieldRow]:
    """List every field with its value in one recipient's context; "–" where it is not known.

    Args:
        fields: as known_fields() gives it.
        context: as build_context() gives it, for a real recipient.
    """
    return list(_rows("", fields, context))


def filter_rows() -> list[FieldRow]:
    """List every filter with an example."""
    return [FieldRow(name, "", words) for name, (_, words) in FILTERS.items()]


def figure_rows(view: FigureView) -> list[FieldRow]:
    """List the fields that every figure has, with those of one figure."""
    return [
        FieldRow(f".{name}", words, _shown(figure_field(view, name)))
        for name, (_, words) in FIGURE_FIELDS.items()
    ]


def _rows(path: str, kind: Kind, value: Any) -> Iterator[FieldRow]:
    if isinstance(kind, Record):
        if path and kind.words:
            yield FieldRow(path, kind.words, "")
        for name, inner in kind.fields.items():
            inner_value = value.get(name) if isinstance(value, Mapping) else None
            yield from _rows(f"{path}.{name}" if path else name, inner, inner_value)
    elif isinstance(kind, ListOf):
        first = value[0] if isinstance(value, list) and value else None
        if isinstance(kind.element, Record):
            yield FieldRow(path, f"list: {kind.words}", f"{len(value or [])} here")
            yield from _rows(f"{path}[0]", Record(kind.element.fields), first)
        else:
            yield FieldRow(path, f"list: {kind.words}", _shown(first))
    elif isinstance(kind, AFigure):
        said = figure_field(value, "said") if value is not None else None
        yield FieldRow(path, f"figure: {kind.words}".removesuffix(": "), _shown(said))
    elif isinstance(kind, Leaf):
        yield FieldRow(path, kind.words, _shown(value))


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
