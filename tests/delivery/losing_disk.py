"""A disk that loses power, under apsw's SQLite, and apsw behind the face of the sqlite3 module."""

import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512


@dataclass
class Cached:
    """A file's bytes that are safe, and what was written since the last sync."""

    safe: bytearray = field(default_factory=bytearray)
    named: bool = False
    # (place, bytes), or (size, None) for a cut to that size.
    since: list[tuple[int, bytes | None]] = field(default_factory=list)


class Disk:
    """A disk that loses power. ``moment`` is called before each write and each sync."""

    def __init__(self) -> None:
        self.files: dict[str, Cached] = {}
        self.moment: Callable[[], None] = lambda: None

    def write(self, name: str, place: int, data: bytes | None) -> None:
        """Take a write (or with None a cut to size) into the cache."""
        self.moment()
        self.files[name].since.append((place, data))

    def sync(self, name: str) -> None:
        """Bring a file from the cache to where it is safe."""
        self.moment()
        file = self.files[name]
        for place, data in file.since:
            _apply(file.safe, place, data)
        file.since.clear()
        file.named = True

    def lose_power(self, folder: Path, chance: random.Random) -> None:
        """Write what is left of each file into a folder."""
        arrives = chance.choice([0.0, 0.5, 0.9, 1.0])
        for name, file in self.files.items():
            if not file.named and chance.random() >= arrives:
                continue
            left = bytearray(file.safe)
            for place, data in file.since:
                if data is None:
                    if chance.random() < arrives:
                        _apply(left, place, None)
                    continue
                for start, sector in _sectors(place, data):
                    if chance.random() < arrives:
                        torn = chance.random() < 0.05 and arrives < 1
                        _apply(left, start, sector[: len(sector) // 2] if torn else sector)
            (folder / Path(name).name).write_bytes(left)


def _apply(content: bytearray, place: int, data: bytes | None) -> None:
    if data is None:
        del content[place:]
        return
    if len(content) < place:
        content.extend(bytes(place - len(content)))
    content[place : place + len(data)] = data


def _sectors(place: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    start = place
    while start < place + len(data):
        end = min((start // SECTOR + 1) * SECTOR, place + len(data))
        yield start, data[start - place : end - place]
        start = end


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self.disk = disk
        self.name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk.files.setdefault(self.name, Cached())

    def xWrite(self, data: Any, offset: int) -> None:
        self.disk.write(self.name, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self.disk.write(self.name, newsize, None)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self.disk.sync(self.name)
        # The file beneath serves reads only: it need not be synced.


class DiskVFS(apsw.VFS):
    """SQLite's own file system over a Disk."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.vfs_name = f"losing-power-{id(disk)}"
        super().__init__(self.vfs_name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        """Open a file of the database; nameless ones are SQLite's own temporary ones."""
        if name is None:
            return apsw.VFSFile("", name, flags)
        return _File(self.disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        """Forget a file."""
        super().xDelete(filename, syncdir)
        self.disk.files.pop(filename, None)


# In their order, or by name.
Values = Sequence[Any] | Mapping[str, Any]


class Cursor:
    """A cursor as the sqlite3 module has it."""

    def __init__(self, connection: "Adapter") -> None:
        self.connection = connection
        self.description: tuple[tuple[Any, ...], ...] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, statement: str, values: Values = ()) -> "Cursor":
        """Run one statement to its end, and keep its rows."""
        own = self.connection.inner.cursor()
        given = dict(values) if isinstance(values, Mapping) else tuple(values)
        self.description = None

        def note(cursor: apsw.Cursor, *_: Any) -> bool:
            columns = cursor.get_description()
            self.description = tuple((name, *[None] * 6) for name, _ in columns) or None
            return True

        own.exec_trace = note
        before = self.connection.inner.total_changes()
        try:
            self._rows = list(own.execute(statement, given))
        except apsw.ConstraintError as error:
            raise sqlite3.IntegrityError(str(error)) from error
        except apsw.Error as error:
            raise sqlite3.OperationalError(str(error)) from error
        changed = self.connection.inner.total_changes() != before
        self.rowcount = self.connection.inner.changes() if changed else 0
        self.lastrowid = self.connection.inner.last_insert_rowid()
        return self

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> "Cursor":
        """Run one statement for each row of values."""
        count = 0
        for values in rows:
            count += max(0, self.execute(statement, values).rowcount)
        self.rowcount = count
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """Give the next row."""
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Give the rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """Give some rows."""
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def close(self) -> None:
        """Let go of the rows."""
        self._rows = []


class Adapter:
    """A connection of apsw as the sqlite3 module has it, transactions by statement."""

    def __init__(self, path: Path, vfs: str) -> None:
        self.inner = apsw.Connection(str(path), vfs=vfs)
        # Often, so that cuts also fall into checkpoints; the ledger may say otherwise.
        self.inner.execute("PRAGMA wal_autocheckpoint=60")
        self.isolation_level: str | None = None

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self.inner.in_transaction

    def cursor(self) -> Cursor:
        """Give a cursor."""
        return Cursor(self)

    def execute(self, statement: str, values: Values = ()) -> Cursor:
        """Run one statement in a cursor of its own."""
        return self.cursor().execute(statement, values)

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> Cursor:
        """Run one statement for each row, in a cursor of its own."""
        return self.cursor().executemany(statement, rows)

    def create_function(self, *_: Any, **__: Any) -> None:
        """SQLAlchemy adds REGEXP, which the ledger does not use."""

    def commit(self) -> None:
        """Commit what is open."""
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """Undo what is open."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        self.inner.close()
