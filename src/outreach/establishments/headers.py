"""Which column of a list is which of ours: by name, told or recognised, and where the header is.

The names seen are data (data/establishments/headers.toml). What was understood is always shown,
and a person can say otherwise in campaign.toml or on the command line.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.establishments.sheet import Sheet

# Rows above the header that are looked at: a title, a date, an empty line, a legend.
_LOOKED_AT = 30
# token_sort_ratio; 84 takes "Code postaux" and "Comune", and refuses "Code poste" for "Code postal".
_ALIKE = 84
# Any one of these, in any row, says where an establishment is.
PLACE_COLUMNS = (
    "commune_code", "postcode", "commune_name", "address", "address_street", "point", "longitude",
    "finess", "siret",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet, understood.

    Attributes:
        position: its place in Sheet.rows.
        names: their column names, "" for a nameless column.
        columns: ours → places of their columns, in the order in which they are joined.
    """

    position: int
    names: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]

    def named(self) -> dict[str, tuple[str, ...]]:
        """Ours → their names."""
        return {ours: tuple(self.names[x] for x in at) for ours, at in self.columns.items()}

    def ignored(self) -> tuple[str, ...]:
        """Their columns that are not used."""
        used = {x for at in self.columns.values() for x in at}
        return tuple(name for x, name in enumerate(self.names) if name and x not in used)


def simple(text: str) -> str:
    """Give a header without accents, case and punctuation: "N° FINESS (ET)" → "n finess et"."""
    plain = unicodedata.normalize("NFKD", text.replace("°", " ")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


@cache
def known_names() -> dict[str, str]:
    """Names seen → our column; "" for those never taken."""
    with data_path("establishments", "headers.toml").open("rb") as file:
        rules = tomllib.load(file)
    names = {simple(name): ours for ours, seen in rules["columns"].items() for name in seen}
    return names | {simple(name): "" for name in rules["never"]["names"]}


def recognise(name: str) -> tuple[str, float]:
    """Give our column for one of theirs and how alike the names are (0 to 100); "" for none."""
    theirs = simple(name)
    known = known_names()
    if theirs in known:
        return known[theirs], 100.0
    # Two or three letters are alike with anything.
    if len(theirs) < 4 or len(theirs) > 60:
        return "", 0.0
    found = process.extractOne(
        theirs, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE
    )
    return (known[found[0]], found[1]) if found else ("", 0.0)


def find_header(
    sheet: Sheet, file: str, told: Mapping[str, str | Sequence[str]] | None = None
) -> Header:
    """Find the header among the first rows, and our columns in it.

    Args:
        sheet: the rows.
        file: how to call the file in an error.
        told: ours → theirs, one name or several to join; "" means "this one is not in the list".

    Raises:
        InputError: a told column is not there; no column says where establishments are or what
            they are called.
    """
    best, best_score = -1, 0.0
    for position, (_, cells) in enumerate(sheet.rows[:_LOOKED_AT]):
        score = _header_score(cells, told or {})
        if score > best_score:
            best, best_score = position, score
    if best < 0:
        shown = next((cells for _, cells in sheet.rows if any(cells)), [])
        raise InputError(
            f"{file}: no header was found in the first {_LOOKED_AT} rows; give the columns names "
            f"such as Nom, Adresse, Code postal, Commune. The first row reads: {' | '.join(shown)[:200]}"
        )
    names = tuple(" ".join(cell.split()) for cell in sheet.rows[best][1])
    columns = _assign(names)
    _apply_told(columns, names, told or {}, file)
    if not any(ours in columns for ours in PLACE_COLUMNS):
        raise InputError(
            f"{file}: no column says where the establishments are; expected one of Code INSEE, Code "
            "postal, Commune, Adresse, FINESS, Latitude and Longitude. If it has another name, say "
            'so: --column commune_name="…".',
            [f"columns found: {', '.join(name for name in names if name)}"],
        )
    return Header(best, names, columns)


def _header_score(cells: Sequence[str], told: Mapping[str, str | Sequence[str]]) -> float:
    """A header is the row that names most of our columns; a row of values names none."""
    wanted = {simple(name) for value in told.values() for name in _names(value)}
    score = 0.0
    seen: set[str] = set()
    for cell in cells:
        if not cell.strip() or len(cell) > 60:
            continue
        if simple(cell) in wanted:
            score += 2
        ours, alike = recognise(cell)
        if (ours and ours not in seen) or alike == 100.0:
            seen.add(ours)
            score += alike / 100
    return score


def _assign(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    best: dict[str, tuple[float, int]] = {}
    for x, name in enumerate(names):
        ours, alike = recognise(name)
        # The better name wins, and of two equals the left one.
        if ours and alike > best.get(ours, (0.0, 0))[0]:
            best[ours] = (alike, x)
    return {ours: (x,) for ours, (_, x) in best.items()}


def _apply_told(
    columns: dict[str, tuple[int, ...]],
    names: Sequence[str],
    told: Mapping[str, str | Sequence[str]],
    file: str,
) -> None:
    places = {simple(name): x for x, name in reversed(list(enumerate(names)))}
    ours_known = set(known_names().values()) - {""}
    problems: list[str] = []
    for ours, value in told.items():
        if ours not in ours_known:
            near = process.extractOne(ours, sorted(ours_known))
            problems.append(f'"{ours}" is not a column of ours; did you mean "{near[0]}"?')
            continue
        wanted = _names(value)
        missing = [name for name in wanted if simple(name) not in places]
        problems += [f'{ours} = "{name}": no such column in the list' for name in missing]
        if missing:
            continue
        at = tuple(places[simple(name)] for name in wanted)
        for other in [
            key for key, taken in columns.items() if key != ours and set(taken) & set(at)
        ]:
            del columns[other]
        if at:
            columns[ours] = at
        else:
            columns.pop(ours, None)
    if problems:
        found = ", ".join(name for name in names if name)
        raise InputError(
            f"{file}: the columns told do not fit the list; correct their names.",
            [*problems, f"columns found: {found}"],
        )


def _names(value: str | Sequence[str]) -> list[str]:
    """Their names: a list, or one text with " + " between them, as campaign.toml holds it."""
    return [name for name in (value.split(" + ") if isinstance(value, str) else value) if name]
