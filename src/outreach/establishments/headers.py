"""Which column of a list is which of ours, by name told or recognised, and where the header is.

What was understood is always shown, and a person can say otherwise in campaign.toml or on the
command line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from outreach.errors import InputError
from outreach.establishments.column_names import known_names, recognise, simple
from outreach.establishments.sheet import Sheet

# Rows above the header that are looked at: a title, a date, an empty line, a legend.
_LOOKED_AT = 30
# A header holds names; a row with a postcode or a number of five digits and more is an establishment.
_NUMBER = re.compile(r"[\d\s .]*\d{5}[\d\s .]*")
_SEAT = re.compile(r"\b(?:du\s+)?si[eè]ge(?:\s+social)?\b", re.IGNORECASE)
_PAIR = re.compile(r"\s*[-(\[]?\s*\d+[.,]?\d*\s*[,;\s]\s*-?\d+[.,]?\d*\s*[)\]]?\s*")
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
        title: the cells of its row, as they stand.
        names: their column names, "" for a nameless column.
        columns: ours → places of their columns, in the order in which they are joined.
    """

    position: int
    title: tuple[str, ...]
    names: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]

    def named(self) -> dict[str, tuple[str, ...]]:
        """Ours → their names."""
        return {ours: tuple(self.names[x] for x in at) for ours, at in self.columns.items()}

    def ignored(self) -> tuple[str, ...]:
        """Their columns that are not used."""
        used = {x for at in self.columns.values() for x in at}
        return tuple(name for x, name in enumerate(self.names) if name and x not in used)


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
    names = _names_of(sheet, best)
    columns = _assign(names)
    if "point" in columns and not _holds_points(sheet, best, columns["point"][0]):
        # "Coordonnées" is a point in one list, a postal address in another.
        columns.setdefault("address", columns.pop("point"))
    title = sheet.rows[best][1]
    # Names as shown here, or as they stand in the sheet without the group above.
    places = {simple(name): x for x, name in reversed([*enumerate(names), *enumerate(title)])}
    _apply_told(columns, names, told or {}, file, places)
    if not any(ours in columns for ours in PLACE_COLUMNS):
        raise InputError(
            f"{file}: no column says where the establishments are; expected one of Code INSEE, Code "
            "postal, Commune, Adresse, FINESS, Latitude and Longitude. If it has another name, say "
            'so: --column commune_name="…".',
            [f"columns found: {', '.join(name for name in names if name)}"],
        )
    return Header(best, tuple(title), names, columns)


def _header_score(cells: Sequence[str], told: Mapping[str, str | Sequence[str]]) -> float:
    """A header is the row that names most of our columns; a row of values names none."""
    wanted = {simple(name) for value in told.values() for name in _names(value)}
    score = 0.0
    seen: set[str] = set()
    for cell in cells:
        if _NUMBER.fullmatch(cell):
            return 0.0
        if not cell.strip() or len(cell) > 60:
            continue
        if simple(cell) in wanted:
            score += 2
        ours, alike = recognise(cell)
        if (ours and ours not in seen) or alike == 100.0:
            seen.add(ours)
            score += alike / 100
    return score


def _names_of(sheet: Sheet, position: int) -> tuple[str, ...]:
    """The names of a header; where a row of groups stands above it, each with its group.

    "Capacité" over "Autorisée" and "Installée" is "Capacité Autorisée" and "Capacité Installée";
    "Gestionnaire" and "Établissement" over two "Nom" tell them apart.
    """
    number, cells = sheet.rows[position]
    names = [" ".join(cell.split()) for cell in cells]
    if not position or sheet.rows[position - 1][0] != number - 1:
        return tuple(names)
    above = [" ".join(cell.split()) for cell in sheet.rows[position - 1][1]]
    above += [""] * (len(names) - len(above))
    # One cell alone is a title, not groups.
    if sum(map(bool, above)) < 2 or any(map(_NUMBER.fullmatch, above)):
        return tuple(names)
    group = ""
    grouped = []
    for x, name in enumerate(names):
        group = above[x] or group
        unclear = names.count(name) > 1 or not recognise(name)[0]
        if not name:
            grouped.append(above[x])
        else:
            grouped.append(f"{group} {name}".strip() if unclear and group != name else name)
    return tuple(grouped)


def _holds_points(sheet: Sheet, position: int, x: int) -> bool:
    """Tell whether the first cells of a column are pairs of numbers."""
    cells = [
        row[x]
        for _, row in sheet.rows[position + 1 : position + 60]
        if x < len(row) and row[x].strip()
    ]
    return sum(_PAIR.fullmatch(cell) is not None for cell in cells) * 2 >= len(cells)


def _assign(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Our columns among theirs; a list that has only the seat's address is read by that."""
    columns = _best(names)
    if not any(ours in columns for ours in PLACE_COLUMNS):
        columns = _best([_SEAT.sub(" ", name) for name in names])
    return columns


def _best(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
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
    places: Mapping[str, int],
) -> None:
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
