"""The merged lists and the declared rows brought together: who holds each seat, and what is vacant."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from outreach.errors import InputError
from outreach.roster.declared import (
    IN_OFFICE,
    Arrival,
    Correction,
    Declared,
    DeclaredVacancy,
)
from outreach.roster.merge import Finding, Member, Sourced, email_findings
from outreach.roster.seat import Chamber
from outreach.roster.seats import Seats


@dataclass(frozen=True, slots=True)
class Settled:
    """Who holds each seat; what is vacant; what became of each declared row."""

    members: Mapping[str, Member]
    vacancies: list[DeclaredVacancy]
    findings: list[Finding]


def settle(
    members: Mapping[str, Member],
    list_date: dt.date,
    declared: Declared,
    seats: Seats,
    today: dt.date,
) -> Settled:
    """Apply arrivals, corrections and vacancies, in this order.

    Args:
        members: from merge.
        list_date: the date of the list that says who is in office; news older than it give way.
        declared: the rows of the three files.
        seats: the table of seats.
        today: rows that hold and whose date has passed are refused.

    Raises:
        InputError: rows that still hold have expired; all of them are listed.
    """
    held = dict(members)
    findings: list[Finding] = []
    expired: list[str] = []
    for arrival in declared.arrivals:
        findings += _arrive(arrival, held, list_date, seats.chamber, today, expired)
    for correction in declared.corrections:
        findings += _correct(correction, held, list_date, seats.chamber, today, expired)
    vacancies = []
    for vacancy in declared.vacancies:
        holds, told = _vacate(vacancy, held, list_date, seats)
        findings += told
        if holds:
            vacancies.append(vacancy)
            if vacancy.vacancy.until < today:
                expired.append(_expired(vacancy.place, vacancy.vacancy.until, today))
    if expired:
        raise InputError(
            "Declared rows have expired; look at their source again, then renew the date or "
            "take the row out.",
            expired,
        )
    return Settled(held, vacancies, findings)


def _arrive(
    arrival: Arrival,
    held: dict[str, Member],
    list_date: dt.date,
    chamber: Chamber,
    today: dt.date,
    expired: list[str],
) -> list[Finding]:
    key = arrival.official_id
    if key in held:
        return [_told(key, "", f"{arrival.place}: the lists have this arrival now; take it out")]
    if arrival.as_of < list_date:
        return [
            _told(
                key,
                "",
                f"{arrival.place}: the list of {list_date} is newer and does not have this "
                "arrival; it was not added",
            )
        ]
    if arrival.expires < today:
        expired.append(_expired(arrival.place, arrival.expires, today))
    values = {
        field: Sourced(text, "arrival", arrival.as_of) for field, text in arrival.values.items()
    }
    member = Member(key, values)
    findings = []
    if address := values.get("email"):
        judged = email_findings(
            key, address, member.text("first_name"), member.text("last_name"), chamber
        )
        if judged:
            findings.append(judged)
            if judged.kind == "refused":
                member = _with(member, "email", None)
    held[key] = member
    if arrival.replaces and held.pop(arrival.replaces, None) is None:
        findings.append(_told(key, "", f"{arrival.place}: {arrival.replaces} is in no list now"))
    return findings


def _correct(
    correction: Correction,
    held: dict[str, Member],
    list_date: dt.date,
    chamber: Chamber,
    today: dt.date,
    expired: list[str],
) -> list[Finding]:
    key, place, field = correction.official_id, correction.place, correction.field
    member = held.get(key)
    if member is None:
        return [_told(key, field, f"{place}: is not in office; take the row out")]
    current = member.values.get(field)
    known_on = current.as_of if current else None
    if field == IN_OFFICE:
        known_on = list_date
    if correction.kind == "news" and known_on and known_on > correction.as_of:
        return [
            _told(key, field, f"{place}: a list of {known_on} is newer and was taken; take it out")
        ]
    if current and current.text == correction.value:
        return [_told(key, field, f"{place}: the lists say the same now; take the row out")]
    if correction.expires < today:
        expired.append(_expired(place, correction.expires, today))
    if field == IN_OFFICE:
        del held[key]
        return []
    value = Sourced(correction.value, "correction", correction.as_of) if correction.value else None
    held[key] = _with(member, field, value)
    findings = []
    if value and field == "email":
        judged = email_findings(
            key, value, member.text("first_name"), member.text("last_name"), chamber
        )
        # somebody has looked and given the reason: kept, and shown
        if judged:
            findings.append(replace(judged, kind="flagged"))
    return findings


def _vacate(
    declared: DeclaredVacancy, held: dict[str, Member], list_date: dt.date, seats: Seats
) -> tuple[bool, list[Finding]]:
    """Tell whether the vacancy holds; takes its former holder out when it is news."""
    vacancy, former = declared.vacancy, declared.former_id
    deputies = vacancy.chamber == "assemblee"
    seat = vacancy.constituency_code if deputies else vacancy.department_code
    if declared.as_of >= list_date:
        held.pop(former, None)
        return True, []
    field = "constituency_code" if deputies else "department_code"
    holders = [member for member in held.values() if member.text(field) == seat]
    if len(holders) < seats.counts.get(seat, 1):
        return True, []
    names = ", ".join(f"{member.name} ({member.official_id})" for member in holders)
    message = f"{declared.place}: seat {seat} is held in the list of {list_date}: {names}"
    return False, [_told(former, "", f"{message}; the vacancy is over")]


def _with(member: Member, field: str, value: Sourced | None) -> Member:
    values = {key: old for key, old in member.values.items() if key != field}
    return replace(member, values={**values, field: value} if value else values)


def _told(subject: str, field: str, message: str) -> Finding:
    return Finding("declared", subject, field, message)


def _expired(place: str, expiry: dt.date, today: dt.date) -> str:
    return f"{place}: expired on {expiry:%Y-%m-%d}, today is {today:%Y-%m-%d}"
