"""outreach.export.mailmerge, merged by LibreOffice itself as staff would do it by hand."""

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.export.mailmerge import write_merge_kit
from outreach.export.paper import Paper
from outreach.letters.letter import Letter
from outreach.roster.seat import Parliamentarian

MACRO = Path(__file__).with_name("Merge.xba")
LIBRARIES = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Merge"/>
</library:library>
"""


def merged_text(kit: Path, folder: Path) -> list[str]:
    """Merge a kit with LibreOffice and give the text of each page, spaces kept."""
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice or pdftotext is not on this machine")
    out = folder / "merged"
    out.mkdir()
    soffice = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    # The first start lays out the profile, and would overwrite a macro that lay there before.
    subprocess.run([*soffice, "--terminate_after_init"], check=True, timeout=60)
    library = folder / "profile" / "user" / "basic" / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(MACRO, library / "Merge.xba")
    (library / "script.xlb").write_text(LIBRARIES, encoding="utf-8")
    macro = f'macro:///Standard.Merge.DoMerge("{kit.as_uri()}","{out.as_uri()}")'
    subprocess.run([*soffice, macro], check=True, timeout=60)
    error = out / "error.txt"
    said = error.read_text(encoding="utf-8", errors="replace") if error.exists() else ""
    if "loading component library" in said:
        pytest.skip(
            "LibreOffice has no database drivers (Debian: apt-get install libreoffice-base)"
        )
    assert said == ""
    (pdf,) = out.glob("*.pdf")
    read = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True)
    return read.stdout.decode("utf-8").rstrip("\f").split("\f")


@pytest.mark.slow
def test_libreoffice_merges_the_kit(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """Each letter has its own address and words, a formula stays text, no line is stretched."""
    other = a_letter(
        recipient=a_deputy(official_id="PA2", constituency_code="02-01", last_name="=SOMME(A1)"),
        address=("Monsieur =SOMME(A1)", "Assemblée nationale", "75355 PARIS 07 SP"),
        subject="</w:t> & # «body»",
        opening="Monsieur le Député,",
    )
    write_merge_kit([a_letter(), other], tmp_path / "kit", Paper(), date=dt.date(2026, 11, 23))

    pages = merged_text(tmp_path / "kit", tmp_path)

    first, second = pages
    assert "Madame Hélène GARNIER-LAFŒUILLE" in first
    assert "Madame la Députée," in first
    assert "Monsieur =SOMME(A1)" in second
    assert "Objet : </w:t> & # «body»" in " ".join(second.replace("\u00a0", " ").split())
    assert "Monsieur le Député," in second
    assert "GARNIER" not in second
    assert "Ils sont présents dans 9 communes." in " ".join(first.split())


@pytest.mark.slow
def test_a_merged_letter_names_its_own_sources(
    a_letter: Callable[..., Letter], tmp_path: Path
) -> None:
    """LibreOffice prints each letter's sources under its signature, and none where there are none."""
    sourced = a_letter()
    bare = a_letter(body=tuple(node for node in sourced.body if node["kind"] != "sources"))
    write_merge_kit([sourced, bare], tmp_path / "kit", Paper(), date=dt.date(2026, 11, 23))
    assert "«sources»" in (tmp_path / "kit" / "LISEZMOI.txt").read_text(encoding="utf-8")

    first, second = merged_text(tmp_path / "kit", tmp_path)

    # Two pages: with its sources each letter still takes one.
    signed, said = (first.index(words) for words in (sourced.signature[0], "Sources :"))
    assert signed < said
    assert "auprès de 312 associations, printemps 2026" in " ".join(first.split())
    assert "Sources" not in second
    assert "«" not in first + second
