"""A list before its columns are understood: rows of text cells with their numbers."""

from dataclasses import dataclass, field

from outreach.establishments.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, or one CSV.

    Attributes:
        name: the sheet's name, "" for a CSV.
        rows: (row number as the spreadsheet shows it, cells); blank rows may be left out.
        refused: rows that could not be cut in cells.
    """

    name: str
    rows: list[tuple[int, list[str]]]
    refused: list[Refusal] = field(default_factory=list)
