"""Constituency offices: published postal addresses made fit for an envelope, or left out with a reason."""

import re

from outreach.files import ascii_slug
from outreach.roster.seat import PostalAddress

_PHONE_OR_EMAIL = re.compile(r"^\(?(t[ée]l|fax|port)\b|@|^[\d .+()/-]{10,}$", re.IGNORECASE)
_NUMBER_SUFFIX = frozenset({"bis", "ter", "quater"})


def constituency_office(
    title: str, number: str, street: str, complement: str, postcode: str, city: str
) -> PostalAddress:
    """Make an address of the six cells that the Assembly publishes.

    Args:
        title: "Permanence parlementaire", a building, sometimes the city once more.
        number: "27", "5 Ter".
        street: with or without a comma at its end; or a post box.
        complement: a floor, a post box, "ter", sometimes a phone number.
        postcode: five digits.
        city: as published, "Aubenas Cedex" included.

    Raises:
        ValueError: nothing can be posted there, in words that say why.
    """
    title, number, street, complement, city = map(_tidy, (title, number, street, complement, city))
    if not postcode or not city:
        raise ValueError("no postcode or no city is published")
    if not re.fullmatch(r"\d{5}", postcode, re.ASCII):
        raise ValueError(
            f'postcode "{postcode}" is not French and the country is not published ({city})'
        )
    if complement.lower() in _NUMBER_SUFFIX:
        number, complement = f"{number} {complement}", ""
    if ascii_slug(title) in {ascii_slug(city), "france"}:
        title = ""
    lines = [title, f"{number} {street}".strip(), complement]
    published = tuple(line for line in lines if line and not _PHONE_OR_EMAIL.search(line))
    if not published:
        raise ValueError(f"no street and no post box is published ({postcode} {city})")
    return PostalAddress("constituency_office", published, postcode, city)


def _tidy(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip(" ,;:.")
