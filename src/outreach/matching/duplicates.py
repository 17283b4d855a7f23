"""The same establishment twice under two spellings: listed for a person, never merged."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, NamedTuple
from zlib import crc32

import pandas as pd
from rapidfuzz import fuzz

from outreach.establishments.spelling import commune_key, plain, street_key
from outreach.spreadsheets import csv_text

COLUMNS = (
    "likeness", "row", "other_row", "name", "other_name", "address", "other_address",
    "commune_name", "reason",
)  # fmt: skip
# Two rows of which a letter would count both, unless their kinds differ: several services of one
# association at one address.
SAME = "the same name and address"
_ALIKE_NAME, _ALIKE_STREET, _ALIKE_WITHOUT_ADDRESS = 82.0, 86.0, 95.0
# Rows that share a postcode are compared two by two; a postcode with more rows than this holds a
# city's whole list, where only rows of one street are compared.
_MOST_TOGETHER = 200
# Rows wait in so many heaps, those of one postcode together; beyond this size on disk.
_HEAPS, _IN_MEMORY = 64, 2**19


class Listed(NamedTuple):
    """One row of the list, as it is compared and shown; ``place`` is its postcode, else its city."""

    row: int
    name: str
    address: str
    commune_name: str
    finess: str
    category: str
    place: str
    plain_name: str
    street: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two rows that may be one establishment, and why."""

    first: Listed
    second: Listed
    likeness: float
    reason: str


class DuplicateSearch(ExitStack):
    """Compares the rows of a list that comes part by part; only one heap of rows is held at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._heaps: list[IO[bytes]] = [
            self.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 -- the stack closes it
            for _ in range(_HEAPS)
        ]

    def add(self, table: pd.DataFrame) -> None:
        """Take the rows of a part (columns.TABLE)."""
        heaps: dict[int, list[tuple[object, ...]]] = defaultdict(list)
        names = ("source_row", "name", "address", "commune_name", "finess", "category", "postcode")
        for *cells, postcode in zip(*(table[name].array.tolist() for name in names), strict=True):
            place = postcode or commune_key(cells[3])
            if place:
                heaps[crc32(place.encode()) % _HEAPS].append((*cells, place))
        for at, rows in heaps.items():
            self._heaps[at].write(json.dumps(rows).encode() + b"\n")

    def find(self) -> list[Duplicate]:
        """Give the pairs of rows within a postcode that are alike by name and address, the most alike first.

        Two different FINESS numbers are two establishments, whatever their names: one street often
        holds several services.
        """
        found: list[Duplicate] = []
        for heap in self._heaps:
            groups: dict[str, list[Listed]] = defaultdict(list)
            heap.seek(0)
            for line in heap:
                for row, name, address, city, finess, category, place in json.loads(line):
                    groups[place].append(
                        Listed(
                            row, name, address, city, finess, category, place,
                            plain(name), street_key(address),
                        )
                    )  # fmt: skip
            for rows in groups.values():
                for together in _compared(rows):
                    found += _pairs(together)
        return sorted(found, key=lambda pair: (-pair.likeness, pair.first.row, pair.second.row))


def duplicates_text(duplicates: Iterable[Duplicate]) -> str:
    """The pairs as a CSV for a person to look at."""
    return "\ufeff" + csv_text(
        COLUMNS,
        (
            {
                "likeness": round(pair.likeness),
                "row": pair.first.row,
                "other_row": pair.second.row,
                "name": pair.first.name,
                "other_name": pair.second.name,
                "address": pair.first.address,
                "other_address": pair.second.address,
                "commune_name": pair.first.commune_name,
                "reason": pair.reason,
            }
            for pair in duplicates
        ),
    )


def _compared(rows: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    """The rows of one postcode that are compared with each other."""
    if len(rows) <= _MOST_TOGETHER:
        yield rows
        return
    streets: dict[str, list[Listed]] = defaultdict(list)
    for row in rows:
        if row.street:
            streets[row.street].append(row)
    yield from (together for together in streets.values() if len(together) <= _MOST_TOGETHER)


def _pairs(rows: Sequence[Listed]) -> Iterator[Duplicate]:
    for position, first in enumerate(rows):
        for second in rows[position + 1 :]:
            pair = _pair(first, second)
            if pair:
                yield pair


def _pair(first: Listed, second: Listed) -> Duplicate | None:
    if first.finess and second.finess and first.finess != second.finess:
        return None
    alike = fuzz.token_set_ratio(first.plain_name, second.plain_name, score_cutoff=_ALIKE_NAME)
    if not alike:
        return None
    if not first.street or not second.street:
        if alike < _ALIKE_WITHOUT_ADDRESS:
            return None
        return Duplicate(first, second, alike, "alike by name, one has no address")
    street = fuzz.token_sort_ratio(first.street, second.street, score_cutoff=_ALIKE_STREET)
    other_kind = first.category and second.category and first.category != second.category
    if not street or (other_kind and first.plain_name != second.plain_name):
        return None
    same = (first.plain_name, first.street) == (second.plain_name, second.street)
    reason = SAME if same and not other_kind else "alike by name and address in one postcode"
    return Duplicate(first, second, (alike + street) / 2, reason)
