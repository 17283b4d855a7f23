"""CSV text → rows of cells, losing none: rows in = rows given + rows refused.

A quote that is opened and never closed makes a usual reader swallow the thousands of rows that
follow. Here such a row is refused alone and reading goes on at the next line.
"""

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import chain, count, islice

from outreach.errors import InputError
from outreach.establishments.refusal import Refusal
from outreach.establishments.sheet import Record, Sheet

_SEPARATORS = (";", ",", "\t", "|")
# The first lines tell the separator and the usual number of cells.
_LOOKED_AT = 500
# An address of more lines than this in one cell has not been seen; beyond it the quote is a mistake.
_MOST_LINES_IN_A_CELL = 20


def read_delimited(
    lines: Iterable[str], name: str, separator: str | None = None
) -> tuple[Sheet, str]:
    """Cut the lines of a CSV into rows, as they are asked for; give them and the separator.

    Args:
        lines: without their ends.
        name: how to call the file in an error.
        separator: told by a person; None to find it.

    Raises:
        InputError: no separator gives two columns.
    """
    source = iter(lines)
    head = list(islice(source, _LOOKED_AT))
    if head and head[0].lower().startswith("sep="):
        # What Excel itself writes and reads above a header, and does not show as a row.
        separator = head.pop(0)[4:5] or separator
    separator = separator or find_separator(head, name)
    return Sheet.of("", cut_lines(chain(head, source), name, separator)), separator


def cut_lines(lines: Iterable[str], name: str, separator: str) -> Iterator[Record]:
    """Cut lines into records one after another: (row number, cells), or what is refused."""
    source = iter(lines)
    ahead = deque(islice(source, _LOOKED_AT))
    widths = _usual_widths(ahead, separator)
    for number in count(1):
        line = ahead.popleft() if ahead else next(source, None)
        if line is None:
            return
        if '"' not in line:
            yield number, line.split(separator)
            continue
        cells = _quoted(line, ahead, source, separator, widths)
        if cells is None:
            yield Refusal(
                number, "", line, "has a quotation mark that is opened and not closed",
                "close it or remove it", file=name,
            )  # fmt: skip
        else:
            yield number, cells


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


def _usual_widths(lines: Iterable[str], separator: str) -> frozenset[int]:
    """How many cells rows have.

    That of the first row with several, nearly always the header, and that of most lines, should a
    title stand above it; a line may be a part of a cell.
    """
    widths = [
        len(cells)
        for line in lines
        if line.strip() and (cells := _whole_row(line, separator)) and len(cells) > 1
    ]
    return frozenset([widths[0], Counter(widths).most_common(1)[0][0]]) if widths else frozenset()


def _quoted(
    line: str, ahead: deque[str], source: Iterator[str], separator: str, widths: frozenset[int]
) -> list[str] | None:
    """Read a record with quotation marks: one line, or several when a cell holds line breaks.

    The lines behind it are taken from ``ahead`` and ``source`` only when they belong to it.
    """
    alone = _strict(line, separator)
    if alone is not None:
        return alone
    record = line
    for used in range(1, _MOST_LINES_IN_A_CELL):
        if len(ahead) < used:
            following = next(source, None)
            if following is None:
                break
            ahead.append(following)
        record += "\n" + ahead[used - 1]
        cells = _strict(record, separator)
        if cells is None:
            continue
        # A header of cells with line breaks may have a width of its own; a quotation mark that is
        # never closed has whole rows behind it.
        swallowed = any(len(_whole_row(ahead[at], separator) or ()) in widths for at in range(used))
        if len(cells) in widths or (len(cells) > 1 and not swallowed):
            for _ in range(used):
                ahead.popleft()
            return cells
    return None


def _whole_row(line: str, separator: str) -> list[str] | None:
    """The cells of a line that is a row by itself: its quotation marks come in pairs."""
    return None if line.count('"') % 2 else _strict(line, separator)


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
