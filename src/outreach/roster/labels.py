"""One label for one group and one name for one commission, whatever a publisher calls them.

    groups.csv        label of a publisher → political_group, political_group_name
    commissions.csv   label of a publisher → the commission in words, as a letter says it

A label that the tables do not know is kept as published, and said.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from outreach.files import ascii_slug
from outreach.roster.reading import Reading, Record
from outreach.roster.table import read_rows

GROUP_COLUMNS: Final = ("label", "since", "political_group", "political_group_name", "note")
COMMISSION_COLUMNS: Final = ("label", "commission")


@dataclass(frozen=True, slots=True)
class Labels:
    """The two tables of one chamber.

    Attributes:
        groups: slug of a label → (first day on which it means this group, our label).
        group_names: our label → name in full.
        commissions: slug of a label → the commission in words.
    """

    groups: Mapping[str, tuple[str, str]]
    group_names: Mapping[str, str]
    commissions: Mapping[str, str]

    def group(self, label: str, on: dt.date) -> str | None:
        """Give our label of a group, None when the table does not know it on that day."""
        since, ours = self.groups.get(ascii_slug(label), ("9999", ""))
        return ours if since <= on.isoformat() else None

    def commission(self, label: str) -> str | None:
        """Give the commission in words, None when the table does not know it."""
        return self.commissions.get(ascii_slug(label))


def read_labels(folder: Path) -> Labels:
    """Read groups.csv and commissions.csv.

    Raises:
        InputError: a file or a column is missing.
    """
    groups = read_rows(folder / "groups.csv", GROUP_COLUMNS)
    commissions = read_rows(folder / "commissions.csv", COMMISSION_COLUMNS)
    return Labels(
        {ascii_slug(row["label"]): (row["since"], row["political_group"]) for row in groups},
        {row["political_group"]: row["political_group_name"] for row in groups},
        {ascii_slug(row["label"]): row["commission"] for row in commissions},
    )


def with_our_labels(reading: Reading, labels: Labels) -> Reading:
    """Give the same list under our labels, with a note for each label that is not known."""
    unknown: dict[str, int] = {}
    records = tuple(_relabelled(record, reading, labels, unknown) for record in reading.records)
    notes = [
        f"{reading.path.name}: {label} is not in the tables of labels; kept as published "
        f"({count} times)"
        for label, count in sorted(unknown.items())
    ]
    return replace(reading, records=records, notes=(*reading.notes, *notes))


def _relabelled(
    record: Record, reading: Reading, labels: Labels, unknown: dict[str, int]
) -> Record:
    values = dict(record.values)
    if group := values.get("political_group"):
        ours = labels.group(group, reading.as_of)
        values["political_group"] = ours or group
        if ours is None:
            unknown[f'group "{group}"'] = unknown.get(f'group "{group}"', 0) + 1
    if commission := values.get("commission"):
        words = labels.commission(commission)
        values["commission"] = words or commission[0].lower() + commission[1:]
        if words is None:
            unknown[f'"{commission}"'] = unknown.get(f'"{commission}"', 0) + 1
    return replace(record, values=values)
