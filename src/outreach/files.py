"""Files written whole or not at all, and names that are safe on every system."""

import contextlib
import os
import re
import shutil
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from outreach.errors import OutreachError

try:
    from lzma import LZMAError
except ImportError:  # a Python that was built without it opens no such zip
    LZMAError = zipfile.BadZipFile  # type: ignore[assignment, misc]  # a stand-in that is caught too

# Windows refuses these as file names, whatever their extension.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)]
)

# What Python raises for a zip of which bytes were changed: a wrong method of packing is a
# NotImplementedError, which is a RuntimeError; a wrong place a ValueError or an OSError.
DAMAGED_ZIP: Final = (
    zipfile.BadZipFile, zlib.error, LZMAError, struct.error,
    EOFError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
_MARK = ".outreach"
_LOCK = ".outreach.lock"
_WRITTEN = "written by outreach\n"


def write_file(path: Path, content: bytes | str) -> None:
    """Write a file beside its place, sync it, then rename it: never half a file under ``path``.

    Raises:
        OutreachError: the folder does not exist or refuses, or the disk is full. What stood at
            ``path`` before still stands.
    """
    with whole_file(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write into piece by piece; it takes the name ``path`` only when all went well.

    Raises:
        OutreachError: as write_file.
    """
    beside: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # mkstemp gives 0600; a file for others to open follows the user's umask.
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to write into; it takes the name ``path`` only when all went well.

    An interruption or an error removes what was written; what a killed process left is removed by
    the next one that writes ``path``. A folder that already stands at ``path`` is replaced only at
    the end, and only if outreach wrote it (it holds the mark ``.outreach``): nobody's documents are
    removed.

    Raises:
        OutreachError: ``path`` holds something that outreach did not write, or cannot be written.
    """
    if path.exists() and not (
        path.is_dir() and ((path / _MARK).exists() or not any(path.iterdir()))
    ):
        raise OutreachError(
            f"{path} exists and was not written by outreach; name another folder or move it away."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        beside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        beside.chmod(0o777 & ~_umask())
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        with _held(beside):
            yield beside
            (beside / _MARK).write_text(_WRITTEN, encoding="utf-8")
        if path.exists():
            old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.old."))
            path.rename(old / "old")
            beside.rename(path)
            shutil.rmtree(old, ignore_errors=True)
        else:
            beside.rename(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Lock a folder that is being written; the system ends the lock however this process ends."""
    from filelock import FileLock

    lock = FileLock(folder / _LOCK)
    # Where the disk knows no locks, nothing that is left will be taken for abandoned.
    with contextlib.suppress(OSError, NotImplementedError):
        lock.acquire(timeout=0)
        # Not before it is locked: from now on it may be removed once nobody holds it.
        (folder / _MARK).write_text(_WRITTEN, encoding="utf-8")
    try:
        yield
    finally:
        lock.release()
        (folder / _LOCK).unlink(missing_ok=True)


def _remove_abandoned(path: Path) -> None:
    """Remove what a killed process left of ``path``: ours by its mark, held by nobody."""
    from filelock import FileLock, Timeout

    name = re.compile(re.escape(f".{path.name}.") + r"[a-z0-9_]{8}")
    for left in path.parent.iterdir():
        if not name.fullmatch(left.name) or left.is_symlink():
            continue
        if (left / _MARK).is_file() and (left / _LOCK).is_file():
            with (
                contextlib.suppress(OSError, NotImplementedError, Timeout),
                FileLock(left / _LOCK, timeout=0),
            ):
                shutil.rmtree(left, ignore_errors=True)


def file_name(*parts: str, suffix: str) -> str:
    """Join parts into a short ASCII file name: ``file_name("01-04", "PA330008", suffix=".pdf")``.

    Give an official id among the parts: a name alone is not unique.
    """
    slugs = [slug for slug in (ascii_slug(part) for part in parts) if slug]
    stem = "_".join(slugs)[:100] or "file"
    if stem.lower() in _RESERVED:
        stem = f"_{stem}"
    return stem + suffix


def ascii_slug(text: str) -> str:
    """Turn any text into lower-case ASCII letters, digits and single hyphens."""
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def unwritable(path: Path, error: OSError) -> OutreachError:
    """Say in plain words why a file could not be written, and what to do."""
    remedies = {
        13: "you may not write there; choose another folder or ask for the right",
        28: "the disk is full; free some space and run the command again",
        30: "the disk is read-only; choose another folder",
    }
    reason = remedies.get(error.errno or 0, error.strerror or str(error))
    return OutreachError(f"{path} could not be written: {reason}.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
