"""`outreach export` and `outreach preview`, on the bundled campaign."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from outreach.bundle import letters_path
from outreach.cli import main
from outreach.spreadsheets import write_xlsx

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the bundled campaign; give exit code, standard output, standard error."""

    def call(*arguments: str | Path, campaign: Path | None = None) -> tuple[int, str, str]:
        folder = campaign or letters_path("solidarite-en-danger")
        with pytest.raises(SystemExit) as stop:
            main([*map(str, arguments), "--campaign", str(folder)])
        captured = capsys.readouterr()
        return int(stop.value.code or 0), captured.out, captured.err

    return call


def test_pdf_writes_the_chosen_recipients(run: Run, tmp_path: Path) -> None:
    """One département gives its deputies and its senator, each in a file."""
    code, out, _ = run("export", "pdf", "-o", tmp_path / "pdf", "--only", "2A")

    names = sorted(path.name for path in (tmp_path / "pdf").glob("*.pdf"))
    assert code == 0
    assert out.startswith(f"{len(names)} letters in {len(names)} PDF files")
    assert [name[:16] for name in names] == [
        "assemblee_2a-01_",
        "assemblee_2a-02_",
        "senat_2a_14191v_",
    ]


def test_print_runs_take_style_and_both_sides(run: Run, tmp_path: Path) -> None:
    """Print runs of two chambers are two documents; with blank pages each letter starts a sheet."""
    code, out, _ = run(
        "export", "pdf", "-o", tmp_path / "runs", "--only", "2A",
        "--print-runs", "--duplex", "--style", "moderne",
    )  # fmt: skip

    assert (code, out.split(" in ")[0]) == (0, "3 letters")
    first = next((tmp_path / "runs").glob("tirage_01_*"))
    with pikepdf.open(first) as document, document.open_outline() as outline:
        assert len(outline.root) == 2
        assert len(document.pages) >= 3


def test_other_forms_are_written(run: Run, tmp_path: Path) -> None:
    """DOCX, e-mails, list, labels, envelopes, window page, merge kit: each where it was asked."""
    for arguments in (
        ("docx", "-o", tmp_path / "docx", "--only", "2A-01"),
        ("eml", "-o", tmp_path / "eml", "--only", "2A-01"),
        ("csv", "-o", tmp_path / "list.csv", "--only", "2A"),
        ("labels", "-o", tmp_path / "labels.pdf", "--only", "2A", "--merge"),
        ("envelopes", "-o", tmp_path / "envelopes.pdf", "--only", "2A"),
        ("window", "-o", tmp_path / "window.pdf"),
        ("merge", "-o", tmp_path / "merge", "--only", "2A"),
    ):
        code, out, _ = run("export", *arguments)
        assert (code, str(tmp_path) in out) == (0, True), arguments

    assert len(list(tmp_path.glob("*/*.docx"))) == 2
    assert len(list(tmp_path.glob("eml/*.eml"))) == 1
    rows = list(csv.DictReader((tmp_path / "list.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))  # fmt: skip
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    assert {row["file"][:5] for row in rows} == {"assem", "senat"}


def test_postage_counts_the_letters(run: Run) -> None:
    """Each letter is in a weight step, and a step without a price says so."""
    code, out, err = run("export", "postage", "--only", "2A", "--enclosed", "30")

    assert code == 0
    assert "up to 100 g: 3 letters, price not known" in out
    assert "No price of 100 g could be verified. Copy " in out
    assert "lettre-verte.toml" in out
    assert "Refused" not in err


def test_postage_by_a_tariff_of_ones_own(run: Run, tmp_path: Path) -> None:
    """The tariff that the remedy asks for is used: prices, and the source they were read in."""
    own = tmp_path / "own.toml"
    own.write_text(
        'name = "Lettre verte"\nvalid_from = 2026-01-01\nvalid_until = 2026-12-31\n'
        'checked_on = 2026-11-20\nsource = "guichet"\n[[steps]]\nup_to_grams = 100\n'
        "price_cents = 300\n",
        encoding="utf-8",
    )

    code, out, _ = run("export", "postage", "--only", "2A", "--enclosed", "30", "--tariff", own)

    assert code == 0
    assert "up to 100 g: 3 letters, 9.00 €\nSource: guichet" in out


def test_preview_shows_one_letter_in_three_forms(run: Run, tmp_path: Path) -> None:
    """The text on the terminal, the HTML and the PDF are of the recipient that was named."""
    code, out, _ = run("preview", "2a002")
    run("preview", "2A-02", "--html", tmp_path / "a.html", "--pdf", tmp_path / "a.pdf", "--map")

    assert code == 0
    assert "Monsieur le Député," in out
    assert out.startswith("À : ")
    assert "<p" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("preview", "Martin"), 1, "give one official id"),
        (("preview", "Nobody-At-All"), 1, "nobody of that name or place"),
        (("export", "pdf", "--only", "97-99"), 1, "nobody of that name or place"),
        (("export", "labels", "--sheet", "L1", "--only", "2A"), 1, "is no sheet of labels"),
        (("export", "pdf", "--duplex"), 2, "--duplex goes with --print-runs"),
        (("export", "csv"), 2, "ends in .csv or .xlsx"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    arguments: tuple[str, ...], code: int, said: str, run: Run, tmp_path: Path
) -> None:
    """A refusal says what is wrong, exits 1 or 2, and writes nothing."""
    if arguments[0] == "export":
        name = "out.pdf" if arguments[1] == "labels" else "out"
        arguments = (*arguments, "-o", str(tmp_path / name))

    got, _, err = run(*arguments)

    assert got == code
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_a_logo_that_is_not_there_is_told_before_anything_is_made(run: Run, tmp_path: Path) -> None:
    """A campaign that names a missing logo is refused, with the key and the path."""
    folder = tmp_path / "campaign"
    shutil.copytree(letters_path("solidarite-en-danger"), folder)
    toml = folder / "campaign.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + '\n[letterhead]\nlogo = "logo.png"\n', encoding="utf-8"
    )

    code, _, err = run("export", "pdf", "-o", tmp_path / "out", campaign=folder)

    assert code == 1
    assert "letterhead.logo" in err
    assert "logo.png" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["labels", "envelopes", "window"])
