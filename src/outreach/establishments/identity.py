"""Which identifier each row of a list bears; the same one on two rows refuses the list."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        self._met = {ours: _Met() for ours in _UNIQUE}
        self._given = _Met()
        # What stands on several rows: (column, value) → its rows.
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._theirs = dict.fromkeys(_UNIQUE, "")

    def identify(self, rows: Rows, columns: dict[str, list[Any]]) -> list[str]:
        """Give the identifiers of one part's rows, in their order; refused rows count for nothing."""
        for ours in _UNIQUE:
            self._theirs[ours] = rows.theirs(ours)
            self._note(ours, columns[ours], rows)
        wanted = [
            "" if at in rows.refused else own or finess or ("" if siret in self._of_several else siret)
            for at, (own, finess, siret) in enumerate(
                zip(columns["establishment_id"], columns["finess"], columns["siret"], strict=True)
            )
        ]  # fmt: skip
        # One row's own identifier may be another row's FINESS number: the first row keeps it.
        given = self._given.rows_of(wanted)
        here: dict[str, int] = {}
        identifiers = []
        for identifier, number in zip(wanted, rows.numbers, strict=True):
            if not identifier or identifier in given or identifier in here:
                identifiers.append(f"row-{number}")
            else:
                here[identifier] = number
                identifiers.append(identifier)
        self._given.add(here)
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

    def _note(self, ours: str, values: Sequence[str], rows: Rows) -> None:
        before = self._met[ours].rows_of(values)
        here: dict[str, int] = {}
        for at, (value, number) in enumerate(zip(values, rows.numbers, strict=True)):
            if not value or at in rows.refused:
                continue
            first = before.get(value) or here.setdefault(value, number)
            if first != number:
                self._rows.setdefault((ours, value), [first]).append(number)
        self._met[ours].add(here)


class _Met:
    """Values met in earlier parts, each with its row: 16 bytes a value, where a dict takes 170."""

    def __init__(self) -> None:
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []

    def add(self, rows: Mapping[str, int]) -> None:
        """Remember the values of a part: value → row."""
        hashes = np.fromiter(map(hash, rows), dtype=np.int64, count=len(rows))
        order = np.argsort(hashes)
        numbers = np.fromiter(rows.values(), dtype=np.int64, count=len(rows))
        self._parts.append((hashes[order], numbers[order]))

    def rows_of(self, values: Sequence[str]) -> dict[str, int]:
        """Give the values that were met before, with their row."""
        if not self._parts or not any(values):
            return {}
        hashes = np.fromiter(map(hash, values), dtype=np.int64, count=len(values))
        found: dict[str, int] = {}
        for known, numbers in self._parts:
            if len(known):
                at = np.searchsorted(known, hashes).clip(max=len(known) - 1)
                for place in np.flatnonzero(known[at] == hashes).tolist():
                    found[values[place]] = int(numbers[at[place]])
        return found
