"""`outreach find "12 rue …, 69002 Lyon"`: an address goes the way of a row of a member list."""

from typing import TYPE_CHECKING, Any

from outreach.errors import OutreachError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outreach.roster.find import Found
    from outreach.roster.seat import Roster


def is_address(text: str) -> bool:
    """Tell whether a question holds a postcode and something beside it."""
    from outreach.establishments.addresses import split_address

    parts = split_address(text)
    return bool(parts.postcode and (parts.street or parts.city))


def find_at_address(text: str, rosters: "Sequence[Roster]", geocoder: str | None) -> "Found":
    """Give the deputies possible and the senators of one address, with what is certain.

    Args:
        text: as typed, with its postcode.
        rosters: of one chamber or both.
        geocoder: the address of the geocoder to ask when the commune is split; None asks nobody.

    Raises:
        OutreachError: the place is not known at all.
        FetchError: the geocoder was to be asked and does not answer.
    """
    from outreach.geography.places import load_geography
    from outreach.matching.matches import match_establishments

    geography = load_geography()
    table = _one_row(text)
    matched = match_establishments(table, geography, rosters)
    notes: list[str] = []
    if geocoder is not None and matched["certainty"].iat[0] == "unsure":
        from outreach.matching.found_points import add_points
        from outreach.matching.geocoder import Geocoder

        with Geocoder(geocoder) as asked:
            table, answer = add_points(table, matched, asked)
        notes += answer.problems
        matched = match_establishments(table, geography, rosters)
    return _found(
        {name: str(matched[name].iat[0]) for name in _NEEDED},
        text,
        rosters,
        notes,
        hint="" if geocoder else _ASK_THE_GEOCODER,
    )


def _found(
    row: "Mapping[str, str]",
    text: str,
    rosters: "Sequence[Roster]",
    problems: "Sequence[str]",
    *,
    hint: str,
) -> "Found":
    """The deputies possible and the senators of a matched row."""
    from outreach.roster.find import Found

    certain = row["constituency_code"]
    possible = [certain] if certain else row["candidates"].split()
    senators = set(row["senator_ids"].split())
    if not possible and not senators:
        raise OutreachError(f'"{text}": {row["reason"]}; check the postcode and the city.')
    if certain:
        said = [f"{row['reason']}: constituency {certain}, certain by {row['certainty']}"]
    else:
        said = [f"{row['reason']}: one of {', '.join(possible)}, not certain which"]
        said += [hint] if hint and len(possible) > 1 else []
    return Found(
        tuple(
            person
            for roster in rosters
            for person in roster.members
            if person.constituency_code in possible or person.official_id in senators
        ),
        tuple(
            vacancy
            for roster in rosters
            for vacancy in roster.vacancies
            if vacancy.constituency_code in possible
        ),
        (*problems, *said),
    )


_ASK_THE_GEOCODER = "--geocode asks the national geocoder (it sends this address, nothing else)"
_NEEDED = ("constituency_code", "candidates", "certainty", "reason", "senator_ids")


def _one_row(text: str) -> Any:
    from outreach.establishments.addresses import split_address
    from outreach.establishments.columns import TABLE, make_frame

    parts = split_address(text)
    said = {
        "establishment_id": "address",
        "address": parts.street,
        "postcode": parts.postcode,
        "commune_name": parts.city,
        "source_row": 1,
    }
    blank = {name: "" if kind == "string" else None for name, kind in TABLE.items()}
    return make_frame({name: [value] for name, value in (blank | said).items()}, TABLE)
