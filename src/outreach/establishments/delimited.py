"""CSV text → rows of cells, losing none: rows in = rows given + rows refused.

A quote that is opened and never closed makes a usual reader swallow the thousands of rows that
follow. Here such a row is refused alone and reading goes on at the next line.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator

from outreach.errors import InputError
from outreach.establishments.refusal import Refusal
from outreach.establishments.sheet import Sheet

_SEPARATORS = (";", ",", "\t", "|")
_NEWLINE = re.compile(r"\r\n|\n|\r")
# An address of more lines than this in one cell has not been seen; beyond it the quote is a mistake.
_MOST_LINES_IN_A_CELL = 20


def read_delimited(text: str, name: str, separator: str | None = None) -> tuple[Sheet, str]:
    """Cut a CSV text into rows; give them and the separator.

    Args:
        text: the decoded file.
        name: how to call the file in an error.
        separator: told by a person; None to find it.

    Raises:
        InputError: no separator gives two columns.
    """
    lines = split_lines(text)
    if lines and lines[0].lower().startswith("sep="):
        # What Excel itself writes and reads above a header.
        separator, lines[0] = lines[0][4:5] or separator, ""
    separator = separator or find_separator(lines, name)
    rows: list[tuple[int, list[str]]] = []
    refused: list[Refusal] = []
    for record in cut_lines(lines, name, separator):
        if isinstance(record, Refusal):
            refused.append(record)
        else:
            rows.append(record)
    return Sheet(name="", rows=rows, refused=refused), separator


def split_lines(text: str) -> list[str]:
    """Give the lines of a text, whichever system ended them."""
    lines = _NEWLINE.split(text)
    if lines and lines[-1] == "":
        lines.pop()
    return lines


def cut_lines(
    lines: list[str], name: str, separator: str
) -> Iterator[tuple[int, list[str]] | Refusal]:
    """Cut lines into records one after another: (row number, cells), or what is refused."""
    widths = _usual_widths(lines, separator)
    number, at = 0, 0
    while at < len(lines):
        number += 1
        line = lines[at]
        if '"' not in line:
            yield number, line.split(separator)
            at += 1
            continue
        cells, used = _quoted(lines, at, separator, widths)
        if cells is None:
            yield Refusal(
                number, "", line, "has a quotation mark that is opened and not closed",
                "close it or remove it", file=name,
            )  # fmt: skip
            at += 1
        else:
            yield number, cells
            at += used


def find_separator(lines: list[str], name: str) -> str:
    """Find what stands between cells: the sign that cuts most lines in the same number of cells.

    Raises:
        InputError: none does.
    """
    sample = [line for line in lines[:200] if line.strip()][:60]
    best, best_score = "", 0.0
    for separator in _SEPARATORS:
        widths = Counter(len(_split(line, separator)) for line in sample)
        width, lines_of_it = max(
            widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0])
        )
        score = lines_of_it / len(sample) * min(width, 10) if width > 1 else 0.0
        if score > best_score:
            best, best_score = separator, score
    if not best:
        raise InputError(
            f"{name} has no separator between its cells: none of semicolon, comma, tab and | cuts "
            "its lines in columns; export it again as CSV, or give the .xlsx itself."
        )
    return best


def _usual_widths(lines: list[str], separator: str) -> frozenset[int]:
    """How many cells rows have.

    That of the first row with several, nearly always the header, and that of most lines, should a
    title stand above it; a line may be a part of a cell.
    """
    widths = [
        len(cells)
        for line in lines[:500]
        if line.strip() and (cells := _strict(line, separator)) and len(cells) > 1
    ]
    return frozenset([widths[0], Counter(widths).most_common(1)[0][0]]) if widths else frozenset()


def _quoted(
    lines: list[str], at: int, separator: str, widths: frozenset[int]
) -> tuple[list[str] | None, int]:
    """Read a record with quotation marks: one line, or several when a cell holds line breaks."""
    alone = _strict(lines[at], separator)
    if alone is not None:
        return alone, 1
    record = lines[at]
    for used in range(2, _MOST_LINES_IN_A_CELL + 1):
        if at + used > len(lines):
            break
        record += "\n" + lines[at + used - 1]
        cells = _strict(record, separator)
        if cells is not None and len(cells) in widths:
            return cells, used
    return None, 1


def _strict(record: str, separator: str) -> list[str] | None:
    try:
        parsed = list(csv.reader([record], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return parsed[0] if len(parsed) == 1 else None


def _split(line: str, separator: str) -> list[str]:
    if '"' not in line:
        return line.split(separator)
    return _strict(line, separator) or line.split(separator)
