"""Tests of outreach.establishments.encoding."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import InputError
from outreach.establishments.encoding import read_lines, undo_double_encoding

FRENCH = (
    "Nom;Ville\nFoyer « Les Genêts »;Ambérieu-en-Bugey\nMaison d’accueil;L’Haÿ-les-Roses, à côté\n"
)


def decode(data: bytes) -> str:
    """The text of a file that holds these bytes, each line ended by a line feed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(data)
        lines, _, _ = read_lines(path)
        return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]
)
def test_each_usual_encoding_is_read(encoding: str) -> None:
    """A French list gives the same text in every encoding that a spreadsheet saves."""
    text = decode(FRENCH.encode(encoding))

    assert text == FRENCH


@pytest.mark.parametrize("encoding", ["iso8859-15", "cp850"])
def test_older_encodings_are_read(encoding: str) -> None:
    """ISO-8859-15 and DOS texts keep their accents."""
    french = "Nom;Ville\nFoyer des Genêts;Ambérieu\nÉcole;Évry\n"

    text = decode(french.encode(encoding))

    assert text == french


def test_capitals_with_accents_are_told_apart() -> None:
    """A list in capitals is read in cp1252 and in MacRoman."""
    french = "FOYER DÉPARTEMENTAL;ÉPINAL\nIME LA FORÊT;SAINT-ÉTIENNE\n"

    read = [decode(french.encode(encoding)) for encoding in ("cp1252", "mac_roman")]

    assert read == [french, french]


@pytest.mark.parametrize("data", [b"", b"\r\n \n", b"\x00\x00"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    """A file of nothing or of blanks says that it is empty."""
    with pytest.raises(InputError, match=r"list.csv is empty"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        bytes(range(128, 256)) * 4,
        b"\xff\xfeA",
        b"a;b\x07;c",
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    """A picture, noise and a cut UTF-16 are refused with a remedy."""
    with pytest.raises(InputError, match=r"CSV UTF-8"):
        decode(data)


@settings(deadline=None)
@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="ÃÂÅâ"),
        min_size=1,
    )
)
def test_utf8_is_never_changed(text: str) -> None:
    """Whatever is written in UTF-8 with its mark reads back equal, but for accents encoded twice."""
    assert decode(("x" + text).encode("utf-8-sig")) == f"x{text}\n"


def test_accents_encoded_twice_in_a_windows_file_come_back() -> None:
    """A file of Windows with right accents and some encoded twice is read in its own encoding."""
    data = "Nom;Ville\nFoyer à côté;AmbÃ©rieu\n".encode("cp1252")

    assert decode(data) == "Nom;Ville\nFoyer à côté;Ambérieu\n"


def test_double_encoding_is_undone_piece_by_piece() -> None:
    """Accents encoded twice come back, also beside right ones; what is no such piece stays."""
    assert undo_double_encoding("AmbÃ©rieu, forÃªt") == "Ambérieu, forêt"
    assert undo_double_encoding("Ã©tÃ© à Évry; Saint-Ã‰tienne; lâ€™Ã‰tape") == (
        "été à Évry; Saint-Étienne; l’Étape"
    )
    assert undo_double_encoding("SÃO à 3€, pâté") == "SÃO à 3€, pâté"
