"""Links by establishment: what the page fills in for each member of the campaign's list."""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

import pandas as pd

from outreach.establishments.proper_names import written_name
from outreach.letters.french import at
from outreach.letters.numbers import counted
from outreach.letters.typography import mail_text, typeset
from outreach.matching.review import key_of
from outreach.page.names import curled

LINK_COLUMNS = (
    "establishment_id", "name", "organisation", "postcode", "commune", "constituency_code", "link",
)  # fmt: skip

# What establishments call a row that has no identifier of its own.
_OF_ROW: Final = re.compile(r"row-\d+")
# Quotation marks of a name that itself stands between « and ».
_INNER_OPENING: Final = re.compile(r'«\s*|(?<!\S)"')
_INNER_CLOSING: Final = re.compile(r'\s*»|(?<=\S)"')


@dataclass(frozen=True, slots=True)
class Member:
    """An establishment with a known département.

    Attributes:
        establishment_id: the list's own identifier, FINESS number or SIRET; without any, the key
            that decisions of people are kept under, made from name and address. The number of a
            row would lead a link that was sent to another establishment once the list is sorted.
        places, staff: None when unknown.
    """

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
        "commune_name",
    ]  # fmt: skip
    columns = matched[[*texts, "places", "staff_headcount"]]
    for *told, places, staff in columns.itertuples(index=False, name=None):
        (number, name, organisation, street, postcode, commune_name, commune_code, department,
         constituency, candidates, typed) = ("" if pd.isna(text) else str(text) for text in told)  # fmt: skip
        if department and (constituency or candidates):
            if _OF_ROW.fullmatch(number):
                number = key_of("", name, street, postcode, typed)
            yield Member(
                number, name, organisation, street, postcode, commune_name, commune_code,
                department, constituency, tuple(candidates.split()), _count(places), _count(staff),
            )  # fmt: skip


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def cut_members(found: Iterator[Member]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Cut members by the first two characters of their number.

    Returns:
        file → number → what the page fills in; first two characters → file.
    """
    known: dict[str, Member] = {}
    for member in found:
        same = known.get(member.establishment_id)
        known[member.establishment_id] = _what_both_say(same, member) if same else member
    groups: dict[str, dict[str, Any]] = defaultdict(dict)
    for member in known.values():
        groups[member.establishment_id[:2]][member.establishment_id] = _filled(member)
    files = {start: str(position) for position, start in enumerate(sorted(groups))}
    return {files[start]: groups[start] for start in files}, files


def _what_both_say(one: Member, other: Member) -> Member:
    """Join two rows of one name and address: a link cannot tell which of them is meant."""
    return dataclasses.replace(
        one,
        places=one.places if one.places == other.places else None,
        staff=one.staff if one.staff == other.staff else None,
    )


def _filled(member: Member) -> dict[str, Any]:
    return {
        "name": typeset(member.name),
        "commune": member.commune_code,
        "department": member.department_code,
        "constituency": member.constituency_code,
        "candidates": list(member.candidates),
        "address": "\n".join(
            curled(line)
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
    emploie 30 professionnels." A name that a register wrote in capitals gets French case; at the
    head of the letter, in the address, it stays as it came, where capitals are usual.
    """
    where = f", {at(member.commune_name)}" if member.commune_name else ""
    has = []
    if member.places:
        has.append(f"compte {counted(member.places, 'place')}")
    if member.staff:
        has.append(f"emploie {counted(member.staff, 'professionnel')}")
    which = f", qui {' et '.join(has)}" if has else ""
    name = written_name(member.name, member.commune_name)
    name = _INNER_OPENING.sub("“", _INNER_CLOSING.sub("”", name))
    said = f"Je vous écris au nom de l'établissement « {name} »{where}{which}."
    return mail_text(typeset(said))


def link_rows(found: Iterator[Member], address: str) -> Iterator[Mapping[str, str]]:
    """Give one row per member for a mail merge: LINK_COLUMNS.

    Args:
        found: the members.
        address: where the page is published, "https://example.org/page/"; without its last slash
            it gets one, unless it names a document.
    """
    path = urlsplit(address).path
    if not path.endswith((".html", "/")):
        address += "/"
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
