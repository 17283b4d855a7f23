"""Several lists of one chamber made one: by official id, field by field, each disagreement told.

Who is in office is what the newest list says. Each field is then taken from the lists that know
it, in this order:

    first_name, last_name, gender   the chamber's own lists first (SPELLING), whatever their date
    everything else                 the newest list first, then SPELLING

The RNE has no official id: it is compared with the settled result, and makes nobody.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from outreach.errors import InputError
from outreach.files import ascii_slug
from outreach.roster.emails import carries_name, is_official
from outreach.roster.reading import FIELDS, Reading, Record
from outreach.roster.seat import Chamber, PostalAddress

SPELLING: Final = ("amo", "libre-office", "odsen", "senat-api", "datan")
_BY_SPELLING: Final = frozenset({"first_name", "last_name", "gender"})

Kind = Literal["disagreement", "refused", "flagged", "joined", "left", "declared", "check", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know about a merge; never a reason to stop by itself.

    Attributes:
        kind: "disagreement" between lists; "refused", a value that is not used; "flagged", one
            that is used and unusual; "joined" and "left" between two lists; "declared", what
            became of a declared row; "check", what the RNE says; "note", from one list.
        subject: the official id, or a file.
    """

    kind: Kind
    subject: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Sourced:
    """A value with where it comes from."""

    text: str
    source: str
    as_of: dt.date

    def __str__(self) -> str:
        return f'{self.source} of {self.as_of:%Y-%m-%d} says "{self.text}"'


@dataclass(frozen=True, slots=True)
class Member:
    """One person in office, each value with its source."""

    official_id: str
    values: Mapping[str, Sourced]
    offices: tuple[PostalAddress, ...] = ()

    def text(self, field: str) -> str:
        """Give a value, "" when no list knows it."""
        value = self.values.get(field)
        return value.text if value else ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.text('first_name')} {self.text('last_name')}".strip()


def merge(readings: Sequence[Reading]) -> tuple[dict[str, Member], dt.date, list[Finding]]:
    """Merge the lists of one chamber.

    Args:
        readings: lists with official ids, at least one, and RNE registers; one chamber.

    Returns:
        The members by official id; the date of the list that says who is in office; findings.

    Raises:
        InputError: the lists are of two chambers, or none has official ids.
    """
    chambers = {reading.chamber for reading in readings}
    lists = sorted((r for r in readings if r.source != "rne"), key=_newest_first)
    if len(chambers) > 1 or not lists:
        raise InputError(
            "Name the lists of one chamber, at least one of them with official ids "
            "(the RNE has none and only checks).",
            [f"{r.path.name}: {r.source}, {r.chamber}, {r.as_of:%Y-%m-%d}" for r in readings],
        )
    findings = [
        Finding("note", reading.path.name, "", note)
        for reading in readings
        for note in reading.notes
    ]
    findings += _comings_and_goings(lists)
    by_id = [(reading, reading.by_id()) for reading in lists]
    members = {key: _merged(key, by_id, findings) for key in by_id[0][1]}
    members = _without_shared_addresses(members, findings)
    return members, lists[0].as_of, findings


def clean_name(name: str) -> str:
    """Take out what a publisher adds to tell homonyms apart: "Martin (Gironde)" → "Martin"."""
    return re.sub(r"\s*\([^)]*\)\s*$", "", name).strip()


def email_findings(
    official_id: str, address: Sourced, first_name: str, last_name: str, chamber: Chamber
) -> Finding | None:
    """Judge an address: None when it is an official one that can be this person's.

    Returns:
        A finding "refused" when it is an official address without any part of the name;
        "flagged" when it is on another domain than the chamber's.
    """
    if not is_official(address.text, chamber):
        return Finding("flagged", official_id, "email", f"{address}: not the chamber's domain")
    if not carries_name(address.text, first_name, last_name):
        return Finding(
            "refused",
            official_id,
            "email",
            f"{address}, which holds no part of the name of {first_name} {last_name}: "
            "it belongs to somebody else",
        )
    return None


