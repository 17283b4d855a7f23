"""Look parliamentarians up by name, place, group or commission; every doubt is said, none decided.

A question may be free ("breton", "01-04", "69002", "Villeurbanne") or name what it means
(department="69"). A place gives its deputies, its senators and its vacant seats.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz

from outreach.errors import InputError, OutreachError
from outreach.files import ascii_slug
from outreach.geography.places import Geography
from outreach.roster.labels import Labels
from outreach.roster.lookup import (
    Places,
    abroad_places,
    commune_places,
    constituency_places,
    department_places,
    postcode_places,
)
from outreach.roster.seat import Chamber, Parliamentarian, Roster, Vacancy

# Measured on the 917 names of October 2026: one letter dropped, doubled, changed or swapped in a
# last name of five letters or more (25 000 variants) always stays at 80 or above, and half of the
# variants of shorter ones; on average 1.3 persons come up for a name with one letter dropped.
_LIKE_ENOUGH: Final = 80
_MOST_NEAREST: Final = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Who and what was found, by seat, and what a person should know about it."""

    people: tuple[Parliamentarian, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything was found."""
        return bool(self.people or self.vacancies)


@dataclass(frozen=True)
class Directory:
    """What is searched: rosters, places, and other spellings of groups.

    Attributes:
        geography: called once, and only for a question about a place.
        labels: for each chamber its table of groups.
    """

    rosters: Sequence[Roster]
    geography: Callable[[], Geography]
    labels: Mapping[Chamber, Labels] = field(default_factory=dict)


def find(question: str, directory: Directory) -> Found:
    """Answer a free question; all that it may mean is given, with a note for each meaning.

    Raises:
        OutreachError: nothing is found; the nearest names are given.
    """
    exact = [
        found
        for kind in ("constituency", "department", "postcode", "commune", "group", "commission")
        if (found := _one(kind, question, directory))
    ]
    if people := _named(question, directory):
        exact.append(Found(people))
    if exact:
        return _together(exact, say_meanings=len(exact) > 1)
    nearest = _nearest(question, directory)
    if nearest:
        note = f'nobody and no place is called "{question}"; these names are near'
        return Found(tuple(nearest), notes=(note,))
    raise OutreachError(
        f'Nothing is found for "{question}": no name, département, constituency, commune, '
        "postcode, group or commission; write it in full, or try another spelling."
    )


def find_by(criteria: Mapping[str, str], directory: Directory) -> Found:
    """Answer a question whose parts say what they mean; all of them must hold.

    Args:
        criteria: kind → text; the kinds are name, department, constituency, commune, postcode,
            group and commission.
        directory: what is searched.

    Raises:
        OutreachError: a part finds nothing, or nothing meets all of them.
    """
    answers = []
    for kind, text in criteria.items():
        answer = _by_name(text, directory) if kind == "name" else _one(kind, text, directory)
        if not answer:
            raise OutreachError(f'No {kind} is found for "{text}"; try another spelling.')
        answers.append(answer)
    people = [p for p in answers[0].people if all(p in other.people for other in answers[1:])]
    vacancies = [
        v for v in answers[0].vacancies if all(v in other.vacancies for other in answers[1:])
    ]
    found = Found(tuple(people), tuple(vacancies), tuple(note for a in answers for note in a.notes))
    if not found:
        asked = ", ".join(f"{kind} {text}" for kind, text in criteria.items())
        raise OutreachError(f"Nobody meets all of: {asked}.")
    return found


def _one(kind: str, text: str, directory: Directory) -> Found:
    """Answer one kind of question, empty when the text means nothing of that kind."""
    if kind == "group":
        return _in_group(text, directory)
    if kind == "commission":
        return _in_commission(text, directory)
    places = {
        "department": department_places,
        "constituency": constituency_places,
        "commune": commune_places,
        "postcode": postcode_places,
    }
    try:
        there = places[kind](text, directory.geography())
        if there is None and kind == "commune":
            there = abroad_places(text, directory.geography())
    except InputError:
        return Found()
    return _holding(there, directory) if there else Found()


def _holding(places: Places, directory: Directory) -> Found:
    """Give who holds the seats of some places."""
    people: list[Parliamentarian] = []
    vacancies: list[Vacancy] = []
    for roster in directory.rosters:
        deputies = roster.chamber == "assemblee"
        seats = places.constituencies if deputies else places.senate_departments
        people += [
            person
            for person in roster.members
            if (person.constituency_code if deputies else person.department_code) in seats
        ]
        vacancies += [
            vacancy
            for vacancy in roster.vacancies
            if (vacancy.constituency_code if deputies else vacancy.department_code) in seats
        ]
    return Found(tuple(people), tuple(vacancies), places.notes)


def _in_group(text: str, directory: Directory) -> Found:
    people: list[Parliamentarian] = []
    for roster in directory.rosters:
        labels = directory.labels.get(roster.chamber)
        ours = labels.group(text, roster.as_of) if labels else None
        wanted = {ascii_slug(text), ascii_slug(ours or text)}
        people += [
            person
            for person in roster.members
            if {ascii_slug(person.political_group), ascii_slug(person.political_group_name)}
            & wanted
        ]
    return Found(tuple(people), notes=(f'"{text}" read as a political group',) if people else ())


def _in_commission(text: str, directory: Directory) -> Found:
    wanted = ascii_slug(text).removeprefix("commission-")
    for article in ("des-", "de-la-", "de-l-", "du-", "de-"):
        wanted = wanted.removeprefix(article)
    # by whole words: "lo" is in "lois"
    people = [
        person
        for roster in directory.rosters
        for person in roster.members
        if wanted
        and f"-{wanted}-" in f"-{ascii_slug(person.commission or person.last_known_commission)}-"
    ]
    dates = sorted({f"{p.last_known_on:%Y-%m-%d}" for p in people if not p.commission})
    notes = [f'"{text}" read as a commission'] if people else []
    if dates:
        notes.append(
            f"commissions are as last known on {' and '.join(dates)}: they have been formed anew "
            "since; renew the lists: outreach roster update"
        )
    return Found(tuple(people), notes=tuple(notes))


def _by_name(text: str, directory: Directory) -> Found:
    if people := _named(text, directory):
        return Found(people)
    nearest = _nearest(text, directory)
    note = f'nobody is called "{text}"; these names are near'
    return Found(tuple(nearest), notes=(note,) if nearest else ())


def _named(text: str, directory: Directory) -> tuple[Parliamentarian, ...]:
    """Give those whose name or official id this is: accents, case, particles, hyphens apart."""
    words = ascii_slug(text).split("-")
    whole = "".join(words)
    found = []
    for roster in directory.rosters:
        for person in roster.members:
            name = ascii_slug(person.full_name).split("-")
            last = ascii_slug(person.last_name).replace("-", "")
            first = ascii_slug(person.first_name).replace("-", "")
            if (
                (whole and set(words) <= set(name))
                or whole in (last, first + last, last + first)
                or text.strip().upper() == person.official_id
            ):
                found.append(person)
    return tuple(found)


def _nearest(text: str, directory: Directory) -> list[Parliamentarian]:
    asked = ascii_slug(text).replace("-", " ")
    scored = []
    for roster in directory.rosters:
        for person in roster.members:
            last = ascii_slug(person.last_name).replace("-", " ")
            full = ascii_slug(person.full_name).replace("-", " ")
            score = max(fuzz.ratio(asked, last), fuzz.token_sort_ratio(asked, full))
            if score >= _LIKE_ENOUGH:
                scored.append((-score, full, person))
    scored.sort(key=lambda item: item[:2])
    return [person for _, _, person in scored[:_MOST_NEAREST]]


def _together(answers: Sequence[Found], *, say_meanings: bool) -> Found:
    people = list(dict.fromkeys(person for answer in answers for person in answer.people))
    vacancies = list(dict.fromkeys(vacancy for answer in answers for vacancy in answer.vacancies))
    notes = list(dict.fromkeys(note for answer in answers for note in answer.notes))
    if say_meanings and any(not answer.notes for answer in answers):
        notes.append("and everybody of that name")
    return Found(tuple(people), tuple(vacancies), tuple(notes))
