"""outreach.export.pdf: one file a recipient, and print runs."""

import datetime as dt
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pikepdf
import pytest

from outreach.errors import OutreachError
from outreach.export.paper import Paper
from outreach.export.pdf import letter_pdf, write_pdfs, write_print_runs
from outreach.letters.letter import Letter
from outreach.roster.seat import Parliamentarian

DAY = dt.date(2026, 11, 23)

HOSTILE = (
    "<b>", "#panic(1)", "\\u{41}", "{{ 7*7 }}", '@import "/etc/passwd"', "$x^2$", "*a* _b_ `c`",
    "// non", "[lien](x)", "=titre", "-- ...", "🦄",
)  # fmt: skip


def pdf_text(path: Path) -> str:
    """The text of a PDF as a program for blind readers gets it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on this machine")
    return subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True, text=True
    ).stdout


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Print letters into a fresh folder and give it."""

    def write(letters: list[Letter], paper: Paper | None = None) -> Path:
        folder = tmp_path_factory.mktemp("pdf") / "out"
        write_pdfs(letters, folder, paper or Paper(), date=DAY)
        return folder

    return write


@pytest.fixture
def three_letters(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian]
) -> list[Letter]:
    """A senator and two deputies, not in the order of the envelopes."""
    return [
        a_letter(
            recipient=a_deputy(
                official_id="99001X", chamber="senat", constituency_code="", last_name="Zola"
            )
        ),
        a_letter(recipient=a_deputy(official_id="PA2", constituency_code="2A-02")),
        a_letter(recipient=a_deputy(official_id="PA1", constituency_code="01-04")),
    ]


def test_one_file_a_recipient_sorts_like_the_envelopes(
    three_letters: list[Letter], tmp_path: Path
) -> None:
    """Each recipient has one file, and the names sort by chamber and constituency."""
    told: list[tuple[int, int]] = []

    paths = write_pdfs(
        three_letters,
        tmp_path / "pdf",
        Paper(),
        date=DAY,
        progress=lambda done, total: told.append((done, total)),
    )

    assert [path.name for path in paths] == [
        "assemblee_01-04_pa1_garnier-lafoeuille.pdf",
        "assemblee_2a-02_pa2_garnier-lafoeuille.pdf",
        "senat_01_99001x_zola.pdf",
    ]
    assert sorted(tmp_path.glob("pdf/*.pdf")) == paths
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("style", ["classique", "sobre", "moderne"])
def test_pdfs_are_for_archives_and_for_everybody(
    style: str, a_letter: Callable[..., Letter], faults: Callable[[bytes], list[str]]
) -> None:
    """Each style gives PDF/A-2a and PDF/UA-1: tagged, in French, titled, fonts embedded."""
    pdf = letter_pdf(a_letter(), Paper(style=style), date=DAY)  # type: ignore[arg-type] # parametrized

    assert faults(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang).startswith("fr")
        assert root.ViewerPreferences.DisplayDocTitle
        assert "1\u202f240 personnes" in str(document.docinfo["/Title"])
        assert str(document.docinfo["/Author"]) == "Fédération d’exemple"
        for font in _fonts(document):
            assert font.keys() & {"/FontFile", "/FontFile2", "/FontFile3"}