@pytest.mark.parametrize("name", ["out.docx", "out", "out.pdf.txt"])
def test_a_pdf_is_named_a_pdf(command: str, name: str, run: Run, tmp_path: Path) -> None:
    """Under another ending a PDF opens in the wrong program: refused, and nothing is written."""
    code, _, err = run("export", command, "-o", tmp_path / name)

    assert code == 2
    assert "a PDF is written; give a name that ends in .pdf" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("option", "name"), [("--pdf", "list.xlsx"), ("--html", "list.csv")])
def test_a_preview_is_named_what_it_is(option: str, name: str, run: Run, tmp_path: Path) -> None:
    """A member list given as the output by a slip stays as it is."""
    (tmp_path / name).write_bytes(b"theirs")

    code, _, err = run("preview", "01-04", option, tmp_path / name)

    assert code == 2
    assert "give a name that ends in ." in err
    assert (tmp_path / name).read_bytes() == b"theirs"


def test_somebody_elses_pdf_is_not_written_over(run: Run, tmp_path: Path) -> None:
    """A PDF of ours is replaced, another one stays."""
    theirs, ours = tmp_path / "theirs.pdf", tmp_path / "ours.pdf"
    pikepdf.new().save(theirs)
    before = theirs.read_bytes()

    refused = [
        run("preview", "01-04", "--pdf", theirs),
        run("export", "window", "-o", theirs),
    ]
    written = [run("export", "window", "-o", ours) for _ in range(2)]

    assert [code for code, _, _ in refused] == [2, 2]
    assert all("was not written by outreach" in err for _, _, err in refused)
    assert theirs.read_bytes() == before
    assert [code for code, _, _ in written] == [0, 0]


@pytest.mark.parametrize("name", ["members.csv", "members.xlsx"])
def test_a_member_list_is_not_written_over(name: str, run: Run, tmp_path: Path) -> None:
    """A list given as the output by a slip stays; our own list of recipients is replaced."""
    theirs, ours = tmp_path / name, tmp_path / f"ours{Path(name).suffix}"
    if theirs.suffix == ".csv":
        theirs.write_text("nom;adresse\nFoyer Le Cèdre;1 rue de l'Exemple\n", encoding="utf-8")
    else:
        write_xlsx(theirs, ["nom", "adresse"], [{"nom": "Foyer Le Cèdre"}])
    before = theirs.read_bytes()

    code, _, err = run("export", "csv", "-o", theirs, "--only", "2A-01")
    codes = [run("export", "csv", "-o", ours, "--only", "2A-01")[0] for _ in range(2)]

    assert (code, theirs.read_bytes()) == (1, before)
    assert "was not written by outreach; give another name or move it away" in err
    assert codes == [0, 0]
