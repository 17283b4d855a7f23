"""Official files read strictly: each column is read or named as ignored; nothing goes in silence.

A column that we read and that is gone stops the reading: going on would empty a field of 577 people.
A column that is new is reported and not read: publishers add some, and nobody should lose the day.
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from outreach.errors import InputError

BIRTH: Final = "birth data: never imported"
STAFF: Final = "names of staff: never imported"
PRIVATE: Final = "private life: not needed to write to somebody"
UNUSED: Final = "not used"
XML: Final = "left over from XML"

# A cell of an official list is at most a few hundred characters; the csv module's 131 072 would
# let one unclosed quote swallow the rest of the file into a single cell.
_LONGEST_CELL: Final = 5_000
_DAY = re.compile(r"(20\d\d)-(\d\d)(?:-(\d\d))?")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a format holds.

    Attributes:
        read: their column or key → what we make of it.
        ignored: their column or key → why it is not read. With "/" between levels; a level
            above covers all below.
        may_lack: columns of ``read`` that some dates or shapes of the format do not have.
    """

    read: Mapping[str, str]
    ignored: Mapping[str, str]
    may_lack: frozenset[str] = frozenset()

    def check(self, where: str, found: Iterable[str]) -> tuple[str, ...]:
        """Compare the columns of a file with the layout.

        Returns:
            One note for each column that is new.

        Raises:
            InputError: columns that we read are gone; all of them are listed.
        """
        columns = set(found)
        new = [column for column in sorted(columns) if not self._knows(column)]
        gone = sorted(self.read.keys() - columns - self.may_lack)
        if gone:
            problems = [f'column "{column}" is gone ({self.read[column]})' for column in gone]
            problems += [f'column "{column}" is new' for column in new]
            raise InputError(
                f"{where}: the publisher has changed its columns; nothing was read.", problems
            )
        return tuple(f'{where}: column "{column}" is new and was not read' for column in new)

    def _knows(self, column: str) -> bool:
        if column in self.read:
            return True
        levels = column.split("/")
        return any("/".join(levels[:n]) in self.ignored for n in range(1, len(levels) + 1))


def read_text(path: Path) -> str:
    """Decode an official file: UTF-8 with or without BOM, else cp1252 (the Senate's).

    Raises:
        InputError: the file is missing, empty, binary, or a web page.
    """
    data = read_bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{path}: is neither UTF-8 nor cp1252; fetch the file again."
            ) from error
    if "\0" in text:
        raise InputError(f"{path}: is not a text file; fetch the file again.")
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        raise InputError(f"{path}: is a web page, not a list; fetch the file again.")
    if not text.strip():
        raise InputError(f"{path}: is empty; fetch the file again.")
    return text


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        InputError: it is missing or may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error


def read_table(path: Path, text: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Read a delimited list, with its leading ``%`` lines set aside; every cell is text.

    The separator is the one that cuts the header into most columns.

    Returns:
        The header, and for each row its line number in the file and its cells, stripped.

    Raises:
        InputError: rows with more or fewer cells than the header, or an unclosed quote; all
            listed with their lines.
    """
    lines = text.split("\n")
    leading = next((n for n, line in enumerate(lines) if not line.startswith("%")), len(lines))
    header_line = lines[leading] if leading < len(lines) else ""
    delimiter = max(",;\t", key=header_line.count)
    # the csv module's limit is global to the process: put back at once
    before = csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(
        io.StringIO("\n".join(lines[leading:]), newline=""), delimiter=delimiter, strict=True
    )
    problems: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        for row in reader:
            line = leading + reader.line_num
            if len(row) != len(header):
                problems.append(f"line {line}: {len(row)} cells instead of {len(header)}")
            else:
                rows.append((line, dict(zip(header, map(str.strip, row), strict=True))))
    except csv.Error as error:
        problems.append(f"line {leading + reader.line_num}: {error}; a quote is left open")
    finally:
        csv.field_size_limit(before)
    if problems:
        raise InputError(f"{path}: rows cannot be read; fetch the file again.", problems)
    if not rows:
        raise InputError(f"{path}: holds a header and no row; fetch the file again.")
    return header, rows


def read_json(path: Path, text: str) -> Any:
    """Read JSON.

    Raises:
        InputError: it is cut short or not JSON.
    """
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path}: is not whole JSON ({error}); fetch the file again.") from error


def key_paths(value: object, above: str = "") -> set[str]:
    """Give every path of keys in a JSON value, such as "mandats/mandat/organes"; lists add none."""
    if isinstance(value, dict):
        paths = set()
        for key, below in value.items():
            path = f"{above}/{key}" if above else key
            paths.add(path)
            paths |= key_paths(below, path)
        return paths
    if isinstance(value, list):
        return {path for item in value for path in key_paths(item, above)}
    return set()


def date_in_name(path: Path) -> dt.date:
    """Take the as-of date from a file name, for formats that hold none inside.

    "ODSEN_GENERAL_2025-08-29.json" is 2025-08-29; "…_2018-11.csv" is the first of that month,
    so that a list is never taken for newer than it is.

    Raises:
        InputError: the name holds no date.
    """
    found = _DAY.search(path.name)
    if found is None:
        raise InputError(
            f"{path}: this format does not hold its date; put it in the file's name, "
            f'such as "{path.stem}_2026-11-23{path.suffix}".'
        )
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError as error:
        raise InputError(f'{path}: "{found[0]}" in the name is not a date.') from error
