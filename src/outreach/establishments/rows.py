"""The rows of a sheet as columns of raw cells, each read by its rule; what is refused or repaired on the way."""

from collections.abc import Iterable, Sequence
from typing import Any

from outreach.establishments import cells
from outreach.establishments.column_names import simple
from outreach.establishments.columns import TABLE
from outreach.establishments.headers import Header
from outreach.establishments.refusal import Refusal, Repair
from outreach.establishments.sheet import Record

_RULES: dict[str, cells.Rule] = {
    "postcode": cells.postcode,
    "commune_code": cells.commune_code,
    "department_code": cells.department,
    "finess": cells.finess,
    "siret": cells.siret,
    "places": cells.whole,
    "measures": cells.whole,
    "staff_headcount": cells.whole,
    "staff_fte": cells.decimal,
    "longitude": cells.coordinate,
    "latitude": cells.coordinate,
}


class Rows:
    """The columns of a sheet as lists of equal length, and what is found on the way."""

    def __init__(self, records: Iterable[Record], header: Header, sheet: str, file: str) -> None:
        self.file, self.sheet, self.header = file, sheet, header
        self.refused: dict[int, Refusal] = {}
        self.repairs: list[Repair] = []
        self.numbers: list[int] = []
        self.cells: list[list[str]] = []
        self.structural: list[Refusal] = []
        # Rows that print the header again, at the top of each page.
        self.repeated: list[int] = []
        self._taken_back: set[tuple[int, str, str]] = set()
        self._take(records)
        # The cells once more, column by column.
        self._columns = list(zip(*self.cells, strict=True)) or [()] * len(header.names)

    def _take(self, records: Iterable[Record]) -> None:
        width = len(self.header.names)
        title = self.header.title
        for record in records:
            if isinstance(record, Refusal):
                self.structural.append(record)
                continue
            number, row = record
            length = len(row)
            filled = length - row.count("")
            # The usual row first: of the right width, with several cells, and not the header again.
            if length == width and filled > 1 and row[0] != title[0]:
                self._keep(number, row)
                continue
            cells = [cell for cell in row if cell.strip()]
            fault, remedy = self._fault(row, cells, from_workbook=bool(self.sheet))
            if fault:
                shown = " | ".join(cells)
                self.structural.append(
                    Refusal(number, "", shown, fault, remedy, self.sheet, self.file)
                )
            elif cells and _is_header_again(row, title):
                self.repeated.append(number)
            elif cells:
                self._keep(number, row[:width] + [""] * (width - length))

    def _keep(self, number: int, row: list[str]) -> None:
        self.numbers.append(number)
        self.cells.append(row)

    def _fault(self, row: list[str], cells: list[str], *, from_workbook: bool) -> tuple[str, str]:
        """What is wrong with the shape of a row, and the remedy; two empty texts when nothing is."""
        width = len(self.header.names)
        longer = len(row) > width and any(cell.strip() for cell in row[width:])
        # Nameless columns at the end may be missing.
        named = max((x for x, name in enumerate(self.header.names, start=1) if name), default=0)
        if cells and (longer or (len(row) < named and not from_workbook)):
            return (
                f"has {len(row)} cells where the header has {width}",
                "put a cell that holds the separator or a line break between quotation marks",
            )
        if len(cells) == 1 and width > 3:
            return (
                "has only one cell filled: a title or a total, not an establishment",
                "remove it from the list",
            )
        return "", ""

    def column(self, ours: str) -> Sequence[str]:
        """The raw cells of one of our columns, several of theirs joined by a space."""
        places = self.header.columns.get(ours, ())
        if len(places) == 1:
            return self._columns[places[0]]
        parts = [self._columns[x] for x in places]
        return [" ".join(filter(None, map(str.strip, cells))) for cells in zip(*parts, strict=True)]

    def cell(self, at: int, ours: str) -> str:
        """The raw cell of one row, several of theirs joined by a space."""
        places = self.header.columns.get(ours, ())
        return " ".join(filter(None, (self.cells[at][x].strip() for x in places)))

    def theirs(self, ours: str) -> str:
        """Their name of one of our columns, as a message shows it."""
        return " + ".join(self.header.names[x] for x in self.header.columns.get(ours, ())) or ours

    def values(self, ours: str) -> list[Any]:
        """The values of one of our columns by its rule."""
        rule = _RULES.get(ours, cells.text)
        missing = None if TABLE.get(ours) in ("Int64", "Float64") else ""
        if ours not in self.header.columns:
            return [missing] * len(self.cells)
        raw = self.column(ours)
        if rule is cells.coordinate and (plain := _plain_degrees(raw)):
            return plain
        # Values, not Cells, are kept: a million small tuples cost the garbage collector 1.5 s.
        known: dict[str, Any] = {}
        notable: dict[str, cells.Cell] = {}
        for cell in dict.fromkeys(raw):
            read = rule(cell)
            known[cell] = read.value
            if read.what:
                notable[cell] = read
        if notable:
            for at, cell in enumerate(raw):
                if cell in notable:
                    self.say(at, ours, cell, notable[cell])
        return [known[cell] for cell in raw]

    def say(self, at: int, ours: str, typed: str, read: cells.Cell) -> None:
        """Note what a rule says of a cell: the row is refused, or the value repaired or left out."""
        if read.what == "wrong":
            self.refuse(at, self.theirs(ours), typed, read.reason, read.remedy)
        elif read.what:
            became = "" if read.value in (None, "") else str(read.value)
            said = read.reason if read.what == "repaired" else f"{read.reason}; {read.remedy}"
            self.repair(at, self.theirs(ours), typed, became, said)

    def refuse(self, at: int, column: str, value: str, reason: str, remedy: str) -> None:
        """Refuse a row; a row with several faults is one refusal that names them all."""
        before = self.refused.get(at)
        if before is not None:
            column, value, reason, remedy = (
                "; ".join(dict.fromkeys(filter(None, (old, new))))
                for old, new in (
                    (before.column, column), (before.value, value), (before.reason, reason), (before.remedy, remedy),
                )
            )  # fmt: skip
        self.refused[at] = Refusal(
            self.numbers[at], column, value, reason, remedy, self.sheet, self.file
        )

    def repair(self, at: int, column: str, value: str, became: str, reason: str) -> None:
        """Note a value read otherwise than typed; "" when it was left out."""
        self.repairs.append(Repair(self.numbers[at], column, value, became, reason))

    def take_back(self, at: int, ours: str, became: str = "") -> None:
        """Unsay what became of a value ("": it was left out); the repair that says how it is read follows."""
        self._taken_back.add((self.numbers[at], self.theirs(ours), became))

    def said(self) -> tuple[Repair, ...]:
        """Every value read otherwise than typed, in the order of the rows."""
        kept = [
            repair
            for repair in self.repairs
            if (repair.row, repair.column, repair.became) not in self._taken_back
        ]
        return tuple(sorted(kept, key=lambda repair: repair.row))


def _plain_degrees(raw: Sequence[str]) -> list[Any]:
    """The numbers of a column that holds nothing else, at once; empty when a cell needs its rule."""
    try:
        # 0 is a cell never filled, as in cells.coordinate.
        values = [(float(cell) or None) if cell else None for cell in raw]
    except ValueError:
        return []
    return values if all(value is None or abs(value) < 1e8 for value in values) else []


def _is_header_again(row: Sequence[str], title: Sequence[str]) -> bool:
    """Tell the header printed again at the top of each page."""
    return [simple(cell) for cell in row[: len(title)]] == [simple(cell) for cell in title]
