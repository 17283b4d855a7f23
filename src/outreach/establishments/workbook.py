"""Workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) → rows of cells, read in a child process with limits.

A workbook of 2 kB can ask for gigabytes. So the zip is looked at first, without unpacking it, and
the reader runs apart: memory in proportion to what the workbook holds, at most 1 GiB, and 60
seconds; if it dies, only the child dies.
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from outreach.errors import InputError
from outreach.establishments.sheet import Row, Sheet
from outreach.files import DAMAGED_ZIP

MOST_ROWS, MOST_COLUMNS = 1_100_000, 200
_MOST_BYTES = 300 * 1024 * 1024
_HIGHEST_RATIO = 200
# Below this size a high ratio harms nobody: a sheet of equal cells compresses 500 times.
_SMALL = 10 * 1024 * 1024
_MOST_ENTRIES = 2_000
_SECONDS = 60
# A cell of 25 bytes in the file takes some 150 while it is read. One cell at the far end of an
# empty sheet asks for 250 MB in 5 kB: it gets no more than the first part.
_MEMORY, _MEMORY_PER_BYTE, _MOST_MEMORY = 128 * 2**20, 12, 2**30
# In the old binary form a cell may take 6 bytes.
_DENSER = 3
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_REMEDY = "open it in the spreadsheet and save the sheet as CSV UTF-8"


def is_workbook(head: bytes) -> bool:
    """Tell a workbook from a text by its first bytes."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def read_workbook(path: Path, sheet: str | None = None) -> list[Sheet]:
    """Read the sheets of a workbook, formulas as their last values.

    Args:
        path: the workbook.
        sheet: the one to read; None for all that are visible and hold something.

    Returns:
        The sheets, cells as text: 1500.0 is "1500", a date is "2026-11-23", merged cells carry
        the value of their first cell in every row they cover.

    Raises:
        InputError: protected by a password, damaged, too large, or without this sheet.
    """
    memory = min(_MEMORY + _MEMORY_PER_BYTE * _check(path), _MOST_MEMORY)
    written = _Written()
    _read_in_child(path, sheet or "", memory, written.file)
    return _sheets(written, path.name)


class _Written:
    """What the child wrote, on disk until the last of its sheets is gone."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 -- closed below

    def __del__(self) -> None:
        self.file.close()


def _read_in_child(path: Path, sheet: str, memory: int, output: IO[bytes]) -> None:
    command = [sys.executable, "-m", "outreach.establishments.workbook_child"]
    try:
        child = subprocess.run(  # noqa: S603 -- our own module, arguments are not a shell line
            [*command, str(path), sheet, str(memory)],
            stdout=output,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"{path.name} takes more than {_SECONDS} s to read; {_REMEDY}.") from error
    if child.returncode != 0:
        raise InputError(
            f"{path.name} cannot be read as a workbook: it is damaged, or a cell far below or "
            f"right of the list makes it ask for more than {memory // 2**20} MiB of memory; "
            f"delete the rows and columns beside the list, or {_REMEDY}."
        )


def _sheets(written: _Written, name: str) -> list[Sheet]:
    """Find where each sheet begins in what the child wrote; its rows are read when they are asked for."""
    starts: list[tuple[str, int, int]] = []
    written.file.seek(0)
    place = length = 0
    for line in written.file:
        if line.startswith(b"{"):
            item = json.loads(line)
            if "error" in item:
                raise InputError(f"{name} {item['error']}")
            starts.append((item["sheet"], place + len(line), 0))
            length = 0
        else:
            length += 1
            starts[-1] = (*starts[-1][:2], length)
        place += len(line)
    return [
        Sheet.of(title, _rows(written, start, length), length) for title, start, length in starts
    ]


def _rows(written: _Written, start: int, length: int) -> Iterator[Row]:
    for _ in range(length):
        # Several sheets read the same file in turn.
        written.file.seek(start)
        line = written.file.readline()
        start += len(line)
        number, cells = json.loads(line)
        yield number, cells


def _check(path: Path) -> int:
    """Refuse what is no list before it is opened; give the bytes that it holds unpacked."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            if _ENCRYPTED in head + file.read(_MOST_BYTES):
                raise InputError(
                    f"{path.name} is protected by a password; open it, remove the password "
                    "(File, Info, Protect) and save it again."
                )
            return _DENSER * path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            return _check_parts(path, archive)
    except DAMAGED_ZIP as error:
        raise InputError(
            f"{path.name} is a damaged workbook ({error}); save it again from the spreadsheet."
        ) from error


def _check_parts(path: Path, archive: zipfile.ZipFile) -> int:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise InputError(f"{path.name} is protected by a password; remove it and save again.")
    total = sum(entry.file_size for entry in entries)
    swollen = [
        entry.filename
        for entry in entries
        if entry.file_size > _SMALL
        and entry.file_size > _HIGHEST_RATIO * max(entry.compress_size, 1)
    ]
    if len(entries) > _MOST_ENTRIES or total > _MOST_BYTES or swollen:
        raise InputError(
            f"{path.name} would unpack to {total // 2**20} MiB in {len(entries)} parts: more than a "
            f"list of establishments needs, so it was not opened; {_REMEDY}."
        )
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                if b"<!DOCTYPE" in part.read(2048).upper():
                    raise InputError(
                        f"{path.name} holds a document type declaration, which no spreadsheet "
                        f"writes, so it was not opened; {_REMEDY}."
                    )
    return total
