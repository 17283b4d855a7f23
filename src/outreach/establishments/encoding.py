"""Bytes of a text file → text: which encoding a spreadsheet program used.

The rule is ours rather than a statistical guess: a list of French establishments is written in
UTF-8, UTF-16, Windows (cp1252), ISO-8859-15, old Mac (MacRoman) or DOS (cp850), and the bytes of
its accents tell which, because in the wrong one they become signs that no French name holds.
"""

import codecs
import re

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
# The second and third byte of a UTF-8 sign, read as cp1252.
_TAIL = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_TWICE = re.compile(rf"[ÃÂÅ]{_TAIL}|â{_TAIL}{{2}}")


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Give the text of a file and the name of its encoding.

    Args:
        data: the whole file.
        name: how to call the file in an error.

    Raises:
        InputError: empty, or in no encoding that gives readable French.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise InputError(f"{name} is empty; export the list again from the spreadsheet.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, name), encoding
    wide = _utf16_without_mark(data)
    if wide:
        return _strictly(data, wide, name), wide
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, encoding = _one_byte(data, name)
    else:
        encoding = "utf-8"
    if _CONTROL.search(text):
        raise _unreadable(name)
    return text, encoding


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


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(name) from error
    if _CONTROL.search(text):
        raise _unreadable(name)
    return text


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


def _one_byte(data: bytes, name: str) -> tuple[str, str]:
    high = bytes(byte for byte in data if byte > 0x7F)
    best, best_score = "", 0
    for encoding in _ONE_BYTE:
        try:
            signs = high.decode(encoding)
        except UnicodeDecodeError:
            continue
        counts = {sign: signs.count(sign) for sign in set(signs)}
        score = sum(_WEIGHTS.get(sign, _FOREIGN) * n for sign, n in counts.items())
        if not best or score > best_score:
            best, best_score = encoding, score
    # A few odd signs in a file are typing errors; more odd signs than accents is not French.
    if not best or (best_score < -len(high) and len(high) > 10):
        raise _unreadable(name)
    return data.decode(best), best


def _unreadable(name: str) -> InputError:
    return InputError(
        f"{name} is not a text in UTF-8, UTF-16, Windows, ISO-8859-15, MacRoman or DOS encoding; "
        'in the spreadsheet, use "Save as" and choose "CSV UTF-8", or give the .xlsx itself.'
    )
