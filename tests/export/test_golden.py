"""The twelve letters of tests/letters on paper: the words that a PDF and a DOCX give back.

After a change of wording: `pytest tests/export/test_golden.py --update-golden`, then read the
diff. The PDF's text keeps its order on the page, so a block that moves is seen too.
"""

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.letters.builders import TODAY
from tests.letters.test_golden import CAMPAIGN, CASES

from outreach.export.docx import letter_docx
from outreach.export.paper import paper_of
from outreach.export.pdf import write_pdfs
from outreach.letters.compose import compose
from outreach.letters.letter import Letter

FOLDER = Path(__file__).with_name("golden_text")
DAY = dt.date(2026, 11, 23)
PAPER = paper_of(CAMPAIGN)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def letters() -> dict[str, Letter]:
    """The twelve letters."""
    return dict(zip(CASES, compose(CAMPAIGN, list(CASES.values()), today=TODAY), strict=True))


@pytest.fixture(scope="module")
def pdfs(letters: dict[str, Letter], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each letter's PDF, all set by one child."""
    folder = tmp_path_factory.mktemp("golden") / "pdf"
    paths = write_pdfs(list(letters.values()), folder, PAPER, date=DAY, processes=1)
    return {
        case: next(path for path in paths if letter.recipient.official_id.lower() in path.name)
        for case, letter in letters.items()
    }


def pdf_words(path: Path) -> str:
    """The text of a PDF line by line; how wide a gap is differs between versions of poppler."""
    out = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    words = re.sub(r" {3,}", "    ", out.stdout.decode("utf-8").replace("\f", "\n=== page ===\n"))
    return re.sub(r"\s*\n(?:[ \t]*\n)+", "\n\n", words).strip("\n") + "\n"


def docx_words(docx: bytes) -> str:
    """A line a paragraph, its style before it; cells of a row stand beside one another."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))[0]
    lines = []
    for block in body:
        if block.tag == f"{W}tbl":
            lines += [
                " | ".join("".join(_texts(cell)) for cell in row.iter(f"{W}tc"))
                for row in block.iter(f"{W}tr")
            ]
        elif block.tag == f"{W}p":
            style = block.find(f"{W}pPr/{W}pStyle")
            name = "" if style is None else style.get(f"{W}val", "")
            lines.append(f"[{name}] {''.join(_texts(block))}")
    return "\n".join(lines) + "\n"


def _texts(element: ElementTree.Element) -> list[str]:
    return [node.text or "" for node in element.iter(f"{W}t")]


def compare(path: Path, text: str, update: bool) -> None:
    """Compare a text with an approved file, or write the file anew when asked to."""
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("case", CASES)
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not here")
def test_the_pdf_says_what_was_approved(
    case: str, pdfs: dict[str, Path], update_golden: bool
) -> None:
    """The words of the page, line by line, equal the approved file."""
    text = pdf_words(pdfs[case])

    compare(FOLDER / f"{case}.pdf.txt", text, update_golden)


@pytest.mark.parametrize("case", CASES)
def test_the_docx_says_what_was_approved(
    case: str, letters: dict[str, Letter], update_golden: bool
) -> None:
    """The paragraphs read back from the package, with their styles, equal the approved file."""
    text = docx_words(letter_docx(letters[case], PAPER, date=DAY))

    compare(FOLDER / f"{case}.docx.txt", text, update_golden)
