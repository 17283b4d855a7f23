"""Who holds each seat, as the page shows it: only what is published, vacancies said."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from outreach.geography.french import constituency_name, of_department
from outreach.letters.numbers import date_words
from outreach.letters.typography import typeset
from outreach.page.names import curled
from outreach.roster.seat import Parliamentarian, PostalAddress, Roster, Vacancy

# The Assembly's own page of a deputy bears the official id; the Senate's cannot be told from it.
_DEPUTY_PAGE: Final = "https://www.assemblee-nationale.fr/dyn/deputes/{}"
_TITLES: Final = {
    ("assemblee", "F"): "Députée",
    ("assemblee", "M"): "Député",
    ("assemblee", ""): "Député·e",
    ("senat", "F"): "Sénatrice",
    ("senat", "M"): "Sénateur",
    ("senat", ""): "Sénateur·rice",
}


def role(person: Parliamentarian) -> str:
    """Give "Députée de la 4e circonscription de l’Ain" or "Sénateur du Rhône"."""
    title = _TITLES[person.chamber, person.gender]
    return typeset(f"{title} {_of_seat(person.department_code, person.constituency_code)}")


def seat_name(vacancy: Vacancy) -> str:
    """Give "4e circonscription de l’Ain" or "Sénat, Rhône" of a seat that nobody holds."""
    if vacancy.constituency_code:
        return typeset(constituency_name(vacancy.constituency_code))
    return typeset(f"Siège {of_department(vacancy.department_code)} au Sénat")


def _of_seat(department_code: str, constituency_code: str) -> str:
    if constituency_code:
        return f"de la {constituency_name(constituency_code)}"
    return of_department(department_code)


def card(person: Parliamentarian, address: Iterable[str]) -> dict[str, Any]:
    """Give what the page says of one person.

    Args:
        person: the holder of the seat.
        address: the lines of the letter's address, as letters wrote them.
    """
    return {
        "id": person.official_id,
        "chamber": person.chamber,
        "department": person.department_code,
        "name": typeset(person.full_name),
        "role": role(person),
        "group": typeset(person.political_group_name or person.political_group),
        "commission": typeset(person.commission),
        "functions": [typeset(function) for function in person.functions],
        "email": person.email if person.contact_method == "email" else "",
        "addresses": [{"kind": place.kind, "lines": _lines(place)} for place in person.addresses],
        "address": [curled(line) for line in address],
        "page": _DEPUTY_PAGE.format(person.official_id) if person.chamber == "assemblee" else "",
    }


def _lines(place: PostalAddress) -> list[str]:
    return [typeset(line) for line in (*place.lines, f"{place.postcode} {place.city}".strip())]


def vacant(vacancy: Vacancy) -> dict[str, Any]:
    """Give what the page says of a seat that nobody holds."""
    said = f"Siège vacant depuis le {date_words(vacancy.since)} : {vacancy.reason}."
    return {
        "vacancy": typeset(said),
        "seat": seat_name(vacancy),
        "name": typeset(vacancy.former_holder),
        "department": vacancy.department_code,
    }


def cut_people(
    rosters: Iterable[Roster], addresses: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, Any]]:
    """Cut the seats by département.

    Args:
        rosters: one or both chambers.
        addresses: official id → lines of the letter's address.

    Returns:
        département code → {"deputies": constituency code → card, "senators": cards by name}.
    """
    cut: dict[str, dict[str, Any]] = {}

    def place(department: str) -> dict[str, Any]:
        return cut.setdefault(department, {"deputies": {}, "senators": []})

    for roster in rosters:
        for person in sorted(roster.members, key=lambda one: (one.last_name, one.official_id)):
            shown = card(person, addresses[person.official_id])
            if person.constituency_code:
                place(person.department_code)["deputies"][person.constituency_code] = shown
            else:
                place(person.department_code)["senators"].append(shown)
        for seat in roster.vacancies:
            if seat.constituency_code:
                place(seat.department_code)["deputies"][seat.constituency_code] = vacant(seat)
            else:
                place(seat.department_code)["senators"].append(vacant(seat))
    return cut
