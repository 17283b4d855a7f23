"""One cell that holds a whole address → street, postcode and city; telephone numbers left out."""

import re
from dataclasses import dataclass

_PHONE = re.compile(
    r"(?:(?:t[ée]l(?:[ée]phone)?|fax|t[ée]l[ée]copie|portable|mob(?:ile)?)\s*[.:]*\s*)?"
    r"(?<!\d)(?:\+33\s*\(?0?\)?|0033|0)\s*[1-9](?:[\s.\-/]*\d{2}){4}(?!\d)",
    re.IGNORECASE,
)
_LABEL_LEFT = re.compile(
    r"(?:^|\s)(?:t[ée]l(?:[ée]phone)?|fax)\s*[.:]*\s*(?=$|\n|,|;|/)", re.IGNORECASE
)
_MANY_DIGITS = re.compile(r"(?:\d[\s.\-/()]*){9}")
_MAIL = re.compile(r"\S+@\S+\.\w+")
# Five digits, the last that are followed by a name; never a box number (BP 20345).
_POSTCODE_CITY = re.compile(
    r"(?<![\d/])(?<!bp )(?<!bp)(?<!cs )(?<!cs)(?<!tsa )(?:F\s*-\s*|FR\s*-\s*)?"
    r"(\d{5}|\d{2}[  .]\d{3})(?!\d)[\s,\-–:]*([^\W\d_][^\n,;]*)",
    re.IGNORECASE,
)
# "FRANCE" alone on the last line.
_COUNTRY = re.compile(r"[\s,;\-–]*\bfrance\W*$", re.IGNORECASE)
_SIGNS = " \t\n,;:-–/"


@dataclass(frozen=True, slots=True)
class Parts:
    """What one cell holds; "" for what it does not.

    ``left_out`` is a telephone number or an e-mail address that stood in the cell.
    """

    street: str
    postcode: str
    city: str
    left_out: str = ""


def split_address(text: str) -> Parts:
    """Take an address apart: "12 rue X, 69002 LYON, Tél. 04 72 00 00 00", on one line or several.

    The last postcode followed by a name counts: numbers before it are streets and boxes.
    """
    text, left_out = without_phone(text)
    every = list(_POSTCODE_CITY.finditer(text))
    if not every:
        return Parts(tidy(text), "", "", left_out)
    found = every[-1]
    city = found[2].strip(_SIGNS)
    before, after = text[: found.start()], _COUNTRY.sub("", text[found.end() :])
    return Parts(tidy(f"{before}\n{after}"), re.sub(r"\D", "", found[1]), tidy(city), left_out)


def may_hold_phone(text: str) -> bool:
    """Tell quickly that a cell holds no telephone number and no e-mail address, as nearly all."""
    return "@" in text or (len(text) > 9 and _MANY_DIGITS.search(text) is not None)


def without_phone(text: str) -> tuple[str, str]:
    """Take telephone numbers and e-mail addresses out of a cell; give the rest and what was taken."""
    if not may_hold_phone(text):
        return text, ""
    taken = [match[0].strip() for match in _MAIL.finditer(text)]
    rest = _MAIL.sub(" ", text)
    taken += [match[0].strip() for match in _PHONE.finditer(rest)]
    if not taken:
        return text, ""
    rest = _LABEL_LEFT.sub(" ", _PHONE.sub(" ", rest))
    return rest, " ".join(taken)


def tidy(text: str) -> str:
    """Lines joined by ", ", spaces single, no sign at the ends."""
    lines = [" ".join(line.split()).strip(_SIGNS) for line in text.splitlines()]
    return ", ".join(line for line in lines if line)
