"""What changed between two lists of one chamber: who came, who left, group, commission, address."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from outreach.errors import InputError
from outreach.roster.emails import domain_of
from outreach.roster.formats import read_official
from outreach.roster.labels import read_labels, with_our_labels
from outreach.roster.merge import clean_name
from outreach.roster.reading import FUNCTIONS_BETWEEN, Record
from outreach.roster.seat import Chamber, Parliamentarian, PostalAddress, Roster
from outreach.roster.seats import seat_of
from outreach.roster.table import read_roster, read_toml

Kind = Literal[
    "came", "left", "seat", "name", "group", "commission", "functions", "email", "address"
]
CHANGE_COLUMNS: Final = ("change", "official_id", "name", "seat", "before", "after")
# The fields of one person that are compared, and what a change of each is called.
_COMPARED: Final[Mapping[str, Kind]] = {
    "seat": "seat",
    "name": "name",
    "political_group": "group",
    "commission": "commission",
    "functions": "functions",
    "email": "email",
    "addresses": "address",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """One person in a list, as far as lists are compared.

    ``values`` has only the fields that the list knows at all: a list without e-mails does not
    say that everybody lost theirs.
    """

    official_id: str
    name: str
    seat: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``before`` is empty for who came, ``after`` for who left."""

    kind: Kind
    official_id: str
    name: str
    seat: str
    before: str
    after: str

    def row(self) -> dict[str, str]:
        """Give the cells of CHANGE_COLUMNS."""
        return {
            "change": self.kind,
            "official_id": self.official_id,
            "name": self.name,
            "seat": self.seat,
            "before": self.before,
            "after": self.after,
        }


def read_holders(path: Path, tables: Mapping[Chamber, Path]) -> tuple[Chamber, dict[str, Holder]]:
    """Read a roster folder or an official list in any format with official ids.

    Args:
        path: a folder with source.toml, or an official file.
        tables: for each chamber the folder of its labels.

    Raises:
        InputError: the path is neither, is faulty, or has no official ids (the RNE).
    """
    if (path / "source.toml").exists():
        chamber: Chamber = read_toml(path / "source.toml")["chamber"]
        return chamber, holders_of(read_roster(path, chamber))
    reading = read_official(path)
    if reading.source == "rne":
        raise InputError(f"{path}: the RNE has no official ids; it cannot be compared by person.")
    reading = with_our_labels(reading, read_labels(tables[reading.chamber]))
    known = {field for record in reading.records for field in record.values}
    if any(record.offices for record in reading.records):
        known.add("addresses")
    return reading.chamber, {
        record.official_id: _of_record(record, reading.chamber, known) for record in reading.records
    }


def holders_of(roster: Roster) -> dict[str, Holder]:
    """Give the holders of a roster by official id; an older commission counts as known."""
    return {person.official_id: _of_person(person) for person in roster.members}


def compare(old: Mapping[str, Holder], new: Mapping[str, Holder]) -> list[Change]:
    """List what changed, by seat and then by kind in the order of Kind.

    Who came and who left the same seat stand together, each naming the other.
    """
    left = [old[key] for key in old.keys() - new.keys()]
    came = [new[key] for key in new.keys() - old.keys()]
    changes = [_gone(holder, _other(holder, came)) for holder in left]
    changes += [_arrived(holder, _other(holder, left)) for holder in came]
    for key in old.keys() & new.keys():
        before, after = old[key], new[key]
        changes += [
            Change(kind, key, after.name, after.seat, before.values[field], after.values[field])
            for field, kind in _COMPARED.items()
            if field in before.values
            and field in after.values
            and before.values[field] != after.values[field]
        ]
    order = ["left", "came", *_COMPARED.values()]
    return sorted(changes, key=lambda c: (c.seat, order.index(c.kind), c.official_id))


def changed_domains(changes: list[Change]) -> list[Change]:
    """Pick the changes of address that lead to another domain."""
    return [
        change
        for change in changes
        if change.kind == "email"
        and change.before
        and change.after
        and domain_of(change.before) != domain_of(change.after)
    ]


def _of_person(person: Parliamentarian) -> Holder:
    offices = [address for address in person.addresses if address.kind == "constituency_office"]
    seat = seat_of(person)
    return Holder(
        person.official_id,
        person.full_name,
        seat,
        {
            "seat": seat,
            "name": person.full_name,
            "political_group": person.political_group,
            "commission": person.commission or person.last_known_commission,
            "functions": FUNCTIONS_BETWEEN.join(
                sorted((*person.functions, *person.last_known_functions))
            ),
            "email": person.email,
            "addresses": _in_a_line(offices),
        },
    )


def _of_record(record: Record, chamber: Chamber, known: set[str]) -> Holder:
    seat = record.values["constituency_code" if chamber == "assemblee" else "department_code"]
    name = f"{record.values.get('first_name', '')} {clean_name(record.values['last_name'])}".strip()
    values = {
        "political_group": record.values.get("political_group", ""),
        "commission": record.values.get("commission", ""),
        "functions": FUNCTIONS_BETWEEN.join(
            sorted(record.values.get("functions", "").split(FUNCTIONS_BETWEEN))
        ),
        "email": record.values.get("email", ""),
        "addresses": _in_a_line(record.offices),
    }
    compared = {field: text for field, text in values.items() if field in known}
    return Holder(record.official_id, name, seat, {"seat": seat, "name": name, **compared})


def _in_a_line(offices: "list[PostalAddress] | tuple[PostalAddress, ...]") -> str:
    return " / ".join(
        ", ".join((*office.lines, f"{office.postcode} {office.city}")) for office in offices
    )


def _other(holder: Holder, others: list[Holder]) -> str:
    return ", ".join(
        sorted(other.name for other in others if other.seat == holder.seat and "-" in holder.seat)
    )


def _gone(holder: Holder, by: str) -> Change:
    after = f"replaced by {by}" if by else ""
    return Change("left", holder.official_id, holder.name, holder.seat, _group(holder), after)


def _arrived(holder: Holder, of: str) -> Change:
    before = f"replaces {of}" if of else ""
    return Change("came", holder.official_id, holder.name, holder.seat, before, _group(holder))


def _group(holder: Holder) -> str:
    return holder.values.get("political_group", "")
