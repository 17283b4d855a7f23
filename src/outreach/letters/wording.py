"""How a template may name the recipient and the area: words, and the list that documents them.

As in fields.py, what documents a record (RECIPIENT, AREA) stands beside what makes it.
"""

from typing import Any, Final

from outreach.figures.figure import AreaLevel
from outreach.geography import french as geography
from outreach.letters.french import commission_name
from outreach.letters.kinds import Kind, Leaf, ListOf
from outreach.letters.salutation import Salutation
from outreach.roster.seat import Parliamentarian

# Overseas collectivities are no départements; a letter must not call them so.
_COLLECTIVITIES = frozenset(["975", "977", "978", "984", "986", "987", "988", "989"])

RECIPIENT: Final[dict[str, Kind]] = {
    "first_name": Leaf("as published"),
    "last_name": Leaf("as published"),
    "full_name": Leaf("first and last name"),
    "feminine": Leaf("true for a woman"),
    "chamber": Leaf("assemblee or senat"),
    "office": Leaf("députée, député, sénatrice, sénateur"),
    "role": Leaf("députée de la 4e circonscription de l’Ain"),
    "constituency": Leaf("4e circonscription de l’Ain; nothing for a senator"),
    "department": Leaf("Ain"),
    "of_department": Leaf("de l’Ain"),
    "in_department": Leaf("dans l’Ain"),
    "abroad": Leaf("true for a seat of the French abroad"),
    "group": Leaf("short label of the political group"),
    "group_name": Leaf("the group in full"),
    "commission": Leaf("commission des affaires sociales; nothing when not known"),
    "of_commission": Leaf("de la commission des affaires sociales"),
    "functions": ListOf(Leaf(), "offices held, as published"),
}
AREA: Final[dict[str, Kind]] = {
    "level": Leaf("constituency, department or country"),
    "yours": Leaf("votre circonscription; votre département or collectivité; notre pays"),
    "name": Leaf("votre circonscription; le département de l’Ain; la France"),
    "within": Leaf("dans votre circonscription; dans l’Ain; en France"),
    "of": Leaf("de votre circonscription; de l’Ain; de la France"),
    "heading": Leaf("4e circonscription de l’Ain; Ain; France: with a capital"),
}


def recipient_words(recipient: Parliamentarian, salutation: Salutation) -> dict[str, Any]:
    """Word the holder of a seat; each field of RECIPIENT, None where not known."""
    seat = (
        geography.constituency_name(recipient.constituency_code)
        if recipient.constituency_code
        else None
    )
    department = recipient.department_code
    of_department = geography.of_department(department)
    commission = commission_name(recipient.commission) or None
    role = None
    if salutation.office:
        role = (
            f"{salutation.office} de la {seat}" if seat else f"{salutation.office} {of_department}"
        )
    return {
        "first_name": recipient.first_name,
        "last_name": recipient.last_name,
        "full_name": recipient.full_name,
        "feminine": recipient.gender == "F",
        "chamber": recipient.chamber,
        "office": salutation.office or None,
        "role": role,
        "constituency": seat,
        "department": geography.department_name(department),
        "of_department": of_department,
        "in_department": geography.in_department(department),
        "abroad": department == "ZZ",
        "group": recipient.political_group or None,
        "group_name": recipient.political_group_name or None,
        "commission": commission,
        "of_commission": f"de la {commission}" if commission else None,
        "functions": list(recipient.functions),
    }


def area_words(level: AreaLevel, recipient: Parliamentarian) -> dict[str, str]:
    """Word an area no more strongly than it is known: never "votre circonscription" of the rest."""
    if level == "constituency":
        yours = "votre circonscription"
        name = geography.constituency_name(recipient.constituency_code)
        heading = name[:1].upper() + name[1:]
        return _area(level, yours, yours, f"dans {yours}", f"de {yours}", heading)
    if level == "department":
        code = recipient.department_code
        kind = "collectivité" if code in _COLLECTIVITIES else "département"
        article = "la" if code in _COLLECTIVITIES else "le"
        of_department = geography.of_department(code)
        return _area(
            level,
            f"votre {kind}",
            f"{article} {kind} {of_department}",
            geography.in_department(code),
            of_department,
            geography.department_name(code),
        )
    return _area(level, "notre pays", "la France", "en France", "de la France", "France")


def _area(
    level: AreaLevel, yours: str, name: str, within: str, of_area: str, heading: str
) -> dict[str, str]:
    return {
        "level": level,
        "yours": yours,
        "name": name,
        "within": within,
        "of": of_area,
        "heading": heading,
    }