def _fonts(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [
        thing
        for thing in document.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
    ]


def test_structure_names_headings_tables_and_artifacts(a_letter: Callable[..., Letter]) -> None:
    """The tags say what is a title, a table with header cells, a paragraph."""
    pdf = letter_pdf(a_letter(), Paper(), date=DAY)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        tags = {
            str(thing["/S"])
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/StructElem"
        }
    assert {"/Document", "/H1", "/P", "/Table", "/THead", "/TH", "/TD"} <= tags


def test_text_comes_out_with_its_accents_and_spaces(
    a_letter: Callable[..., Letter], printed: Callable[..., Path]
) -> None:
    """What is extracted has its accents and ligatures, and both no-break spaces are in the file."""
    path = next(printed([a_letter()]).glob("*.pdf"))

    text = " ".join(pdf_text(path).split())
    assert "1 240 personnes accompagnées" in text
    assert "Madame Hélène GARNIER-LAFŒUILLE" in text
    assert "126 RUE DE L UNIVERSITE 75355 PARIS 07 SP" in text
    assert "Dans la 1re circonscription de l’Ain" in text
    # pdftotext makes every space plain: what the file itself says stands in its character maps.
    with pikepdf.open(path) as document:
        maps = b"".join(
            thing.ToUnicode.read_bytes().upper()
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing
        )
    assert b"<202F>" in maps
    assert b"<00A0>" in maps


def test_hostile_values_print_as_typed(
    a_letter: Callable[..., Letter], printed: Callable[..., Path]
) -> None:
    """Markup of any language, in any field, is printed and never run."""
    value = " ".join(HOSTILE)
    block = {"kind": "paragraph", "inline": [{"kind": "text", "text": value}]}
    letter = a_letter(
        subject=value,
        opening=value,
        closing=value,
        dateline="#x",
        signature=(value,),
        sender=(value,),
        body=(
            block,
            {"kind": "request", "blocks": [block]},
            {"kind": "sources", "blocks": [block]},
        ),
    )

    text = pdf_text(next(printed([letter]).glob("*.pdf")))

    for part in HOSTILE:
        assert text.count(part) >= 6, part


def test_right_to_left_marks_do_not_stop_a_letter(
    a_letter: Callable[..., Letter], faults: Callable[[bytes], list[str]]
) -> None:
    """Marks of direction and joiners are set without a fault."""
    pdf = letter_pdf(a_letter(subject="a\u200fb\u202ec\u200d 👩\u200d⚕️ 🇫🇷"), Paper(), date=DAY)

    assert faults(pdf) == []


def test_a_character_without_a_glyph_is_named_for_each_letter(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """Every letter that no font can print is listed, with its character and where it is."""
    letters = [
        a_letter(recipient=a_deputy(official_id=f"PA{n}"), subject=subject)
        for n, subject in enumerate(["bon", "中", "bon", "\u0e01"])
    ]

    with pytest.raises(OutreachError, match="2 documents could not be set") as caught:
        write_pdfs(letters, tmp_path / "pdf", Paper(), date=DAY)

    assert len(caught.value.problems) == 2
    assert "pa1_" in caught.value.problems[0]
    assert "'中' (in the subject)" in caught.value.problems[0]
    assert list(tmp_path.iterdir()) == []


def test_same_letters_give_the_same_bytes(a_letter: Callable[..., Letter]) -> None:
    """The date inside is an argument, so two runs are byte for byte alike."""
    first = letter_pdf(a_letter(), Paper(), date=DAY)
    again = letter_pdf(a_letter(), Paper(), date=DAY)

    assert first == again


def test_second_page_is_numbered_and_names_the_recipient(
    a_letter: Callable[..., Letter], printed: Callable[..., Path]
) -> None:
    """A long letter goes on to a second page, which says whose it is and its number."""
    long = a_letter(body=a_letter().body * 3)

    path = next(printed([long]).glob("*.pdf"))

    with pikepdf.open(path) as document:
        assert len(document.pages) == 2
    second = pdf_text(path).split("\f")[1]
    assert second.startswith("Hélène Garnier-Lafœuille")
    assert "page 2" in second
    assert "page 1" not in pdf_text(path)


def test_nine_lines_of_address_are_refused(a_letter: Callable[..., Letter], tmp_path: Path) -> None:
    """An address that no window can show is named before anything is set."""
    letter = a_letter(address=tuple(f"LIGNE {n}" for n in range(9)))

    with pytest.raises(OutreachError) as caught:
        write_pdfs([letter], tmp_path / "pdf", Paper(), date=DAY)

    assert "Hélène Garnier-Lafœuille: the address has 9 lines" in str(caught.value)


def test_two_letters_to_one_recipient_are_refused(
    a_letter: Callable[..., Letter], tmp_path: Path
) -> None:
    """One recipient, one letter: a second one would overwrite the first."""
    with pytest.raises(OutreachError, match="PA900001: 2 letters"):
        write_pdfs([a_letter(), a_letter()], tmp_path / "pdf", Paper(), date=DAY)


def test_a_long_name_keeps_the_letter_whole(
    a_letter: Callable[..., Letter],
    a_deputy: Callable[..., Parliamentarian],
    printed: Callable[..., Path],
) -> None:
    """A name of 80 characters keeps its id in the file name and its every letter in the window."""
    name = "DE-LA-" * 12 + "TREMOILLE"
    letter = a_letter(recipient=a_deputy(last_name=name), address=(f"Madame {name}",))

    path = next(printed([letter]).glob("*.pdf"))

    assert path.name.startswith("assemblee_01-01_pa900001_de-la-de-la")
    assert f"Madame {name}" in pdf_text(path)


def test_print_runs_hold_every_letter_once_with_a_bookmark(
    a_letter: Callable[..., Letter],
    a_deputy: Callable[..., Parliamentarian],
    faults: Callable[[bytes], list[str]],
    tmp_path: Path,
) -> None:
    """Runs of one chamber are equally long, ordered, and each letter is in the outline."""
    letters = [
        a_letter(recipient=a_deputy(official_id=f"PA{n}", constituency_code=f"{n:02d}-01"))
        for n in range(9, 0, -1)
    ]
    letters.append(
        a_letter(recipient=a_deputy(official_id="S1", chamber="senat", constituency_code=""))
    )

    paths = write_print_runs(letters, tmp_path / "print", Paper(), date=DAY, size=5)

    assert [path.name for path in paths] == [
        "tirage_01_assemblee_01-01_a_04-01.pdf",
        "tirage_02_assemblee_05-01_a_09-01.pdf",
        "tirage_03_senat_01_a_01.pdf",
    ]
    outlines = []
    for path in paths:
        with pikepdf.open(path) as document, document.open_outline() as outline:
            outlines.append([item.title for item in outline.root])
            assert len(document.pages) == len(outline.root)
        assert faults(path.read_bytes()) == []
    assert outlines[0] == [f"0{n}-01 Hélène Garnier-Lafœuille" for n in (1, 2, 3, 4)]
    assert sum(len(outline) for outline in outlines) == 10


def test_a_print_run_that_fails_names_the_letter_at_fault(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """One letter of a run holds a character that no font has: its name is told, not the run's."""
    letters = [
        a_letter(
            recipient=a_deputy(official_id=f"PA{n}", constituency_code=f"0{n}-01"),
            subject="Objet 中" if n == 3 else "Objet",
        )
        for n in range(1, 6)
    ]

    with pytest.raises(OutreachError) as caught:
        write_print_runs(letters, tmp_path / "print", Paper(), date=DAY)

    (problem,) = caught.value.problems
    assert problem.startswith("assemblee_03-01_pa3_")
    assert "中" in problem
    assert not (tmp_path / "print").exists()


def test_several_print_runs_of_a_chamber_are_even_in_number(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """Five letters by two would be three runs; four let two children end together."""
    letters = [
        a_letter(recipient=a_deputy(official_id=f"PA{n}", constituency_code=f"{n:02d}-01"))
        for n in range(1, 6)
    ]

    paths = write_print_runs(letters, tmp_path / "print", Paper(), date=DAY, size=2)

    sizes = []
    for path in paths:
        with pikepdf.open(path) as document:
            sizes.append(len(document.pages))
    assert sizes == [1, 1, 2, 1]


def test_the_closing_never_stands_alone_on_a_second_page(
    a_letter: Callable[..., Letter], printed: Callable[..., Path]
) -> None:
    """Whatever the length, the last paragraph of the body goes over together with the closing."""
    a_paragraph = {"kind": "paragraph", "inline": [{"kind": "text", "text": "Une ligne. " * 8}]}
    last = {"kind": "paragraph", "inline": [{"kind": "text", "text": "Le dernier mot."}]}
    letters = [
        a_letter(
            recipient=replace(a_letter().recipient, official_id=f"PA{lines}"),
            body=(*(a_paragraph for _ in range(lines)), last),
        )
        for lines in range(16, 26)
    ]

    texts = [pdf_text(path).split("\f")[:-1] for path in printed(letters).glob("*.pdf")]

    over = [pages for pages in texts if len(pages) == 2]
    assert len(over) >= 3
    assert all("Le dernier mot." in pages[1] and "prie d’agréer" in pages[1] for pages in over)


def test_duplex_adds_blank_pages_so_that_each_letter_starts_a_sheet(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """On both sides of the sheet, a letter of one or three pages is followed by a blank one."""
    letters = [
        a_letter(
            recipient=a_deputy(official_id=f"PA{n}", constituency_code=f"0{n}-01"),
            body=a_letter().body * times,
        )
        for n, times in enumerate([1, 3, 1], start=1)
    ]

    paths = write_print_runs(letters, tmp_path / "print", Paper(duplex=True), date=DAY)

    pages = pdf_text(paths[0]).split("\f")[:-1]
    assert len(pages) == 5
    assert [bool(text.strip()) for text in pages] == [True, False, True, True, True]
    assert "page 2" in pages[3]
    assert "page" not in pages[4].split("Objet")[0]


def test_a_folder_of_somebody_is_refused(a_letter: Callable[..., Letter], tmp_path: Path) -> None:
    """A folder that holds a person's own documents is refused and left as it was."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("years of work", encoding="utf-8")

    with pytest.raises(OutreachError, match="was not written by outreach"):
        write_pdfs([a_letter()], tmp_path / "mine", Paper(), date=DAY)

    assert (tmp_path / "mine" / "thesis.doc").read_text(encoding="utf-8") == "years of work"


@pytest.mark.skipif(sys.platform == "win32", reason="limits on file size are of POSIX")
def test_full_disk_leaves_nothing(a_letter: Callable[..., Letter], tmp_path: Path) -> None:
    """A limit on file size, as a full disk would, ends in a message and no folder."""
    script = tmp_path / "script.py"
    script.write_text(
        dedent("""\
        import pickle, resource, signal, sys, datetime as dt
        from pathlib import Path
        from outreach.errors import OutreachError
        from outreach.export.paper import Paper
        from outreach.export.pdf import write_pdfs
        if __name__ == "__main__":
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            letters = pickle.loads(Path(sys.argv[1]).read_bytes())
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
            try:
                write_pdfs(letters, Path(sys.argv[2]), Paper(), date=dt.date(2026, 11, 23))
            except OutreachError as error:
                sys.exit(str(error))
        """),
        encoding="utf-8",
    )
    _pickled([a_letter()], tmp_path / "letters")

    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "letters"), str(tmp_path / "pdf")],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters", "script.py"]


def test_the_script_of_who_asks_is_run_once(
    a_letter: Callable[..., Letter], tmp_path: Path
) -> None:
    """A script without `if __name__ == "__main__"` writes its letters; no child runs it again."""
    script = tmp_path / "script.py"
    script.write_text(
        dedent("""\
        import pickle, sys, datetime as dt
        from pathlib import Path
        from outreach.export.paper import Paper
        from outreach.export.pdf import write_pdfs
        print("run")
        letters = pickle.loads(Path(sys.argv[1]).read_bytes())
        write_pdfs(letters, Path(sys.argv[2]), Paper(), date=dt.date(2026, 11, 23))
        """),
        encoding="utf-8",
    )
    _pickled([a_letter()], tmp_path / "letters")

    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "letters"), str(tmp_path / "pdf")],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stdout == "run\n", done.stderr
    assert done.returncode == 0
    assert len(list((tmp_path / "pdf").glob("*.pdf"))) == 1


def test_ctrl_c_leaves_nothing_half_written(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """Ctrl-C in the middle of an export: no folder under the final name, none beside, no child."""
    script = tmp_path / "script.py"
    script.write_text(
        dedent("""\
        import pickle, sys, datetime as dt
        from pathlib import Path
        from outreach.export.paper import Paper
        from outreach.export.pdf import write_pdfs
        if __name__ == "__main__":
            letters = pickle.loads(Path(sys.argv[1]).read_bytes())
            write_pdfs(letters, Path(sys.argv[2]), Paper(), date=dt.date(2026, 11, 23), processes=2)
        """),
        encoding="utf-8",
    )
    letters = [a_letter(recipient=a_deputy(official_id=f"PA{n}")) for n in range(3000)]
    _pickled(letters, tmp_path / "letters")
    program = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "letters"), str(tmp_path / "pdf")],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob(".pdf.*/*.pdf")) and time.monotonic() < deadline:
        time.sleep(0.02)

    os.killpg(program.pid, signal.SIGINT)
    _, errors = program.communicate(timeout=30)

    assert program.returncode not in (0, None)
    assert errors.count(b"Traceback") == 1  # the parent's own, none from a child
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters", "script.py"]
    assert _alive_in_group(program.pid) == []


def _alive_in_group(group: int) -> list[str]:
    """Programs of a process group that still run after 5 s (Python's own tracker takes a moment)."""
    deadline = time.monotonic() + 5
    alive = ["?"]
    while alive and time.monotonic() < deadline:
        listed = subprocess.run(
            ["ps", "-e", "-o", "pgid=,stat=,args="], capture_output=True, check=True, text=True
        ).stdout.splitlines()
        rows = [line.split(None, 2) for line in listed]
        alive = [row[2] for row in rows if int(row[0]) == group and not row[1].startswith("Z")]
    return alive


def _pickled(letters: list[Letter], path: Path) -> None:
    import pickle

    path.write_bytes(pickle.dumps(letters))
