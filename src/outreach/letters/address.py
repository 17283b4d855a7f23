"""The address block on paper, by NF Z10-011: at most 6 lines of 38 characters.

Lines 1 and 2 name the person, then the house; the last lines (street, city) are in capitals
without accents or punctuation, as the sorting machines read them.
"""

import re
import unicodedata
from typing import Literal

from outreach.geography import french as geography
from outreach.letters.salutation import Salutation
from outreach.roster.seat import Parliamentarian, PostalAddress

LINES = 6
WIDTH = 38
Wanted = Literal["chamber", "constituency_office"]
_HOUSE = {"assemblee": "Assemblée nationale", "senat": "Sénat"}
_OFFICE = "Permanence parlementaire"
# How an office's own row says that it is one, in capitals as _capitals writes them: "Permanence",
# "Permanence permanence", "Bureau parlementaire". "Bureau" alone may be a room's number.
_OFFICE_WORDS = re.compile(
    r"(?:(?:PERMANENCE|(?:BUREAU|CABINET|LOCAL)(?= (?:PARLEMENTAIRE|D[EU]S? (?:LA )?DEPUTEE?)))S?\b ?)+"
    r"(?:(?:PARLEMENTAIRE|LOCALE?|PRINCIPALE?|SECONDAIRE|(?:EN|DE) CIRCONSCRIPTION)S?\b ?)*"
)
# Whose or where it is, after those words: "de Pégomas", "du député Bertrand Bouyx". A number
# begins a street ("de l'église, 3"): such a line is kept.
_OF_WHOM = re.compile(r"(?:D|DE|DU|DES)\b[^0-9]*")
# Abbreviations of NF Z10-011, used only where a line is too long.
_SHORT = {
    "AVENUE": "AV", "BOULEVARD": "BD", "PLACE": "PL", "ROUTE": "RTE", "CHEMIN": "CHE",
    "IMPASSE": "IMP", "ALLEE": "ALL", "ALLEES": "ALL", "FAUBOURG": "FG", "SQUARE": "SQ",
    "QUAI": "QU", "RESIDENCE": "RES", "IMMEUBLE": "IMM", "BATIMENT": "BAT", "APPARTEMENT": "APP",
    "SAINT": "ST", "SAINTE": "STE", "GENERAL": "GAL", "MARECHAL": "MAL", "COMMANDANT": "CDT",
    "DOCTEUR": "DR", "PROFESSEUR": "PR", "PRESIDENT": "PDT", "COLONEL": "COL", "CAPITAINE": "CNE",
    "ZONE INDUSTRIELLE": "ZI", "ZONE ARTISANALE": "ZA", "ROND POINT": "RPT", "LIEU DIT": "LD",
}  # fmt: skip


def address_block(
    recipient: Parliamentarian, salutation: Salutation, wanted: Wanted = "chamber"
) -> tuple[tuple[str, ...], str]:
    """Give the lines for the window of the envelope, and why this address.

    Args:
        recipient: its addresses as published.
        salutation: for the civility and the line under the name.
        wanted: where the campaign wants its letters to go.

    Returns:
        (lines, reason); lines is empty when no address is known.
    """
    offices = [item for item in recipient.addresses if item.kind == "constituency_office"]
    houses = [item for item in recipient.addresses if item.kind == "chamber"]
    reason = f"the campaign writes to the {'offices' if wanted != 'chamber' else 'chambers'}"
    if wanted == "constituency_office":
        for office in offices:
            if lines := _block(recipient, salutation, office):
                return lines, reason
        why = "is not known" if not offices else "does not fit 6 lines of 38 characters"
        reason = f"the constituency office {why}: sent to the chamber"
    for house in houses:
        if lines := _block(recipient, salutation, house):
            return lines, reason
    return (), "no postal address is known"


