"""A logo or a signature: a PNG or SVG file, checked before it goes on 925 letters."""

import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from outreach.errors import InputError

LARGEST_BYTES = 2_000_000
_LARGEST_PIXELS = 25_000_000  # 5 000 × 5 000: 100 MB once unpacked
_SHARP_DPI = 150
_PNG = b"\x89PNG\r\n\x1a\n"
_UNITS_MM = {"": 25.4 / 96, "px": 25.4 / 96, "pt": 25.4 / 72, "mm": 1, "cm": 10, "in": 25.4}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture fit to print. Sizes in millimetres on paper; alt: what it shows, in French."""

    content: bytes
    suffix: str
    alt: str
    width: float
    height: float


def read_picture(path: Path, alt: str, *, width: float, height: float) -> Picture:
    """Read a PNG or SVG and fit it into ``width`` × ``height`` millimetres, proportions kept.

    Raises:
        InputError: missing, over 2 MB, neither PNG nor SVG, broken, reaching for other files,
            or too coarse to print (under 150 points an inch).
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            size = path.stat().st_size / 1_000_000
            raise InputError(
                f"{path} is {size:.1f} MB; save it smaller, at most {LARGEST_BYTES // 1_000_000} MB."
            )
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check its name.") from error
    if content.startswith(_PNG):
        wide, high = _png_size(path, content)
        if wide < width / 25.4 * _SHARP_DPI and high < height / 25.4 * _SHARP_DPI:
            raise InputError(
                f"{path} is {wide} × {high} pixels, too coarse to print at {width:g} × {height:g} mm; "
                f"give at least {width / 25.4 * _SHARP_DPI:.0f} pixels of width, or an SVG."
            )
        suffix = ".png"
    elif b"<svg" in content[:4096]:
        wide, high = _svg_size(path, content)
        suffix = ".svg"
    else:
        raise InputError(f"{path} is neither a PNG nor an SVG; export it as one of these.")
    scale = min(width / wide, height / high)
    return Picture(content, suffix, alt, round(wide * scale, 2), round(high * scale, 2))


def _png_size(path: Path, content: bytes) -> tuple[float, float]:
    broken = InputError(f"{path} is a broken PNG; export it again.")
    if len(content) < 45 or content[12:16] != b"IHDR":
        raise broken
    wide, high = struct.unpack(">II", content[16:24])
    if zlib.crc32(content[12:29]) != struct.unpack(">I", content[29:33])[0]:
        raise broken
    if not content.rstrip(b"\x00").endswith(b"IEND\xaeB`\x82") or not wide or not high:
        raise broken
    if wide * high > _LARGEST_PIXELS:
        raise InputError(f"{path} is {wide} × {high} pixels; make it at most 5 000 × 5 000.")
    return wide, high


def _svg_size(path: Path, content: bytes) -> tuple[float, float]:
    # An entity can grow without end, a link can reach another file: a logo needs neither.
    if re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise InputError(f"{path} holds a DOCTYPE; export it as plain SVG.")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no DOCTYPE, so no entities
    except ElementTree.ParseError as error:
        raise InputError(f"{path} is a broken SVG ({error}); export it again.") from error
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] == "href" and not value.startswith(("#", "data:image/")):
                raise InputError(
                    f"{path} links to {value[:60]!r}; embed the picture in the SVG instead."
                )
    box = [float(n) for n in re.findall(r"-?[\d.]+(?:e-?\d+)?", root.get("viewBox", ""))]
    wide, high = _millimetres(root.get("width", "")), _millimetres(root.get("height", ""))
    if (not wide or not high) and len(box) == 4:
        wide, high = box[2], box[3]
    if not wide or not high or wide <= 0 or high <= 0:
        raise InputError(f"{path} says neither its width and height nor its viewBox; export again.")
    return wide, high


def _millimetres(length: str) -> float:
    match = re.fullmatch(r"\s*([\d.]+)\s*([a-z]*)\s*", length)
    if not match or match[2] not in _UNITS_MM:
        return 0
    return float(match[1]) * _UNITS_MM[match[2]]
