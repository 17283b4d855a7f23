"""Tests that a workbook of which bytes were changed on the way is refused in words."""

import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from outreach.errors import InputError, OutreachError
from outreach.establishments.read import read_establishments
from outreach.establishments.workbook import read_workbook

ROWS = (("Association", "Nom", "CP", "Ville"), ("Sauvegarde", "IME", "01500", "Ambérieu"))
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def xlsx(path: Path) -> None:
    """A list of one establishment, as Excel packs it."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("A")
        for at, row in enumerate(ROWS):
            sheet.write_row(at, 0, row)


def ods(path: Path) -> None:
    """The same list, as LibreOffice packs it."""
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:body><office:spreadsheet>"
            f'<table:table table:name="A">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")


@pytest.mark.slow  # starts a process for each workbook that is still whole from outside
@pytest.mark.parametrize("name", ["list.xlsx", "list.ods"])
def test_a_changed_byte_is_refused_or_harmless(tmp_path: Path, name: str) -> None:
    """Any of 200 changed bytes gives a refusal, or a list that can be read."""
    path = tmp_path / name
    (xlsx if name.endswith("xlsx") else ods)(path)
    whole = path.read_bytes()
    assert read_establishments(path).received == 1
    chance = random.Random(20261123)
    refused = 0

    for place in chance.sample(range(len(whole)), 200):
        spoilt = bytearray(whole)
        spoilt[place] ^= chance.randrange(1, 256)
        path.write_bytes(spoilt)
        try:
            read_establishments(path)
        except OutreachError:
            refused += 1

    assert refused > 50


def method(content: bytearray) -> None:
    """A method of packing that nobody knows, in both places that say it."""
    content[8] = content[content.index(b"PK\x01\x02") + 10] = 99


def stream(content: bytearray) -> None:
    """The first part's packed bytes."""
    start = 30 + content[26] + content[28]
    content[start : start + 4] = b"\xff" * 4


def offset(content: bytearray) -> None:
    """Where the first part begins."""
    content[content.index(b"PK\x01\x02") + 42] = 7


@pytest.mark.parametrize("spoil", [method, stream, offset])
def test_a_damaged_workbook_is_told_with_its_name(tmp_path: Path, spoil: object) -> None:
    """A wrong method, wrong packed bytes or a wrong place: the file is named, and what to do."""
    path = tmp_path / "list.xlsx"
    xlsx(path)
    content = bytearray(path.read_bytes())
    assert callable(spoil)
    spoil(content)
    path.write_bytes(content)

    with pytest.raises(InputError, match=r"^list\.xlsx is a damaged workbook \(.*; save it again"):
        read_workbook(path)
