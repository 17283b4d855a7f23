"""Rules for one cell: what was meant by what was typed.

Each rule takes the text of a cell and gives a Cell: the value, and what there is to say about it.
A value that cannot be right is never guessed: it is a problem, or it is said to be lost.
"""

import math
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from outreach.establishments.departments import departments_said
from outreach.establishments.spelling import plain
from outreach.spreadsheets import unguard

_UNKNOWN = frozenset(
    {"", "nc", "n c", "nd", "n d", "na", "n a", "x", "inconnu", "inconnue", "non communique",
     "non renseigne", "sans objet", "so", "s o", "a completer", "neant", "null", "none", "nr", "n r"}
)  # fmt: skip
_SCIENTIFIC = re.compile(r"-?\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_WHOLE = re.compile(r"(\d{1,3}(?:[\s .]\d{3})+|\d+)(?:[.,]0*)?")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")
_NEGATIVE = re.compile(r"[-−–]\s*\d")
# Twenty times the largest of the bundled FINESS list (410 places, 1 500 measures, 2026-08); also
# more than the staff of the largest association, should a row be a whole association.
MOST = 30_000
_FINESS = re.compile(r"[0-9][0-9A-Z][0-9]{7}")
_SIRET = re.compile(r"[0-9]{14}")
ZERO_LOST = "the leading zero was lost"
_UNIT = re.compile(
    r"\s*(?:places?|lits?|pl\.?|salari[ée](?:\(?e?\)?s)?|etp|agents?|personnes?|pers\.?|mesures?)\s*$",
    re.IGNORECASE,
)


class Cell(NamedTuple):
    """A value, and what to say about it (a tuple: 100 000 rows make a million of them).

    Attributes:
        value: None when missing.
        what: "" nothing; "repaired"; "lost" (unreadable, the row can do without it); "wrong"
            (the row is refused).
        reason, remedy: in words, when ``what`` is not "".
    """

    value: Any
    what: Literal["", "repaired", "lost", "wrong"] = ""
    reason: str = ""
    remedy: str = ""


Rule = Callable[[str], Cell]
_EMPTY = Cell("")
_MISSING = Cell(None)


def is_unknown(cell: str) -> bool:
    """Tell a cell that is empty or says "unknown": "nc", "à compléter", "x"."""
    return plain(cell) in _UNKNOWN


def text(cell: str) -> Cell:
    """Any text, spaces single."""
    if cell.startswith("'"):
        cell = unguard(cell)
    return Cell(" ".join(cell.split()))


def postcode(cell: str) -> Cell:
    """Five digits; a lost zero is put back: "1500" → "01500", "69002.0" and "69 002" → "69002"."""
    found = _digits(cell)
    if found is None:
        return _EMPTY
    if _SCIENTIFIC.fullmatch(found):
        return _lost("the spreadsheet replaced it by a rounded number", "type the postcode as text")
    short = re.sub(r"[\s. -]", "", re.sub(r"^(?:F|FR)\s*-?\s*(?=\d)", "", found))
    if len(short) == 5 and short.isdigit():
        return Cell(short) if short == cell else Cell(short, "repaired", "spaces or signs removed")
    if len(short) == 4 and short.isdigit():
        return Cell(f"0{short}", "repaired", ZERO_LOST)
    return _lost("is not a postcode of five digits", "type five digits")


def commune_code(cell: str) -> Cell:
    """An INSEE code of five characters: "1004" → "01004", "2a004" → "2A004"."""
    found = _digits(cell)
    if found is None:
        return _EMPTY
    short = re.sub(r"\s", "", found).upper()
    if re.fullmatch(r"(?:\d{2}|2[AB])\d{3}", short):
        return Cell(short) if short == cell else Cell(short, "repaired", "spaces or case")
    if re.fullmatch(r"[1-9]\d{3}", short):
        return Cell(f"0{short}", "repaired", ZERO_LOST)
    return _lost("is not an INSEE code of five characters", 'type it like "01004" or "2A004"')


def finess(cell: str) -> Cell:
    """Nine characters: "10780195" → "010780195", "01 078 019 5" → "010780195"; "1.07E+07" is lost."""
    return _number(cell, 9, "FINESS", _FINESS)


def siret(cell: str) -> Cell:
    """Fourteen digits; one lost zero is put back."""
    return _number(cell, 14, "SIRET", _SIRET)


