"""Which identifier each row of a list bears; the same one on two rows refuses the list."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from typing import Any

from outreach.errors import InputError
from outreach.establishments import cells
from outreach.establishments.headers import Header
from outreach.establishments.refusal import Refusal
from outreach.establishments.rows import Rows
from outreach.establishments.sheet import Record

_UNIQUE = ("establishment_id", "finess")


def repeated_sirets(records: Iterable[Record], header: Header) -> frozenset[str]:
    """Give the SIRET numbers that stand on several rows: one SIRET may run several establishments."""
    places = header.columns.get("siret", ())
    if not places:
        return frozenset()
    times = Counter(
        " ".join(filter(None, (record[1][x].strip() for x in places if x < len(record[1]))))
        for record in records
        if not isinstance(record, Refusal)
    )
    numbers: Counter[str] = Counter()
    for cell, n in times.items():
        numbers[cells.siret(cell).value] += n
    return frozenset(number for number, n in numbers.items() if n > 1)


class Identity:
    """The identifiers given so far in a list that is read part by part.

    A row bears the list's own identifier, else its FINESS number, else a SIRET that stands once in
    the list, else its row number.
    """

    def __init__(self, file: str, sirets_of_several: Container[str]) -> None:
        self._file, self._of_several = file, sirets_of_several
        # Value → the first row that bears it; value → all its rows when there are more.
        self._first: dict[str, dict[str, int]] = {ours: {} for ours in _UNIQUE}
        self._rows: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._theirs = dict.fromkeys(_UNIQUE, "")
        self._sirets: set[str] = set()

    def identify(self, rows: Rows, columns: dict[str, list[Any]]) -> list[str]:
        """Give the identifiers of one part's rows, in their order; refused rows count for nothing."""
        for ours in _UNIQUE:
            self._theirs[ours] = rows.theirs(ours)
        identifiers = []
        for at, (own, finess, siret) in enumerate(
            zip(columns["establishment_id"], columns["finess"], columns["siret"], strict=True)
        ):
            number = rows.numbers[at]
            identifier = ""
            if at not in rows.refused:
                identifier = own or finess
                # One row's own identifier may be another row's FINESS number.
                other = self._first["finess" if own else "establishment_id"]
                if identifier in other or identifier in self._sirets:
                    identifier = ""
                elif not identifier and siret and siret not in self._of_several:
                    identifier = "" if siret in self._first["establishment_id"] else siret
                    self._sirets.add(siret)
                self._note("establishment_id", own, number)
                self._note("finess", finess, number)
            identifiers.append(identifier or f"row-{number}")
        return identifiers

    def check(self) -> None:
        """Refuse the list when identifiers stand on several rows.

        Raises:
            InputError: they do; each is listed with its rows.
        """
        problems = []
        for (ours, value), numbers in sorted(self._rows.items()):
            listed = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
            problems.append(f'{self._theirs[ours]} "{value}" stands on rows {listed}')
        if problems:
            raise InputError(
                f"{self._file}: {len(problems)} identifier(s) stand on several rows, so that these would "
                "be counted twice; keep one row each, or correct the number.",
                problems,
            )

    def _note(self, ours: str, value: str, number: int) -> None:
        if value and (first := self._first[ours].setdefault(value, number)) != number:
            rows = self._rows[(ours, value)]
            rows += [number] if rows else [first, number]
