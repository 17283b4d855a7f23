"""Links by establishment: what the page fills in for each member of the campaign's list."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pandas as pd

from outreach.letters.french import at
from outreach.letters.numbers import counted
from outreach.letters.typography import mail_text, typeset

LINK_COLUMNS = (
    "establishment_id", "name", "organisation", "postcode", "commune", "constituency_code", "link",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """An establishment with a known département."""

    establishment_id: str
    name: str
    organisation: str
    street: str
    postcode: str
    commune_name: str
    commune_code: str
    department_code: str
    constituency_code: str
    candidates: tuple[str, ...]
    places: int | None
    staff: int | None


def members(matched: pd.DataFrame) -> Iterator[Member]:
    """Give the establishments that the page can open: those whose département is known.

    Args:
        matched: establishments.columns.TABLE + MATCH.
    """
    texts = [
        "establishment_id", "name", "organisation", "address", "postcode", "matched_commune_name",
        "matched_commune_code", "matched_department_code", "constituency_code", "candidates",
    ]  # fmt: skip
    for row in matched[[*texts, "places", "staff_headcount"]].itertuples(index=False, name=None):
        (number, name, organisation, street, postcode, commune_name, commune_code, department,
         constituency, candidates) = ("" if pd.isna(text) else str(text) for text in row[:10])  # fmt: skip
        if department and (constituency or candidates):
            yield Member(
                number, name, organisation, street, postcode, commune_name, commune_code,
                department, constituency, tuple(candidates.split()), _count(row[10]), _count(row[11]),
            )  # fmt: skip


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def cut_members(found: Iterator[Member]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Cut members by the first two characters of their number.

    Returns:
        file → number → what the page fills in; first two characters → file.
    """
    groups: dict[str, dict[str, Any]] = defaultdict(dict)
    for member in found:
        groups[member.establishment_id[:2]][member.establishment_id] = _filled(member)
    files = {start: str(position) for position, start in enumerate(sorted(groups))}
    return {files[start]: groups[start] for start in files}, files


def _filled(member: Member) -> dict[str, Any]:
    return {
        "name": typeset(member.name),
        "commune": member.commune_code,
        "department": member.department_code,
        "constituency": member.constituency_code,
        "candidates": list(member.candidates),
        "address": "\n".join(
            line
            for line in (
                member.name,
                member.street,
                f"{member.postcode} {member.commune_name}".strip(),
            )
            if line
        ),
        "text": presentation(member),
    }


def presentation(member: Member) -> str:
    """Give the sentence that presents an establishment in its own letter.

    "Je vous écris au nom de l'établissement « Les Tilleuls », à Lyon, qui compte 45 places et
    emploie 30 professionnels."
    """
    where = f", {at(member.commune_name)}" if member.commune_name else ""
    has = []
    if member.places:
        has.append(f"compte {counted(member.places, 'place')}")
    if member.staff:
        has.append(f"emploie {counted(member.staff, 'professionnel')}")
    which = f", qui {' et '.join(has)}" if has else ""
    said = f"Je vous écris au nom de l'établissement « {member.name} »{where}{which}."
    return mail_text(typeset(said))


def link_rows(found: Iterator[Member], address: str) -> Iterator[Mapping[str, str]]:
    """Give one row per member for a mail merge: LINK_COLUMNS.

    Args:
        found: the members.
        address: where the page is published, "https://example.org/page/".
    """
    for member in found:
        yield {
            "establishment_id": member.establishment_id,
            "name": member.name,
            "organisation": member.organisation,
            "postcode": member.postcode,
            "commune": member.commune_name,
            "constituency_code": member.constituency_code,
            "link": f"{address}?establishment={quote(member.establishment_id, safe='')}",
        }
