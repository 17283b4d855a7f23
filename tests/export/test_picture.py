"""outreach.export.picture: logos and signatures are checked before they go on every letter."""

import struct
import zlib
from pathlib import Path

import pytest

from outreach.errors import InputError
from outreach.export.picture import read_picture


def png(width: int, height: int) -> bytes:
    """A white PNG of one grey channel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><rect width="300" height="100"/></svg>'


def test_png_is_fitted_with_its_proportions(tmp_path: Path) -> None:
    """A square logo takes the height of its place and no more width."""
    (tmp_path / "logo.png").write_bytes(png(600, 600))

    picture = read_picture(tmp_path / "logo.png", "Logo", width=60, height=18)

    assert (picture.width, picture.height) == (18, 18)
    assert picture.suffix == ".png"


def test_svg_takes_its_proportions_from_its_view_box(tmp_path: Path) -> None:
    """An SVG without width and height is fitted by its viewBox."""
    (tmp_path / "logo.svg").write_bytes(SVG)

    picture = read_picture(tmp_path / "logo.svg", "Logo", width=60, height=18)

    assert (picture.width, picture.height) == (54, 18)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 20_000_000, r"20\.0 MB; save it smaller, at most 2 MB"),
        (png(40, 12), "too coarse to print"),
        (png(600, 600)[:-20], "broken PNG"),
        (png(600, 600)[:20] + b"\0\0\0\1" + png(600, 600)[24:], "broken PNG"),
        (b"\xff\xd8\xff\xe0 JFIF", "neither a PNG nor an SVG"),
        (b"<svg><unclosed></svg>", "broken SVG"),
        (b'<!DOCTYPE svg [<!ENTITY a "aa">]>' + SVG, "DOCTYPE"),
        (SVG.replace(b"<rect", b'<image href="file:///etc/passwd"/><rect'), "embed the picture"),
        (SVG.replace(b' viewBox="0 0 300 100"', b""), "neither its width and height"),
        (SVG.replace(b"0 0 300 100", b"0 0 0 100"), "neither its width and height"),
    ],
)
def test_unfit_pictures_are_refused_with_a_remedy(
    content: bytes, said: str, tmp_path: Path
) -> None:
    """Too big, too coarse, broken, or reaching for other files: refused in plain words."""
    (tmp_path / "logo").write_bytes(content)

    with pytest.raises(InputError, match=said):
        read_picture(tmp_path / "logo", "Logo", width=60, height=18)


def test_missing_picture_is_named(tmp_path: Path) -> None:
    """A logo that is not there is named with its path."""
    with pytest.raises(InputError, match=r"logo\.png cannot be read: No such file"):
        read_picture(tmp_path / "logo.png", "Logo", width=60, height=18)
