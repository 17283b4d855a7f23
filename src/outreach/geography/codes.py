"""The one form of constituency and département codes, and the other forms publishers use.

Ours: a département is "01", "2A", "971", or "ZZ" for French abroad; a constituency is the
département and two digits, "01-04", "2A-02", "971-03", "977-01", "ZZ-05".

Publishers write the same constituency as
    INSEE               01004   97103    two or three digits, then what fills five
    RNE, INSEE maps     0104    97103    the RNE also drops the first zero: 104
    OpenStreetMap       001-04  971-03   three characters before the hyphen
    ministry            1, 4    ZA, 3    two cells without zeros, letters overseas
This module knows the forms only; whether a constituency exists is known by geography.places.
"""

import re
from typing import Final

from outreach.errors import InputError

ABROAD: Final = "ZZ"
"""The département code of the French established outside France."""

# Letters of the ministry of the interior. ZX is one seat for Saint-Barthélemy (977) and
# Saint-Martin (978); deputies' lists give it the number 977, the Senate keeps 977 and 978 apart.
OVERSEAS_LETTERS: Final = {
    "ZA": "971",
    "ZB": "972",
    "ZC": "973",
    "ZD": "974",
    "ZM": "976",
    "ZN": "988",
    "ZP": "987",
    "ZS": "975",
    "ZW": "986",
    "ZX": "977",
}
# The Assembly writes 099, the ministry ZZ, the Senate 997 and 998, INSEE 99.
_ABROAD_SPELLINGS: Final = frozenset({ABROAD, "99", "099", "997", "998"})
DEPARTMENTS: Final = frozenset(
    {f"{n:02d}" for n in range(1, 96) if n != 20}
    | {"2A", "2B", "984", "989", ABROAD}
    | {str(n) for n in range(971, 979)}
    | {"986", "987", "988"}
)


def department_of(text: str) -> str:
    """Give our code of a département from any publisher's: "1" → "01", "2a" → "2A", "099" → "ZZ".

    Args:
        text: "1", "01", "001", "2a", "02A", "971", "ZA", "099", "99", "997", "998", "ZZ".

    Returns:
        "01" to "95", "2A", "2B", "971" to "978", "984", "986" to "989", or "ZZ". "ZX" gives
        "977", the number of the deputy's seat; "978" stays, the Senate needs it.

    Raises:
        InputError: no département has this code.
    """
    code = text.strip().upper()
    if code in _ABROAD_SPELLINGS:
        return ABROAD
    code = OVERSEAS_LETTERS.get(code, code)
    if code not in DEPARTMENTS:
        code = code.lstrip("0").rjust(2, "0")
    if code not in DEPARTMENTS:
        hint = (
            "Corsica is 2A or 2B"
            if code == "20"
            else 'write it like "01", "2A", "971", or "ZZ" for French abroad'
        )
        raise InputError(f'"{text}" is not a département code; {hint}.')
    return code


def constituency_code(department: str, number: str | int) -> str:
    """Join a département in any publisher's form and a number: ("ZA", "3") → "971-03".

    Raises:
        InputError: no département has this code, or the number is not 1 to 99.
    """
    code = department_of(department)
    digits = str(number).strip()
    if not re.fullmatch(r"0*[1-9][0-9]?", digits, re.ASCII):
        raise InputError(f'"{number}" is not the number of a constituency; write 1, 2, 3 …')
    # 978 holds no seat of its own: see OVERSEAS_LETTERS.
    return f"{'977' if code == '978' else code}-{int(digits):02d}"


def parse_constituency(text: str) -> str:
    """Give our code of a constituency from any publisher's.

    Args:
        text: "01-04", "1-4", "001-04", "0104", "104", "01004", "2a002", "ZA003", "97103",
            "099-05", "ZZ005"; spaces around and one of "-", "_", "/" or a space between.

    Raises:
        InputError: the text is none of these forms.
    """
    code = text.strip().upper()
    parts = re.fullmatch(r"([0-9A-Z]{1,3})\s*[-_/ ]\s*([0-9]{1,3})", code, re.ASCII)
    if parts is None:
        parts = _compact(code)
    if parts is None:
        raise InputError(f'"{text}" is not a constituency code; write it like "01-04" or "2A-02".')
    try:
        return constituency_code(parts[1], parts[2])
    except InputError as error:
        raise InputError(f'"{text}" is not a constituency code: {error.message}') from error


def split_constituency(code: str) -> tuple[str, int]:
    """Take our code apart: "971-03" → ("971", 3)."""
    department, _, number = code.rpartition("-")
    return department, int(number)


def department_of_commune(commune_code: str) -> str:
    """Give the département of an INSEE commune code: "2A004" → "2A", "97209" → "972".

    It is the administrative one: the constituency of 44180 is in 49.
    """
    return commune_code[: 3 if commune_code[:2] in ("97", "98") else 2]


def _compact(code: str) -> re.Match[str] | None:
    """Split a form without separator. Three and four digits are the RNE's, five are INSEE's."""
    for pattern in (
        r"(Z[A-Z]|0?2[AB])([0-9]{1,3})",
        r"(9[78][0-9]|099)([0-9]{2})",
        r"([0-9]{2})(0[0-9]{2})",
        r"([0-9]{1,2})([0-9]{2})",
    ):
        parts = re.fullmatch(pattern, code, re.ASCII)
        if parts is not None:
            return parts
    return None
