"""What a row says of its place, and what was found: passed between the modules that find places."""

from typing import NamedTuple

from outreach.geography.codes import department_of_commune
from outreach.matching.gazetteer import ALIAS, FORMER, Gazetteer, Places


class Said(NamedTuple):
    """What a row says of its place, as typed; "" for what it does not say."""

    commune_code: str = ""
    postcode: str = ""
    commune_name: str = ""
    department_code: str = ""


class Found(NamedTuple):
    """The place, or the places between which it is not clear.

    Attributes:
        places: codes of communes or arrondissements, the likelier first; empty when unknown.
        method: see establishments.columns.MATCH.
        certainty: "commune" or "postcode" (any of ``places``), "department", or "unsure" when
            two things said contradict each other.
        reason: one sentence.
        department_code: what is known at least, "" when nothing.
        abroad: the constituency of the French abroad when the row says another country, else "".
    """

    places: tuple[str, ...]
    method: str
    certainty: str
    reason: str
    department_code: str = ""
    abroad: str = ""


def found_by_name(places: Places, method: str, reason: str, index: Gazetteer) -> Found:
    """A name's places: one, or several that bear it."""
    kind = min(places.values())
    if method == "postcode_name" and kind >= FORMER:
        method = "former_commune"
        reason += f", {'in' if kind >= ALIAS else 'now'} {shown(places, index)}"
    if len(places) > 1:
        reason += f": {shown(places, index)}"
    return Found(tuple(places), method, "commune", reason, department_of(tuple(places)))


def department_alone(said: Said, departments: tuple[str, ...], why: str) -> Found:
    """The département when nothing more is known, or not even that."""
    if len(departments) != 1:
        return Found((), "none", "unsure", why)
    return Found(
        (), "department", "department", f"{why}: only the département is known", departments[0]
    )


def department_of(places: tuple[str, ...]) -> str:
    """The département that all these places share, "" when they do not."""
    if len(places) == 1:
        return department_of_commune(places[0])
    departments = {department_of_commune(place) for place in places}
    return departments.pop() if len(departments) == 1 else ""


def departments_shown(places: tuple[str, ...]) -> str:
    """The départements of places, as a reason lists them."""
    return ", ".join(sorted({department_of_commune(place) for place in places})[:8])


def shown(places: Places | tuple[str, ...], index: Gazetteer) -> str:
    """The first names of places, as a reason lists them."""
    return " or ".join(index.names.get(place, place) for place in list(places)[:3])
