"""One seat of a chamber: who holds it, or why nobody does.

roster builds these from data/deputies and data/senators; figures, letters, export, outbox and
page receive them. No pandas here.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Chamber = Literal["assemblee", "senat"]
Gender = Literal["F", "M", ""]
ContactMethod = Literal["email", "form", "post", "none"]


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a letter on paper goes. Lines as published; letters puts them in NF Z10-011."""

    kind: Literal["chamber", "constituency_office"]
    lines: tuple[str, ...]
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Parliamentarian:
    """The holder of one seat.

    Attributes:
        official_id: "PA…" for a deputy, the matricule for a senator; never a name.
        gender: "F" or "M" from the official civility, "" when unknown.
        department_code: INSEE form ("01", "2A", "971"); "ZZ" for French abroad. For a senator
            it is the constituency of the Senate (977 and 978 apart).
        constituency_code: "01-04", "2A-02", "977-01", "ZZ-05"; "" for a senator.
        political_group: the short label of the source; political_group_name in full.
        commission: the permanent commission in words ("commission des affaires sociales"), only
            when it is known since the chamber last formed its commissions; "" otherwise, so that
            a letter never claims a commission that may have changed.
        functions: offices held ("Présidente de la commission des finances", …), under the same
            condition.
        email: a published address, "" when there is none; never guessed.
        in_office_since: None when the source does not say.
        last_known_commission, last_known_functions: what an older list said, for searching and
            comparing; never for a letter.
        last_known_on: the date of that list, None when there is nothing older to tell.
    """

    official_id: str
    chamber: Chamber
    gender: Gender
    first_name: str
    last_name: str
    department_code: str
    constituency_code: str
    political_group: str
    political_group_name: str
    commission: str
    functions: tuple[str, ...]
    contact_method: ContactMethod
    email: str
    addresses: tuple[PostalAddress, ...]
    in_office_since: dt.date | None
    last_known_commission: str = ""
    last_known_functions: tuple[str, ...] = ()
    last_known_on: dt.date | None = None

    @property
    def full_name(self) -> str:
        """First and last name as printed in a running text."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat that nobody holds, declared with a source and an end date."""

    chamber: Chamber
    department_code: str
    constituency_code: str
    former_holder: str
    since: dt.date
    until: dt.date
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Roster:
    """All the seats of one chamber on one date: 577 or 348, vacancies counted."""

    chamber: Chamber
    as_of: dt.date
    members: tuple[Parliamentarian, ...]
    vacancies: tuple[Vacancy, ...]
