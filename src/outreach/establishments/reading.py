"""What reading a list gives: the rows taken, the rows refused, what was repaired, what was understood."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from babel.dates import format_date

from outreach.establishments.refusal import Refusal, Repair
from outreach.spreadsheets import columns_text, csv_text

# What a terminal shows of the repairs before it says how many more there are.
FIRST_REPAIRS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A list, read.

    Attributes:
        table: columns.TABLE, one row per establishment taken.
        refused: the rows left out; len(table) + len(refused) + blank rows = rows received.
        columns: our column → their columns, as understood or as told.
        ignored: their columns that are not used.
        repairs: values changed on the way.
        notes: what a person should know of the file as a whole (encoding, separator, sheet).
        received: rows that are not blank, without the header.
        repeated: numbers of the rows that are the header again; not in ``received``.
        source: what a letter says of an official file ("FINESS, extrait du 13 août 2026"); "" for
            a member list, whose source campaign.toml names.
        as_of: the official file's date, "" for a member list.
    """

    table: pd.DataFrame
    refused: tuple[Refusal, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()
    received: int = 0
    repeated: tuple[int, ...] = ()
    source: str = ""
    as_of: str = ""


@dataclass
class Understood:
    """What is said of a list that was read part by part, without its rows.

    Attributes:
        first: the first part: columns, notes, source.
        most: how many repairs to keep; None for all.
        repairs: the first ``most`` of them, of ``repaired`` in all.
        refused: all of them.
        received, taken: rows; received = taken + refused.
        repeated: numbers of the rows that are the header again.
    """

    first: Reading
    most: int | None = FIRST_REPAIRS
    repairs: list[Repair] = field(default_factory=list)
    repaired: int = 0
    refused: list[Refusal] = field(default_factory=list)
    received: int = 0
    taken: int = 0
    repeated: list[int] = field(default_factory=list)

    def add(self, part: Reading) -> None:
        """Add a part, the first included."""
        left = None if self.most is None else self.most - len(self.repairs)
        self.repairs += part.repairs[:left]
        self.repaired += len(part.repairs)
        self.refused += part.refused
        self.received += part.received
        self.taken += len(part.table)
        self.repeated += part.repeated


def repairs_text(repairs: Sequence[Repair], *, header: bool = True) -> str:
    """Give values read otherwise than typed as CSV text for people; became is "" when left out.

    ``header=False`` gives a part that follows another one.
    """
    names = ("row", "column", "value", "became", "reason")
    start = "\ufeff" + csv_text(names, ()) if header else ""
    return start + columns_text([[getattr(repair, name) for repair in repairs] for name in names])


def finess_source(day: str) -> str:
    """What a letter says of a FINESS file: "2026-08-13" → "FINESS, extrait du 13 août 2026"."""
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        return "FINESS"
    pattern = "d'er' MMMM y" if date.day == 1 else "d MMMM y"
    return f"FINESS, extrait du {format_date(date, pattern, locale='fr')}"