def _block(
    recipient: Parliamentarian, salutation: Salutation, address: PostalAddress
) -> tuple[str, ...]:
    if not (address.postcode and address.city):
        return ()
    name = _name_lines(recipient, salutation)
    city = _fitted(f"{address.postcode} {address.city}")
    published = [line for line in address.lines if line.strip()]
    if address.kind == "chamber":
        house, *published = published or [_HOUSE[recipient.chamber]]
    else:
        house, published = _OFFICE, list(map(_without_office, published))
    where = [part for line in published for part in _cut(_fitted(line)) if part]
    if len(city) > WIDTH or not where:
        return ()
    # What goes first when room is short: the line under the name, then the name of the house.
    role = role_line(recipient, salutation)
    for middle in ([role, house], [house], []):
        lines = [*name, *filter(None, middle), *where, city]
        if len(lines) <= LINES and all(len(line) <= WIDTH for line in lines):
            return tuple(lines)
    return ()


def _without_office(line: str) -> str:
    """Take "Permanence parlementaire" off a published line: the block says it once, above."""
    parts = re.split(r"\s[-–—]\s|[,;:]", line)
    return " ".join(filter(None, map(_unnamed, parts)))


def _unnamed(part: str) -> str:
    text = _capitals(part)
    found = _OFFICE_WORDS.match(text)
    if found is None:
        return text
    rest = text[found.end() :]
    return "" if _OF_WHOM.fullmatch(rest) else rest


def role_line(recipient: Parliamentarian, salutation: Salutation) -> str:
    """Give the line under the name: "Députée de l'Ain", shortened to what fits, or ""."""
    office = salutation.office.capitalize()
    candidates = [salutation.line]
    if office and recipient.department_code == "ZZ":
        candidates += [f"{office} des Français de l’étranger"]
    elif office and recipient.department_code:
        of_department = geography.of_department(recipient.department_code)
        seat = recipient.constituency_code
        # The deputy of Saint-Barthélemy and Saint-Martin is not named after one of them.
        if not seat or geography.constituency_name(seat).endswith(of_department):
            candidates += [f"{office} {of_department}".replace("'", "’")]
    candidates.append(office)
    return next((line for line in candidates if line and len(line) <= WIDTH), "")


def _name_lines(recipient: Parliamentarian, salutation: Salutation) -> list[str]:
    """Give "Madame Prénom NOM", with "Mme" or on two lines when it is too long."""
    last = recipient.last_name.upper()
    short = {"Madame": "Mme", "Monsieur": "M."}.get(salutation.civility, "")
    for civility in (salutation.civility, short, ""):
        line = " ".join(filter(None, (civility, recipient.first_name, last)))
        if len(line) <= WIDTH:
            return [line]
    first = " ".join(filter(None, (short, recipient.first_name)))
    return [part for whole in (first, last) for part in _cut(whole)]


def _cut(text: str) -> list[str]:
    """Cut a text that is too long at its spaces and hyphens, inside a word only if it must."""
    lines = [""]
    for word in re.findall(r"[^\s-]+-?|-", text):
        joiner = "" if not lines[-1] or lines[-1].endswith("-") else " "
        if len(lines[-1]) + len(joiner) + len(word) <= WIDTH:
            lines[-1] += joiner + word
            continue
        pieces = [word[at : at + WIDTH] for at in range(0, len(word), WIDTH)]
        lines = [*filter(None, lines), *pieces]
    return lines


def _fitted(text: str) -> str:
    """Write a street or city line in capitals, abbreviated only where it is too long."""
    line = _capitals(text)
    for word, short in _SHORT.items():
        if len(line) <= WIDTH:
            break
        line = re.sub(rf"\b{word}\b", short, line)
    return line


def _capitals(text: str) -> str:
    text = text.upper().replace("Œ", "OE").replace("Æ", "AE")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    spaced = re.sub(r"\bBP\s*(?=\d)", "BP ", re.sub(r"[^A-Z0-9/]+", " ", plain))
    return " ".join(spaced.split())
