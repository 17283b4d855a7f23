"""outreach.export.docx and mailmerge: letters that staff open and change."""

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from outreach.errors import OutreachError
from outreach.export.docx import letter_docx, write_docx_files
from outreach.export.mailmerge import FIELDS, write_merge_kit
from outreach.export.paper import Paper
from outreach.export.picture import Picture
from outreach.letters.fit import step
from outreach.letters.letter import Letter, Node
from outreach.roster.seat import Parliamentarian

DAY = dt.date(2026, 11, 23)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = "</w:t><w:p> &amp; #x {{ 7*7 }} \\ @import \u200f 🦄 MERGEFIELD \x00\x07 «"


def read(docx: bytes, part: str = "word/document.xml") -> ElementTree.Element:
    """One part of a DOCX, parsed."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return ElementTree.fromstring(package.read(part))


def paragraphs(docx: bytes) -> Iterator[tuple[str, str]]:
    """(style, text) of each paragraph."""
    for paragraph in read(docx).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        text = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
        yield ("" if style is None else style.get(f"{W}val", "")), text


def libreoffice(folder: Path, *files: Path) -> None:
    """Convert files to PDF with LibreOffice, with a profile of its own."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not on this machine")
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", "pdf", "--outdir", str(folder), *map(str, files),
        ],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip


