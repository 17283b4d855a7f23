"""How a parliamentarian is addressed: title, opening, closing, the line under the name.

Derived once and used everywhere, so that the closing repeats the opening word for word. Usage:
circular of 21 November 2017 (the office agrees with its holder). A campaign's titles.csv
overrides it per person or per function, with the source of each line.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.errors import InputError
from outreach.roster.seat import Chamber, Gender, Parliamentarian

NEUTRAL = "Madame, Monsieur"
_TITLES: dict[tuple[Chamber, Gender], tuple[str, str]] = {
    ("assemblee", "F"): ("Madame la Députée", "députée"),
    ("assemblee", "M"): ("Monsieur le Député", "député"),
    ("senat", "F"): ("Madame la Sénatrice", "sénatrice"),
    ("senat", "M"): ("Monsieur le Sénateur", "sénateur"),
}
_CIVILITY: dict[Gender, str] = {"F": "Madame", "M": "Monsieur", "": ""}
TITLE_COLUMNS = (
    "who",
    "feminine",
    "masculine",
    "line_feminine",
    "line_masculine",
    "source",
    "date",
)


@dataclass(frozen=True, slots=True)
class Salutation:
    """How one person is addressed.

    Attributes:
        civility: "Madame", "Monsieur" or "".
        title: "Madame la Députée"; "Madame, Monsieur" when the gender is unknown.
        office: "députée", as in "Députée de l'Ain"; "" when the gender is unknown.
        line: the line under the name on the envelope, "" for the usual one.
        reason: where the title comes from, for the checks.
    """

    civility: str
    title: str
    office: str
    line: str
    reason: str

    @property
    def opening(self) -> str:
        """The first line of the letter: no name, no abbreviation."""
        return f"{self.title},"

    @property
    def closing(self) -> str:
        """The usual last sentence, with the same title."""
        return f"Je vous prie d’agréer, {self.title}, l’expression de ma haute considération."


@dataclass(frozen=True, slots=True)
class TitleRule:
    """One line of titles.csv: an official id or the start of a function, and the titles."""

    who: str
    feminine: str
    masculine: str
    line_feminine: str
    line_masculine: str
    source: str
    date: str

    def titles(self, gender: Gender) -> tuple[str, str]:
        """Give (title, line) for a gender, or ("", "") when the rule has none."""
        if gender == "F":
            return self.feminine, self.line_feminine
        return (self.masculine, self.line_masculine) if gender == "M" else ("", "")


def salutation(recipient: Parliamentarian, rules: Sequence[TitleRule] = ()) -> Salutation:
    """Tell how to address a parliamentarian.

    A rule for the person wins over one for a function they hold; among those, the first line
    that fits.
    """
    gender = recipient.gender
    usual, office = _TITLES.get((recipient.chamber, gender), (NEUTRAL, ""))
    for rule in _fitting(recipient, rules):
        title, line = rule.titles(gender)
        if title:
            reason = f'titles.csv, "{rule.who}": {rule.source}, {rule.date}'
            return Salutation(_CIVILITY[gender], title, office, line, reason)
    reason = "office and civility of the official list" if office else "civility unknown"
    return Salutation(_CIVILITY[gender], usual, office, "", reason)


def _fitting(recipient: Parliamentarian, rules: Sequence[TitleRule]) -> list[TitleRule]:
    held = [function.casefold().replace("’", "'") for function in recipient.functions]
    person = [rule for rule in rules if rule.who == recipient.official_id]
    return person + [
        rule
        for rule in rules
        if any(function.startswith(rule.who.casefold().replace("’", "'")) for function in held)
    ]


def read_titles(path: Path | None, today: dt.date | None = None) -> tuple[TitleRule, ...]:
    """Read a campaign's titles.csv; no file, no rule.

    Args:
        path: the file.
        today: the last day that a source can bear; None takes any.

    Raises:
        InputError: a column is missing, or a line lacks who, a title or its source; all listed.
    """
    rules = []
    problems = []
    for number, row in read_rows(path, TITLE_COLUMNS):
        rule = TitleRule(**row)
        if not rule.who:
            problems.append(
                f"{path}, row {number}, who: is empty; give an official id or a function"
            )
        if not (rule.feminine or rule.masculine):
            problems.append(f"{path}, row {number}: has no title; fill feminine or masculine")
        if not (rule.source and rule.date):
            problems.append(f"{path}, row {number}: has no source or date; say where it is written")
        dated = re.fullmatch(r"\d{4}(?:-\d\d){0,2}", rule.date)
        if dated and today is not None and rule.date > today.isoformat():
            problems.append(f"{path}, row {number}, date: {rule.date} is later than {today}")
        problems += [
            f'{path}, row {number}, {column}: "{row[column]}" does not start with "{civility}"'
            for column, civility in (("feminine", "Madame"), ("masculine", "Monsieur"))
            if row[column] and not row[column].startswith(civility)
        ]
        rules.append(rule)
    if problems:
        raise InputError(f"{path} has {len(problems)} faulty cells:", problems)
    return tuple(rules)


def read_rows(path: Path | None, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Read a small CSV of a campaign (UTF-8, ``;``): (row number as a spreadsheet shows it, cells).

    Raises:
        InputError: it is not such a file, or its columns are not these.
    """
    if path is None:
        return []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} could not be read as UTF-8: {error}.") from error
    lines = csv.reader(io.StringIO(text), delimiter=";")
    try:
        numbered = [(lines.line_num, cells) for cells in lines]
    except csv.Error as error:
        raise InputError(
            f"{path}, row {lines.line_num}: cannot be cut into cells ({error}); shorten the cell, or "
            "close the quotation mark that stays open."
        ) from error
    if not numbered or numbered[0][1] != list(columns):
        raise InputError(f"{path}: the first row must be {';'.join(columns)}.")
    rows = []
    problems = []
    for number, cells in numbered[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            problems.append(f"{path}, row {number}: has {len(cells)} cells and not {len(columns)}")
            continue
        cleaned = (cell.strip() for cell in cells)
        rows.append((number, dict(zip(columns, cleaned, strict=True))))
    if problems:
        raise InputError(f"{path} has {len(problems)} broken rows:", problems)
    return rows
