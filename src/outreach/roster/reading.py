"""What every official format gives: one list of one chamber, as its publisher wrote it that day."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from outreach.errors import InputError
from outreach.roster.seat import Chamber, PostalAddress

# Our columns that a list may fill. A field that a list does not know is absent, never "".
FIELDS: Final = (
    "gender",
    "first_name",
    "last_name",
    "department_code",
    "constituency_code",
    "political_group",
    "commission",
    "functions",
    "email",
    "in_office_since",
)
FUNCTIONS_BETWEEN: Final = " | "


@dataclass(frozen=True, slots=True)
class Record:
    """One person in office, as one list has them.

    Attributes:
        official_id: "PA…" or a matricule; "" in the RNE, which has none.
        values: our column → text, only those that the list fills; labels as published.
        offices: constituency offices.
        place: where in the file, for messages: "line 12", "PA1008.json".
    """

    official_id: str
    values: Mapping[str, str]
    place: str
    offices: tuple[PostalAddress, ...] = ()

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.values.get('first_name', '')} {self.values.get('last_name', '')}".strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """One list of one chamber on one date.

    Attributes:
        source: the format's short name: "amo", "datan", "odsen", "senat-api", …; every value
            of the records comes from it, as of ``as_of``.
        publisher: who made the list.
        notes: what a person should know: new columns, addresses left out, rows set aside.
    """

    source: str
    publisher: str
    chamber: Chamber
    path: Path
    as_of: dt.date
    records: tuple[Record, ...]
    notes: tuple[str, ...] = field(default=())

    def by_id(self) -> dict[str, Record]:
        """Give the records by official id."""
        return {record.official_id: record for record in self.records}


def refuse_doubles(path: Path, records: list[Record]) -> None:
    """Stop when one list names an official id twice.

    Raises:
        InputError: all the doubled ids, with their places.
    """
    counts = Counter(record.official_id for record in records if record.official_id)
    doubled = [official_id for official_id, count in counts.items() if count > 1]
    if doubled:
        raise InputError(
            f"{path}: official ids appear more than once; fetch the file again.",
            [
                f"{official_id}: "
                + ", ".join(record.place for record in records if record.official_id == official_id)
                for official_id in sorted(doubled)
            ],
        )


def filled(values: Mapping[str, str | None]) -> dict[str, str]:
    """Keep the values that say something."""
    return {key: value for key, value in values.items() if value}


def gender_of(civility: str) -> str:
    """Give "F" or "M" from "Mme", "Mlle", "M.", "F", "M"; "" for anything else."""
    return {"Mme": "F", "Mlle": "F", "F": "F", "M.": "M", "M": "M"}.get(civility.strip(), "")