def department(cell: str) -> Cell:
    """A département: "1", "001", "2a", "971", "01 - Ain", "Ain", "Dept 01", "Ain (01)" → "01"."""
    found = _digits(cell)
    if found is None:
        return _EMPTY
    said = departments_said(found)
    if len(said) == 1:
        return Cell(said.pop())
    if said:
        return _lost(
            f"names several départements ({', '.join(sorted(said))})", "type one code or name"
        )
    if plain(found) in ("20", "corse", "la corse"):
        return _lost("is two départements, 2A and 2B", 'type "2A" or "2B"')
    return _lost("is not a département", 'type its code ("01", "2A", "971") or its name')


def whole(cell: str) -> Cell:
    """A count: "1 234", "40 places", "12,0"; "nc" and "?" are unknown, never 0."""
    if cell.isascii() and cell.isdigit():
        return _whole(cell)
    found = _UNIT.sub("", unguard(cell).strip())
    if is_unknown(found) and not found.isdigit():
        return _MISSING
    match = _WHOLE.fullmatch(found)
    if not match:
        return _wrong_number(found, "is not a whole number")
    return _whole(re.sub(r"\D", "", match[1]))


def decimal(cell: str) -> Cell:
    """A number of full-time equivalents: "12,5" or "12.5"."""
    found = re.sub(r"\s", "", _UNIT.sub("", unguard(cell).strip()))
    if is_unknown(found) and not found.isdigit():
        return _MISSING
    if not _DECIMAL.fullmatch(found):
        return _wrong_number(found, "is not a number")
    return _not_absurd(float(found.replace(",", ".")))


def coordinate(cell: str) -> Cell:
    """A signed number with a point or a comma, in degrees or metres."""
    value: float | None
    try:
        value = float(cell)
    except ValueError:
        found = cell.strip().replace(",", ".").replace("−", "-").replace(" ", "").rstrip("°")
        try:
            value = float(found) if found else None
        except ValueError:
            return Cell(None, "lost", "is not a number of degrees", "type it like 5.2042")
    if value is not None and not math.isfinite(value):
        return Cell(None, "lost", "is not a number of degrees", "type it like 5.2042")
    if value is None or value == 0:
        return _MISSING
    return Cell(value) if abs(value) < 1e8 else Cell(None, "lost", "is out of range", "check it")


def _whole(digits: str) -> Cell:
    # Python refuses to turn thousands of digits into a number; ten say enough.
    return _not_absurd(int(digits.lstrip("0")[:10] or "0"))


def _wrong_number(found: str, reason: str) -> Cell:
    if _NEGATIVE.match(found):
        reason = "is negative: a count is 0 or more"
    return Cell(None, "wrong", reason, "type digits only, or leave the cell empty")


def _not_absurd(number: float) -> Cell:
    """The number, unless no establishment has so many: letters would print it."""
    if number <= MOST:
        return Cell(number)
    reason = f"is more than {MOST}, which no establishment has"
    return Cell(None, "wrong", reason, "correct the number, or leave the cell empty")


def _digits(cell: str) -> str | None:
    """The cell without what a spreadsheet adds to a number; None when it says "unknown"."""
    found = cell.strip().lstrip("'")
    if found.endswith(".0"):
        found = found[:-2]
    return None if not found or is_unknown(found) else found


def _number(cell: str, length: int, name: str, form: re.Pattern[str]) -> Cell:
    if form.fullmatch(cell):
        return Cell(cell)
    found = _digits(cell)
    if found is None:
        return _EMPTY
    if _SCIENTIFIC.fullmatch(found):
        return _lost(
            f"the spreadsheet replaced the {name} number by a rounded one: its digits are lost",
            f"format the column as text and type the {name} number again",
        )
    short = re.sub(r"[\s. -]", "", found).upper()
    if form.fullmatch(short):
        return Cell(short) if short == cell else Cell(short, "repaired", "spaces or signs removed")
    if form.fullmatch(f"0{short}"):
        return Cell(f"0{short}", "repaired", ZERO_LOST)
    return _lost(f"is not a {name} number", f"a {name} number has {length} characters")


def _lost(reason: str, remedy: str) -> Cell:
    return Cell("", "lost", reason, remedy)
