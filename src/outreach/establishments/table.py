"""Rows of cells and an understood header → the checked table (columns.TABLE), refusals and repairs."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from outreach.errors import InputError
from outreach.establishments.categories import field_of, load_categories
from outreach.establishments.columns import TABLE, make_frame
from outreach.establishments.headers import Header
from outreach.establishments.location import read_addresses, read_points
from outreach.establishments.reading import Reading
from outreach.establishments.rows import Rows
from outreach.establishments.sheet import Sheet
from outreach.establishments.spelling import plain

# Any of these says where a row is; without one the row is refused.
_TOTAL = re.compile(r"(?:sous )?(?:total|totaux|somme)\b")
_PLACES = ("commune_code", "postcode", "commune_name", "finess", "siret")


def build_table(sheet: Sheet, header: Header, file: str) -> Reading:
    """Build the checked table of one sheet.

    Args:
        sheet: the rows.
        header: what its columns are.
        file: how to call it in messages.

    Returns:
        A Reading; its table has one row per row taken, in the list's order.

    Raises:
        InputError: an identifier stands on several rows, or no row is left under the header.
    """
    rows = Rows(sheet, header, file)
    columns: dict[str, list[Any]] = {
        ours: rows.values(ours) for ours in TABLE if ours != "source_row"
    }
    columns["source_row"] = list(rows.numbers)
    read_addresses(rows, columns)
    read_points(rows, columns)
    # A list of associations has one name a row: the association's.
    columns["name"] = [
        name or organisation
        for name, organisation in zip(columns["name"], columns["organisation"], strict=True)
    ]
    _read_categories(columns)
    _refuse_unplaced(rows, columns)
    columns["establishment_id"] = _identify(rows, columns)
    kept = [at for at in range(len(rows.cells)) if at not in rows.refused]
    refused = sorted([*rows.structural, *rows.refused.values()], key=lambda refusal: refusal.row)
    if not rows.cells and not refused:
        raise InputError(f"{file} has a header and no row under it; export the list again.")
    return Reading(
        table=_frame(columns, kept),
        refused=tuple(refused),
        columns=header.named(),
        ignored=header.ignored(),
        repairs=tuple(repair for repair in rows.repairs),
        received=len(rows.cells) + len(rows.structural),
    )


def _frame(columns: dict[str, list[Any]], kept: Sequence[int]) -> pd.DataFrame:
    whole = len(kept) == len(columns["source_row"])
    data = {ours: columns[ours] if whole else [columns[ours][at] for at in kept] for ours in TABLE}
    return make_frame(data, TABLE)


def _read_categories(columns: dict[str, list[Any]]) -> None:
    """Give each row its category's label and field, and count measures apart from places."""
    categories = load_categories()
    codes, labels, fields = columns["category_code"], columns["category"], columns["field"]
    for at, code in enumerate(codes):
        if code and code.isdigit():
            code = codes[at] = code.zfill(3)
        category = categories.get(code)
        words = fields[at]
        fields[at] = field_of(words) if words else ""
        if category:
            labels[at] = labels[at] or category.category
            fields[at] = fields[at] or category.field
            if category.capacity == "measure" and columns["measures"][at] is None:
                columns["measures"][at], columns["places"][at] = columns["places"][at], None
        elif not fields[at] and labels[at]:
            fields[at] = field_of(labels[at])


def _refuse_unplaced(rows: Rows, columns: dict[str, list[Any]]) -> None:
    lost = {repair.row: repair for repair in reversed(rows.repairs) if not repair.became}
    for at, values in enumerate(zip(*(columns[ours] for ours in _PLACES), strict=True)):
        if any(values) or columns["longitude"][at] is not None:
            continue
        known = lost.get(rows.numbers[at])
        if known:
            column, value, reason = known.column, known.value, known.reason.partition(";")[0]
        else:
            column, reason = "", "says neither commune, postcode nor point"
            value = " | ".join(cell.strip() for cell in rows.cells[at] if cell.strip())
        remedy = "type a postcode and a commune"
        if _TOTAL.match(next(filter(None, map(plain, rows.cells[at])), "")):
            column, value = "", " | ".join(cell.strip() for cell in rows.cells[at] if cell.strip())
            reason, remedy = "is a total, not an establishment", "remove it from the list"
        rows.refuse(at, column, value, reason, remedy)


def _identify(rows: Rows, columns: dict[str, list[Any]]) -> list[str]:
    """Choose the identifier of each row; refuse a list that gives two rows the same one.

    The list's own identifier, else the FINESS number, else a SIRET that stands once (one SIRET may
    run several establishments), else the row.
    """
    taken = [at for at in range(len(rows.cells)) if at not in rows.refused]
    problems: list[str] = []
    for ours in ("establishment_id", "finess"):
        times = Counter(columns[ours][at] for at in taken)
        doubled = {value for value, n in times.items() if n > 1 and value}
        for value in sorted(doubled):
            at_rows = [rows.numbers[at] for at in taken if columns[ours][at] == value]
            listed = ", ".join(map(str, at_rows[:10])) + (" …" if len(at_rows) > 10 else "")
            problems.append(f'{rows.theirs(ours)} "{value}" stands on rows {listed}')
    if problems:
        raise InputError(
            f"{rows.file}: {len(problems)} identifier(s) stand on several rows, so that these would "
            "be counted twice; keep one row each, or correct the number.",
            problems,
        )
    sirets = Counter(value for value in columns["siret"] if value)
    identifiers: list[str] = []
    used: set[str] = set()
    for at, number in enumerate(rows.numbers):
        siret = columns["siret"][at]
        identifier = (
            columns["establishment_id"][at]
            or columns["finess"][at]
            or (siret if sirets[siret] == 1 else "")
        )
        # One row's own identifier may be another row's FINESS number.
        if not identifier or identifier in used:
            identifier = f"row-{number}"
        used.add(identifier)
        identifiers.append(identifier)
    return identifiers
