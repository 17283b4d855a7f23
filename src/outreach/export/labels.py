"""Labels and envelopes for letters that go without a window, and the test pages for both."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from outreach.errors import InputError
from outreach.export.envelope_order import in_envelope_order
from outreach.export.paper import Window
from outreach.export.typesetting import Job, set_document, typst_root
from outreach.files import write_file
from outreach.letters.letter import Letter

_A4 = (210.0, 297.0)
_INSET = 5.0


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A sheet of labels on A4, in millimetres: size of a label, first label's corner, pitch."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float


# Makers' public tables differ by up to 1.4 mm: hence the offsets and the test grid.
SHEETS = {
    "L7159": LabelSheet(3, 8, 63.5, 33.9, 7.2, 12.9, 66.0, 33.9),
    "L7160": LabelSheet(3, 7, 63.5, 38.1, 7.2, 15.1, 66.0, 38.1),
    "L7162": LabelSheet(2, 8, 99.1, 33.9, 4.0, 13.0, 102.5, 33.9),
    "L7163": LabelSheet(2, 7, 99.1, 38.1, 4.65, 15.1, 101.6, 38.1),
    "70x37": LabelSheet(3, 8, 70.0, 37.0, 0.0, 0.5, 70.0, 37.0),
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope, in millimetres: its size, and the corner and width of the address."""

    width: float
    height: float
    x: float
    y: float
    address_width: float


ENVELOPES = {
    "DL": Envelope(220, 110, 110, 58, 95),
    "C5": Envelope(229, 162, 115, 100, 100),
}


def label_sheet(text: str) -> LabelSheet:
    """Give a sheet by its name, or from own sizes.

    Args:
        text: "L7163", or "columns,rows,width,height,left,top,pitch_x,pitch_y" in mm.

    Raises:
        InputError: neither, or labels that do not lie on A4.
    """
    for name, sheet in SHEETS.items():
        if text.strip().lower() == name.lower():
            return sheet
    try:
        columns, rows, *sizes = text.split(",")
        sheet = LabelSheet(int(columns), int(rows), *map(float, sizes))
    except (TypeError, ValueError) as error:
        raise InputError(
            f'"{text}" is no sheet of labels; write {", ".join(SHEETS)}, or eight numbers: '
            "columns,rows,width,height,left,top,pitch_x,pitch_y in mm."
        ) from error
    right = sheet.left + (sheet.columns - 1) * sheet.pitch_x + sheet.width
    bottom = sheet.top + (sheet.rows - 1) * sheet.pitch_y + sheet.height
    if min(sheet.columns, sheet.rows) < 1 or min(sheet.width, sheet.height) < 20:
        raise InputError(f'"{text}": labels are at least 20 × 20 mm, one or more a sheet.')
    if min(sheet.left, sheet.top) < 0 or right > _A4[0] + 0.5 or bottom > _A4[1] + 0.5:
        raise InputError(
            f'"{text}": the labels end at {right:g} × {bottom:g} mm, and A4 at 210 × 297.'
        )
    return sheet


def write_labels(
    letters: Sequence[Letter],
    path: Path,
    sheet: LabelSheet,
    *,
    date: dt.date,
    start: int = 1,
    offset: tuple[float, float] = (0, 0),
    grid: bool = False,
    merge: bool = False,
) -> int:
    """Write the labels as one PDF, in the order of the envelopes.

    Args:
        letters: one label each; letters without a postal address get none.
        path: the PDF.
        sheet: from label_sheet().
        date: the date inside the PDF.
        start: the first label to print on, for a sheet already begun; 1 is the top left one.
        offset: millimetres to the right and down, for a printer that is off.
        grid: also draw the edges of the labels, to be held against an empty sheet.
        merge: one label for all letters to one place, the address below the names; its note says
            how many letters go into the parcel.

    Returns:
        How many labels there are.

    Raises:
        InputError: start is not on the sheet, or nobody has an address.
        OutreachError: an address cannot be set, or the file cannot be written.
    """
    if not 1 <= start <= sheet.columns * sheet.rows:
        raise InputError(
            f"start is {start}, and the sheet has {sheet.columns * sheet.rows} labels; "
            "count from 1 at the top left."
        )
    addresses = _addresses(letters)
    labels = _merged(addresses) if merge else [(lines, "") for lines in addresses]
    data = {
        "sheet": asdict(sheet),
        "inset": _INSET,
        "start": start,
        "offset": offset,
        "grid": grid,
        "labels": [{"lines": lines, "note": note} for lines, note in labels],
    }
    _write(path, "labels.typ", "Étiquettes", data, date)
    return len(labels)


def write_envelopes(
    letters: Sequence[Letter], path: Path, envelope: Envelope, *, date: dt.date
) -> int:
    """Write envelopes as one PDF, a page each, in the order of the print runs; give their number.

    Raises:
        InputError: nobody has an address.
        OutreachError: an address cannot be set, or the file cannot be written.
    """
    addresses = _addresses(letters)
    sender = next(letter.sender for letter in letters)
    data = {"envelope": asdict(envelope), "sender": sender, "addresses": addresses}
    _write(path, "envelopes.typ", "Enveloppes", data, date)
    return len(addresses)


def write_window_test(path: Path, window: Window, *, date: dt.date) -> None:
    """Write a page to fold and hold in a window envelope: windows, folds, address, a ruler.

    Raises:
        OutreachError: the file cannot be written.
    """
    lines = [
        "MADAME PRENOM NOM",
        "FONCTION",
        "SERVICE",
        "BATIMENT",
        "1 RUE DE L ESSAI",
        "75000 PARIS",
    ]
    data = {"window": asdict(window), "lines": lines}
    _write(path, "windows.typ", "Page d’essai pour enveloppes à fenêtre", data, date)


def _addresses(letters: Sequence[Letter]) -> list[tuple[str, ...]]:
    addresses = [letter.address for letter in in_envelope_order(letters) if letter.address]
    if not addresses:
        raise InputError("None of these letters has a postal address; choose other recipients.")
    return addresses


def _merged(addresses: Sequence[tuple[str, ...]]) -> list[tuple[tuple[str, ...], str]]:
    """Join addresses that end alike: the place is what follows name and function."""
    parcels: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for lines in addresses:
        place = lines[2:] if len(lines) > 3 else lines[1:]
        parcels.setdefault(place, []).append(lines)
    merged = []
    for place, members in parcels.items():
        alone = len(members) == 1
        merged.append((members[0] if alone else place, "" if alone else f"{len(members)} lettres"))
    return merged


def _write(path: Path, template: str, title: str, data: dict[str, Any], date: dt.date) -> None:
    data |= {"title": title, "date": [date.year, date.month, date.day]}
    job = Job(path.name, template, partial(json.dumps, data, ensure_ascii=False))
    with typst_root() as root:
        pdf = set_document(job, root, date=date)
    write_file(path, pdf)
