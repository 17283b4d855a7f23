"""The review file: what the matcher doubts, what a person decides, and decisions kept for next year.

review.csv (or .xlsx) is written with the doubtful rows; a person fills the column "decision"; the
next run reads it. Decisions are kept in decisions.csv under a key that next year's list gives
again: the FINESS number, else name and address.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from outreach.errors import InputError
from outreach.establishments.delimited import read_delimited
from outreach.establishments.encoding import read_lines
from outreach.establishments.refusal import Refusal
from outreach.establishments.sheet import Sheet
from outreach.establishments.spelling import commune_key, plain, street_key
from outreach.establishments.workbook import is_workbook, read_workbook
from outreach.geography.codes import parse_constituency
from outreach.geography.places import Geography
from outreach.matching.doubts import doubt_in_french, kind_of_doubt
from outreach.spreadsheets import Cell, Worksheet, csv_text, guard, unguard, xlsx_bytes

COLUMNS = (
    "key", "source_row", "finess", "name", "address", "postcode", "commune_name", "motif",
    "candidates", "decision", "note", "reason",
)  # fmt: skip
_OF_THE_ROW = (
    "source_row", "finess", "name", "address", "postcode", "commune_name", "candidates", "reason",
)  # fmt: skip
DECISIONS = ("key", "decision", "note", "name", "commune_name")
ReviewRow = dict[str, Cell]
# Nobody decides more in one go, and drop-down lists make a workbook heavy: the CSV holds all.
MOST_IN_A_WORKBOOK = 10_000
# What a person types when nobody can tell: the row stays out and is not asked again.
LEFT_OPEN = "-"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of one establishment.

    Attributes:
        constituency_code: the constituency, or "" for "nobody can tell".
        note: why, in the person's words.
        name, commune_name: of the establishment, so that decisions.csv can be read by people.
    """

    constituency_code: str
    note: str = ""
    name: str = ""
    commune_name: str = ""


def key_of(finess: str, name: str, address: str, postcode: str, commune_name: str) -> str:
    """Give the key of a decision: "F010780195", else a short digest of name and address as compared."""
    if finess:
        return f"F{finess}"
    said = "|".join((plain(name), street_key(address), postcode, commune_key(commune_name)))
    return "N" + hashlib.sha256(said.encode()).hexdigest()[:16]


def review_text(rows: Sequence[ReviewRow]) -> str:
    """The doubtful rows as a CSV for a person."""
    return "\ufeff" + csv_text(COLUMNS, rows)


def review_xlsx(rows: Sequence[ReviewRow], geography: Geography) -> bytes:
    """The first MOST_IN_A_WORKBOOK doubtful rows as a workbook, the choice as a drop-down list."""
    rows = rows[:MOST_IN_A_WORKBOOK]
    choices: dict[int, Mapping[str, list[str]]] = {}
    for at, row in enumerate(rows):
        listed = [_labelled(code, geography) for code in str(row["candidates"]).split()]
        # A drop-down of Excel holds 255 characters.
        while listed and len(",".join([*listed, LEFT_OPEN])) > 250:
            listed.pop()
        choices[at] = {"decision": [*listed, LEFT_OPEN]}
    return xlsx_bytes([Worksheet("review", COLUMNS, rows, choices)])


def review_rows(matched: pd.DataFrame) -> list[ReviewRow]:
    """Give the doubtful rows that no person has decided, as COLUMNS, in the order of in_order."""
    doubtful = matched[(matched["certainty"] == "unsure") & (matched["method"] != "review")]
    return in_order(
        {
            "key": key_of(row["finess"], row["name"], row["address"], row["postcode"], row["commune_name"]),
            **{name: _shown(row[name]) for name in _OF_THE_ROW},
            "motif": doubt_in_french(row["reason"]),
            "decision": "",
            "note": "",
        }
        for row in doubtful.to_dict("records")
    )  # fmt: skip


def in_order(rows: Iterable[ReviewRow]) -> list[ReviewRow]:
    """Sort doubtful rows by kind of doubt, so that equal ones are looked at together.

    Few candidates first: they are quickly decided.
    """
    return sorted(
        rows,
        key=lambda row: (
            kind_of_doubt(str(row["reason"])),
            len(str(row["candidates"]).split()),
            str(row["commune_name"]),
            str(row["name"]),
        ),
    )


def read_review(path: Path, geography: Geography | None = None) -> dict[str, Decision]:
    """Read the decisions of a review file (.csv, .xlsx) or of decisions.csv.

    Args:
        path: the file, in any encoding and separator a spreadsheet saves.
        geography: to check that each constituency exists; None checks the form only.

    Returns:
        key → Decision, for the rows that hold one.

    Raises:
        InputError: a column is gone, or a decision is no constituency; all are listed.
    """
    records = _open(path).records()
    _, title = next((row for row in records if not isinstance(row, Refusal)), (0, [""]))
    header = [cell.strip() for cell in title]
    missing = [name for name in ("key", "decision") if name not in header]
    if missing:
        raise InputError(
            f"{path.name} has no column {' and no column '.join(missing)}; keep the columns that "
            "`outreach match` writes."
        )
    decisions: dict[str, Decision] = {}
    problems: list[str] = []
    for record in records:
        if isinstance(record, Refusal):
            problems.append(str(record))
            continue
        number, cells = record
        row = dict(zip(header, (unguard(cell.strip()) for cell in cells), strict=False))
        if not row.get("decision") or not row.get("key"):
            continue
        try:
            decision = _decision(row, geography)
        except InputError as error:
            problems.append(f"{path.name}, row {number}, decision: {error.message}")
            continue
        before = decisions.get(row["key"])
        if before and before.constituency_code != decision.constituency_code:
            problems.append(f'{path.name}, row {number}, decision: "{row["decision"]}" contradicts an earlier row of the same establishment; keep one.')  # fmt: skip
        decisions[row["key"]] = decision
    if problems:
        raise InputError(
            f"{path.name}: some decisions cannot be read; type a constituency such as 69-02, or "
            f'"{LEFT_OPEN}" when nobody can tell.',
            problems,
        )
    return decisions


def _open(path: Path) -> Sheet:
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    if is_workbook(head):
        return read_workbook(path)[0]
    lines, _, _ = read_lines(path)
    return read_delimited(lines, path.name)[0]


def decisions_text(decisions: Mapping[str, Decision]) -> str:
    """Every decision taken so far as CSV, for the next run and for next year's list."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(DECISIONS)
    for key, taken in sorted(decisions.items()):
        decided = taken.constituency_code or LEFT_OPEN
        writer.writerow(map(guard, (key, decided, taken.note, taken.name, taken.commune_name)))
    return text.getvalue()


def _decision(row: Mapping[str, str], geography: Geography | None) -> Decision:
    # A drop-down's choice is "69-02 (2e circonscription du Rhône)".
    typed = row["decision"].partition("(")[0].strip()
    code = "" if typed == LEFT_OPEN else parse_constituency(typed)
    if code and geography is not None:
        code = geography.constituency(code).code
    candidates = row.get("candidates", "").split()
    if code and candidates and code not in candidates and not row.get("note"):
        raise InputError(
            f"{code} is none of the candidates ({', '.join(candidates)}); type one of them, or say in "
            "the column note why it is another."
        )
    return Decision(code, row.get("note", ""), row.get("name", ""), row.get("commune_name", ""))


def _labelled(code: str, geography: Geography) -> str:
    known = geography.constituencies.get(code)
    return f"{code} ({known.name})".replace(",", "") if known else code


def _shown(value: Any) -> Any:
    return None if value is pd.NA else value
