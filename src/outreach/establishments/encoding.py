"""Bytes of a text file → text: which encoding a spreadsheet program used.

The rule is ours rather than a statistical guess: a list of French establishments is written in
UTF-8, UTF-16, Windows (cp1252), ISO-8859-15, old Mac (MacRoman) or DOS (cp850), and the bytes of
its accents tell which, because in the wrong one they become signs that no French name holds.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path

from outreach.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Order decides between equals: what Windows writes is by far the most common.
_ONE_BYTE = ("cp1252", "iso8859-15", "mac_roman", "cp850")
# How often each sign is met in French, roughly: é is half of all accents.
_WEIGHTS = {
    **dict.fromkeys("é", 10),
    **dict.fromkeys("èàÉ", 5),
    **dict.fromkeys("êçôîâûùëïÈÀÊÇÔÎœŒ", 3),
    **dict.fromkeys("’°«»–—…€“”\u00a0²º", 1),
    **dict.fromkeys("ÂÛÙËÏüöäñáíóúÜÖÄÿŸæÆ·•‘®™©", 0),
}
_FOREIGN = -4
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_ALLOWED = bytes(byte for byte in range(256) if not _CONTROL.match(chr(byte)))
_ASCII = bytes(range(128))
_BLOCK = 2**20
# The second and third byte of a UTF-8 sign, read as cp1252.
_TAIL = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_TWICE = re.compile(rf"[ÃÂÅ]{_TAIL}|â{_TAIL}{{2}}")
_TWICE_IN_CP1252 = re.compile(b"[\xc2\xc3\xc5][\x80-\xbf]|\xe2[\x80-\xbf]{2}")


def read_lines(path: Path) -> tuple[Iterator[str], str, bool]:
    """Open a text: its lines without their ends, the name of its encoding, and whether accents are repaired.

    The file is gone through once to learn its encoding, then read as its lines are asked for: a
    million rows are never held together.

    Raises:
        InputError: empty, or in no encoding that gives readable French.
    """
    encoding, twice = _look_through(path)
    return _lines(path, encoding, twice=twice), encoding, twice


def _lines(path: Path, encoding: str, *, twice: bool) -> Iterator[str]:
    # newline=None ends a line at \r\n, \n or \r, whichever system wrote it.
    with path.open(encoding=encoding, newline=None) as file:
        for line in file:
            yield (undo_double_encoding(line) if twice else line).rstrip("\n")


def _look_through(path: Path) -> tuple[str, bool]:
    """Give the encoding of a file, and whether some of it was encoded twice."""
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        if not head.strip(b"\x00 \t\r\n"):
            raise InputError(f"{path.name} is empty; export the list again from the spreadsheet.")
        blocks = chain([head], iter(partial(file.read, _BLOCK), b""))
        marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
        marked = marked or _utf16_without_mark(head)
        if marked and marked != "utf-8-sig":
            _check_text(blocks, marked, path.name)
            return marked, False
        return _utf8_or_one_byte(blocks, marked, path.name)


def _utf8_or_one_byte(blocks: Iterable[bytes], marked: str, name: str) -> tuple[str, bool]:
    """Tell UTF-8 by its form, else the one-byte encoding by its accents."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    high: Counter[int] = Counter()
    is_utf8, twice, twice_in_one_byte = True, False, False
    for block in chain(blocks, [b""]):
        if block.translate(None, _ALLOWED):
            raise _unreadable(name)
        high.update(block.translate(None, _ASCII))
        twice_in_one_byte = twice_in_one_byte or _TWICE_IN_CP1252.search(block) is not None
        if is_utf8:
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                is_utf8 = False
            else:
                twice = twice or _TWICE.search(text) is not None
    if is_utf8:
        return marked or "utf-8", twice
    if marked:
        raise _unreadable(name)
    return _one_byte(high, name), twice_in_one_byte


def undo_double_encoding(text: str) -> str:
    """Repair "AmbÃ©rieu": UTF-8 that some program took for cp1252 and saved again.

    Each piece is repaired by itself, as only some rows may come from such a program; what is no
    UTF-8 read as cp1252 stays.
    """
    return _TWICE.sub(_once, text) if _TWICE.search(text) else text


def _once(piece: re.Match[str]) -> str:
    # Five bytes mean nothing in cp1252; programs keep them as they are.
    data = b"".join(_byte(sign) for sign in piece[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return piece[0]


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")


def _check_text(blocks: Iterable[bytes], encoding: str, name: str) -> None:
    """Refuse what its mark says and is not, and what holds signs of control."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks:
            if _CONTROL.search(decoder.decode(block)):
                raise _unreadable(name)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _unreadable(name) from error


def _utf16_without_mark(data: bytes) -> str:
    """Tell UTF-16 by its zeros: one byte in two of nearly every Latin character."""
    sample = data[:4000]
    zeros_even, zeros_odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if zeros_odd > 0.7 * half and zeros_even < 0.1 * half:
        return "utf-16-le"
    if zeros_even > 0.7 * half and zeros_odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _one_byte(high: Mapping[int, int], name: str) -> str:
    """The encoding in which the bytes above 127 make the best French."""
    best, best_score = "", 0
    for encoding in _ONE_BYTE:
        try:
            signs = {bytes([byte]).decode(encoding): n for byte, n in high.items()}
        except UnicodeDecodeError:
            continue
        score = sum(_WEIGHTS.get(sign, _FOREIGN) * n for sign, n in signs.items())
        if not best or score > best_score:
            best, best_score = encoding, score
    total = sum(high.values())
    # A few odd signs in a file are typing errors; more odd signs than accents is not French.
    if not best or (best_score < -total and total > 10):
        raise _unreadable(name)
    return best


def _unreadable(name: str) -> InputError:
    remedy = 'in the spreadsheet, use "Save as" and choose "CSV UTF-8", or give the .xlsx itself'
    if name.lower().endswith((".xlsx", ".xls", ".ods")):
        remedy = "it is no workbook either, or a damaged one: save it again from the spreadsheet"
    return InputError(
        f"{name} is not a text in UTF-8, UTF-16, Windows, ISO-8859-15, MacRoman or DOS encoding; "
        f"{remedy}."
    )
