"""matches.csv: the whole matched table for people, what is worth looking at first."""

import shutil
import tempfile
from contextlib import ExitStack
from typing import IO, BinaryIO

import numpy as np
import pandas as pd

from outreach.establishments.columns import MATCH, TABLE
from outreach.spreadsheets import Cell, columns_text, csv_text

# What a person should look at first: doubts, then what was read by likeness, then the rest.
_ORDER = {"unsure": 0, "department": 2, "postcode": 3, "commune": 4, "address": 5}
_LIKENESS = 1
# Beyond this a rank's rows wait on disk.
_IN_MEMORY = 2**20


class MatchesFile(ExitStack):
    """TABLE + MATCH for people, guarded for spreadsheets, added part by part.

    Rows wait apart by how much they are worth looking at, in the list's order, and are joined at
    the end: a list in parts gives the same file as the whole list.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ranks: list[IO[bytes]] = [
            self.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 -- the stack closes it
            for _ in range(max(_ORDER.values()) + 1)
        ]

    def add(self, matched: pd.DataFrame) -> None:
        """Add the rows of one part."""
        ranks = rank_for_people(matched)
        columns = [_cells(matched[name]) for name in (*TABLE, *MATCH)]
        for rank in np.unique(ranks):
            rows = np.flatnonzero(ranks == rank)
            text = columns_text([column[rows].tolist() for column in columns])
            self._ranks[rank].write(text.encode())

    def write_to(self, file: BinaryIO) -> None:
        """Write the header and all rows, what is worth looking at first."""
        file.write(("\ufeff" + csv_text([*TABLE, *MATCH], [])).encode())
        for waiting in self._ranks:
            waiting.seek(0)
            shutil.copyfileobj(waiting, file)


def rank_for_people(matched: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Give each row's place in the order of looking: 0 first."""
    rank = matched["certainty"].map(_ORDER).to_numpy(dtype=np.int64)
    alike = (matched["method"] == "fuzzy_name").to_numpy(dtype=bool)
    return np.where(alike & (rank > _LIKENESS), _LIKENESS, rank)


def _cells(column: "pd.Series[str]") -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """The values of a column as Python's own, None where missing."""
    values = np.empty(len(column), dtype=object)
    listed: list[Cell] = [None if value is pd.NA else value for value in column.array.tolist()]
    values[:] = listed
    return values