def pdf_text(path: Path) -> str:
    """The text of a PDF, spaces made plain."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on this machine")
    out = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(out.stdout.split())


def test_a_letter_reads_back_part_by_part(a_letter: Callable[..., Letter]) -> None:
    """Address, subject, opening, body, request, table, closing, signature, in this order."""
    parts = list(paragraphs(letter_docx(a_letter(), Paper(enclosures=("Note",)), date=DAY)))

    assert [text for style, text in parts if style == "Address"] == list(a_letter().address)
    assert (
        "Heading1",
        "Objet\u00a0: 1\u202f240 personnes accompagnées dans votre circonscription",
    ) in parts
    assert ("Salutation", "Madame la Députée,") in parts
    assert ("TableText", "612") in parts
    assert any(style == "Request" and "Déposerez-vous" in text for style, text in parts)
    assert ("Enclosures", "P.\u202fJ.\u00a0: Note") in parts
    order = [style for style, _ in parts]
    assert order.index("Heading1") < order.index("BodyText") < order.index("Closing")
    assert order.index("Closing") < order.index("Signature") < order.index("Sources")


def test_every_kind_of_node_is_written(a_letter: Callable[..., Letter]) -> None:
    """Headings, both lists, quotes, links, marks, ordinals and breaks all have their OOXML."""
    text: Node = {"kind": "text", "text": "x"}
    item = [{"kind": "paragraph", "inline": [text]}]
    link: Node = {"kind": "link", "href": 'https://example.org/?a=1&b="2"', "inline": [text]}
    body: tuple[Node, ...] = (
        {"kind": "heading", "level": 2, "inline": [text]},
        {"kind": "list", "ordered": False, "items": [item, item]},
        {"kind": "list", "ordered": True, "items": [item, item]},
        {"kind": "list", "ordered": True, "items": [item]},
        {"kind": "quote", "blocks": item},
        {
            "kind": "paragraph",
            "inline": [
                {"kind": "strong", "inline": [{"kind": "emphasis", "inline": [text]}]},
                {"kind": "superscript", "text": "re"},
                {"kind": "break"},
                link,
            ],
        },
    )

    docx = letter_docx(a_letter(body=body), Paper(), date=DAY)

    document = read(docx)
    numbers = [node.get(f"{W}val") for node in document.iter(f"{W}numId")]
    assert numbers == ["1", "1", "2", "2", "3"]
    assert document.find(f".//{W}vertAlign") is not None
    assert document.find(f".//{W}rPr/{W}b/../{W}i") is not None
    targets = [node.get("Target") for node in read(docx, "word/_rels/document.xml.rels")]
    assert 'https://example.org/?a=1&b="2"' in targets


def test_hostile_values_stay_text(a_letter: Callable[..., Letter]) -> None:
    """Tags, marks and codes in any field are text; what XML cannot hold is left out."""
    block: Node = {"kind": "paragraph", "inline": [{"kind": "text", "text": HOSTILE}]}
    letter = a_letter(
        subject=HOSTILE, opening=HOSTILE, closing=HOSTILE, dateline=HOSTILE, sender=(HOSTILE,),
        address=(HOSTILE,), signature=(HOSTILE,), body=(block, {"kind": "request", "blocks": [block]}),
    )  # fmt: skip

    docx = letter_docx(letter, Paper(footer=(HOSTILE,), enclosures=(HOSTILE,)), date=DAY)

    kept = HOSTILE.replace("\x00", "").replace("\x07", "")
    assert sum(kept in text for _, text in paragraphs(docx)) == 10
    assert read(docx).find(f".//{W}fldSimple") is None
    assert kept in "".join(read(docx, "word/footer1.xml").itertext())


def test_files_are_written_whole_in_order_and_alike(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """One file a recipient; the same letters give the same bytes."""
    letters = [
        a_letter(recipient=a_deputy(official_id=f"PA{n}", constituency_code=f"0{n}-01"))
        for n in (2, 1)
    ]

    paths = write_docx_files(letters, tmp_path / "docx", Paper(), date=DAY)

    assert [path.name[:18] for path in paths] == ["assemblee_01-01_pa", "assemblee_02-01_pa"]
    assert paths[1].read_bytes() == letter_docx(letters[0], Paper(), date=DAY)


def test_svg_logo_is_refused_for_word(a_letter: Callable[..., Letter]) -> None:
    """Word shows SVG unevenly: the message asks for a PNG."""
    logo = Picture(b"<svg/>", ".svg", "Logo", 50, 18)

    with pytest.raises(OutreachError, match="give a PNG for DOCX"):
        letter_docx(a_letter(), Paper(logo=logo), date=DAY)


@pytest.mark.slow
def test_libreoffice_opens_letter_and_merge_kit(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """LibreOffice shows the letter with its accents, and each field of the kit is a column."""
    long_name = a_deputy(official_id="PA2", last_name="=SOMME(A1)")
    letters = [a_letter(), a_letter(recipient=long_name, subject="</w:t> & #")]
    letter, _ = write_docx_files(letters, tmp_path / "docx", Paper(style="sobre"), date=DAY)
    table, merged = write_merge_kit(letters, tmp_path / "kit", Paper(), date=DAY)

    libreoffice(tmp_path, letter, merged, table)

    text = pdf_text(tmp_path / (letter.stem + ".pdf"))
    assert "Madame Hélène GARNIER-LAFŒUILLE" in text
    assert "Objet : 1 240 personnes accompagnées" in text
    assert "amendement qui compense" in text
    fields = pdf_text(tmp_path / "lettre.pdf")
    for field in ("address_1", "address_6", "subject", "opening", "body", "closing"):
        assert f"«{field}»" in fields
        assert field in FIELDS
    assert "=SOMME(A1)" in pdf_text(tmp_path / "destinataires.pdf")


@pytest.mark.slow
def test_a_letter_of_one_page_is_one_in_libreoffice_too(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """A letter that paper sets smaller is set smaller here, and takes one page in every style."""
    some: Node = {"kind": "text", "text": "Une phrase qui prend sa place. " * 6}
    body = (*a_letter().body[:-1], {"kind": "paragraph", "inline": [some]}, a_letter().body[-1])
    for style in ("classique", "sobre", "moderne"):
        letters = [
            a_letter(),
            a_letter(recipient=a_deputy(official_id="PA2"), body=body),
        ]
        paper = Paper(style=style, enclosures=("Note de deux pages",), footer=("Association",))
        assert step(letters[1], paper.around("PA2")) in (1, 2, 3)

        paths = write_docx_files(letters, tmp_path / style, paper, date=DAY)

        libreoffice(tmp_path, *paths)
        for path in paths:
            pages = subprocess.run(
                ["pdfinfo", str(tmp_path / f"{path.stem}.pdf")], capture_output=True, check=True
            )
            assert b"Pages:           1\n" in pages.stdout, (style, path.stem)


@pytest.mark.slow
def test_a_second_page_says_to_whom_and_its_number(
    a_letter: Callable[..., Letter], tmp_path: Path
) -> None:
    """As in the PDF, the recipient and "page 2" head a second page, and the first has neither."""
    some: Node = {"kind": "text", "text": "Une phrase qui prend sa place. " * 9}
    more: tuple[Node, ...] = ({"kind": "paragraph", "inline": [some]},) * 9
    letter = a_letter(body=more + a_letter().body)

    (path,) = write_docx_files([letter], tmp_path / "long", Paper(footer=("Pied",)), date=DAY)

    libreoffice(tmp_path, path)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / f"{path.stem}.pdf"), "-"],
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")
    first, second, *_ = text.split("\f")
    head = second.strip().splitlines()[0].split()
    assert " ".join(head) == f"{letter.recipient.full_name} page 2"
    assert "page 1" not in first
    assert "Pied" in first
    assert "Pied" in second


def test_a_table_of_many_columns_stays_within_the_lines(a_letter: Callable[..., Letter]) -> None:
    """Columns share the measure of 154 mm, however many they are."""
    cell = [{"kind": "text", "text": "x"}]
    for columns in (2, 3, 9):
        table: Node = {
            "kind": "table",
            "header": [cell] * columns,
            "rows": [[cell] * columns],
            "align": ["left"] * columns,
        }

        docx = letter_docx(a_letter(body=(table,)), Paper(), date=DAY)

        widths = [int(c.get(f"{W}w", "0")) for c in read(docx).iter(f"{W}gridCol")]
        assert sum(widths) == round(154 / 25.4 * 1440)
        assert min(widths) > 0


def test_merge_kit_rows_follow_the_envelopes(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """The workbook has one row a letter, its text whole, in the order of the envelopes."""
    letters = [
        a_letter(recipient=a_deputy(official_id=f"PA{n}", constituency_code=f"0{n}-01"))
        for n in (3, 1, 2)
    ]

    table, _ = write_merge_kit(letters, tmp_path / "kit", Paper(), date=DAY)

    sheet = openpyxl.load_workbook(table).active
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert tuple(header) == FIELDS
    assert [row[header.index("official_id")] for row in rows] == ["PA1", "PA2", "PA3"]
    assert "Déposerez-vous" in rows[0][header.index("body")]
    assert "Sources" not in rows[0][header.index("body")]


def test_each_merge_field_is_a_column_of_the_kit(
    a_letter: Callable[..., Letter], tmp_path: Path
) -> None:
    """What Word asks the workbook for is there, and nothing of the letter is left out."""
    table, merged = write_merge_kit([a_letter()], tmp_path / "kit", Paper(), date=DAY)

    document = read(merged.read_bytes())
    asked = [
        field.get(f"{W}instr", "").split()[1].strip('"') for field in document.iter(f"{W}fldSimple")
    ]
    header = [cell.value for cell in next(openpyxl.load_workbook(table).active.iter_rows())]
    assert set(asked) < set(header)
    addresses = [f"address_{n}" for n in range(1, 7)]
    assert asked == [*addresses, "subject", "opening", "body", "closing", "sources"]


def test_merge_kit_of_nobody_is_refused(tmp_path: Path) -> None:
    """Without letters there is nothing to merge, and no folder appears."""
    with pytest.raises(OutreachError, match="no letter"):
        write_merge_kit([], tmp_path / "kit", Paper(), date=DAY)

    assert not (tmp_path / "kit").exists()
