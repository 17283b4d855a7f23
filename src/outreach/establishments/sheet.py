"""A list before its columns are understood: rows of text cells with their numbers, taken one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Self

from outreach.establishments.refusal import Refusal

# Row number as the spreadsheet shows it, cells.
Row = tuple[int, list[str]]
Record = Row | Refusal
# Enough to find the header, and what its columns hold.
_HEAD = 120


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, or one CSV; a million rows are never held together.

    Attributes:
        name: the sheet's name, "" for a CSV.
        head: its first rows, or what could not be cut in cells; blank rows may be left out.
        rest: the others, to be taken once.
        length: how many rows the sheet has, 0 when it does not say (a CSV).
    """

    name: str
    head: tuple[Record, ...]
    rest: Iterator[Record]
    length: int = 0

    @classmethod
    def of(cls, name: str, records: Iterable[Record], length: int = 0) -> Self:
        """Open a sheet on its rows."""
        rest = iter(records)
        return cls(name, tuple(islice(rest, _HEAD)), rest, length)

    @property
    def rows(self) -> list[Row]:
        """The rows of the head that could be cut in cells."""
        return [record for record in self.head if not isinstance(record, Refusal)]

    def records(self) -> Iterator[Record]:
        """Every row and what could not be cut, in order; to be taken once."""
        return chain(self.head, self.rest)
