"""Which recipients a person means: "deputies", "01", "01-04", "PA793166", "Garnier"."""

from collections.abc import Callable, Collection, Sequence

from rapidfuzz import fuzz, process

from outreach.errors import InputError
from outreach.files import ascii_slug
from outreach.geography.codes import ABROAD, department_of, parse_constituency
from outreach.roster.seat import Parliamentarian, Roster

_KINDS: dict[str, Callable[[Parliamentarian], bool]] = {
    "deputies": lambda member: member.chamber == "assemblee",
    "senators": lambda member: member.chamber == "senat",
}


def select(
    words: Sequence[str], rosters: Sequence[Roster], held: Collection[str] = ()
) -> list[Parliamentarian]:
    """Find the recipients that any of ``words`` means, in the order of the rosters.

    Args:
        words: "deputies", "senators", "held" (whom no e-mail reaches), a département, a
            constituency, an official id, or a name with or without accents and first name.
        rosters: whose members can be meant.
        held: the official ids that "held" means; it may mean nobody.

    Raises:
        InputError: words that mean nobody, a vacant seat or several persons of one name; all are
            listed, with the nearest names.
    """
    members = [member for roster in rosters for member in roster.members]
    meant: set[str] = set()
    problems = []
    for word in words:
        if word.strip().lower() == "held":
            meant.update(held)
            continue
        found = _meant(word.strip(), members)
        if found:
            meant.update(member.official_id for member in found)
        else:
            problems.append(_nobody(word.strip(), members, rosters))
    if problems:
        raise InputError("These recipients were not found:", problems)
    return [member for member in members if member.official_id in meant]


def select_one(word: str, rosters: Sequence[Roster]) -> Parliamentarian:
    """Find the one recipient that ``word`` means.

    Raises:
        InputError: it means nobody, or several; these are listed with their official ids.
    """
    found = select([word], rosters)
    if len(found) > 1:
        raise InputError(
            f'"{word}" means {len(found)} recipients; give one official id:',
            [_described(member) for member in found],
        )
    return found[0]


def _meant(word: str, members: Sequence[Parliamentarian]) -> list[Parliamentarian]:
    if word.lower() in _KINDS:
        return [member for member in members if _KINDS[word.lower()](member)]
    by_id = [member for member in members if member.official_id.lower() == word.lower()]
    if by_id:
        return by_id
    if word.upper() == ABROAD or any(character.isdigit() for character in word):
        constituency, department = _area(word)
        return [
            member
            for member in members
            if (constituency and member.constituency_code == constituency)
            or (department and member.department_code == department)
        ]
    slug = ascii_slug(word)
    return [
        member
        for member in members
        if slug
        in {
            ascii_slug(member.last_name),
            ascii_slug(member.full_name),
            ascii_slug(f"{member.last_name} {member.first_name}"),
        }
    ]


def _area(word: str) -> tuple[str, str]:
    try:
        return "", department_of(word)
    except InputError:
        pass
    try:
        return parse_constituency(word), ""
    except InputError:
        return "", ""


def _nobody(word: str, members: Sequence[Parliamentarian], rosters: Sequence[Roster]) -> str:
    constituency, _ = _area(word)
    for roster in rosters:
        for vacancy in roster.vacancies:
            if constituency and vacancy.constituency_code == constituency:
                return f'"{word}": the seat is vacant since {vacancy.since} ({vacancy.reason}).'
    names = {member.official_id: ascii_slug(member.full_name) for member in members}
    nearest = process.extract(ascii_slug(word), names, scorer=fuzz.WRatio, limit=3, score_cutoff=60)
    by_id = {member.official_id: member for member in members}
    meant = "; ".join(_described(by_id[key]) for _, _, key in nearest)
    return f'"{word}": nobody of that name or place' + (f"; do you mean {meant}?" if meant else ".")


def _described(member: Parliamentarian) -> str:
    area = member.constituency_code or member.department_code
    return f"{member.official_id} {member.full_name} ({area})"