def check_register(register: Reading, members: Iterable[Member]) -> list[Finding]:
    """Say where an RNE register and the settled members differ, by seat and name."""
    seat = "constituency_code" if register.chamber == "assemblee" else "department_code"
    ours = {(member.text(seat), _key(member.name)) for member in members}
    return [
        Finding(
            "check",
            record.values[seat],
            seat,
            f"the RNE of {register.as_of} has {record.name} here, the roster does not",
        )
        for record in register.records
        if (record.values[seat], _key(record.name)) not in ours
    ]


def _newest_first(reading: Reading) -> tuple[int, int]:
    return -reading.as_of.toordinal(), _rank(reading.source)


def _rank(source: str) -> int:
    return SPELLING.index(source) if source in SPELLING else len(SPELLING)


def _comings_and_goings(lists: Sequence[Reading]) -> list[Finding]:
    newest = lists[0]
    findings = []
    for older in lists[1:]:
        between = f"between {older.source} of {older.as_of} and {newest.source} of {newest.as_of}"
        was, now = older.by_id(), newest.by_id()
        findings += [
            Finding("left", key, "", f"{was[key].name} left {between}")
            for key in sorted(was.keys() - now.keys())
        ]
        findings += [
            Finding("joined", key, "", f"{now[key].name} joined {between}")
            for key in sorted(now.keys() - was.keys())
        ]
    return findings


def _merged(
    official_id: str,
    lists: Sequence[tuple[Reading, Mapping[str, Record]]],
    findings: list[Finding],
) -> Member:
    known = [(reading, by_id[official_id]) for reading, by_id in lists if official_id in by_id]
    first_name, last_name = (
        _by_spelling(_candidates(known, name))[0].text for name in ("first_name", "last_name")
    )
    values: dict[str, Sourced] = {}
    for field in FIELDS:
        candidates = _candidates(known, field)
        if field in _BY_SPELLING:
            candidates = _by_spelling(candidates)
        if field == "email":
            candidates = _usable(official_id, candidates, first_name, last_name, known, findings)
        if candidates:
            values[field] = candidates[0]
            findings += _disagreements(official_id, field, candidates)
    offices = next((record.offices for _, record in known if record.offices), ())
    return Member(official_id, values, offices)


def _candidates(known: Sequence[tuple[Reading, Record]], field: str) -> list[Sourced]:
    return [
        Sourced(clean_name(text) if field == "last_name" else text, reading.source, reading.as_of)
        for reading, record in known
        if (text := record.values.get(field))
    ]


def _by_spelling(candidates: list[Sourced]) -> list[Sourced]:
    return sorted(candidates, key=lambda value: _rank(value.source))


def _usable(
    official_id: str,
    candidates: list[Sourced],
    first_name: str,
    last_name: str,
    known: Sequence[tuple[Reading, Record]],
    findings: list[Finding],
) -> list[Sourced]:
    usable = []
    for candidate in candidates:
        finding = email_findings(official_id, candidate, first_name, last_name, known[0][0].chamber)
        if finding:
            findings.append(finding)
        if finding is None or finding.kind == "flagged":
            usable.append(candidate)
    return usable


def _disagreements(official_id: str, field: str, candidates: Sequence[Sourced]) -> list[Finding]:
    taken = candidates[0]
    return [
        Finding("disagreement", official_id, field, f"{other}, {taken}; {taken.source} is taken")
        for other in candidates[1:]
        if other.text != taken.text
    ]


def _without_shared_addresses(
    members: Mapping[str, Member], findings: list[Finding]
) -> dict[str, Member]:
    """Take an address away from everybody when two persons have it: it cannot be both's."""
    holders: dict[str, list[str]] = {}
    for member in members.values():
        if address := member.text("email"):
            holders.setdefault(address, []).append(member.official_id)
    result = dict(members)
    for address, ids in holders.items():
        if len(ids) > 1:
            names = ", ".join(f"{members[key].name} ({key})" for key in ids)
            for key in ids:
                values = {f: v for f, v in members[key].values.items() if f != "email"}
                result[key] = Member(key, values, members[key].offices)
                findings.append(Finding("refused", key, "email", f"{address} is given for {names}"))
    return result


def _key(name: str) -> str:
    return "-".join(sorted(ascii_slug(name).split("-")))
