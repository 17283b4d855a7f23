"""files: whole or not at all, and safe names."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import OutreachError
from outreach.files import ascii_slug, file_name, whole_file, whole_folder, write_file


def test_a_refused_write_leaves_the_old_file(tmp_path: Path) -> None:
    """
    When the place cannot be written, what stood there still stands and nothing lies beside it.
    """
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "list.csv").mkdir()  # a folder under that name: the rename must fail

    with pytest.raises(OutreachError, match=r"list\.csv could not be written"):
        write_file(folder / "list.csv", "new")

    assert [path.name for path in folder.iterdir()] == ["list.csv"]


def test_a_full_disk_is_said_in_words() -> None:
    """
    A full disk names the file and the remedy instead of an errno.
    """
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    try:
        full.write_bytes(b"x" * 100_000)
    except OSError as error:
        from outreach.files import unwritable

        message = str(unwritable(Path("letters.pdf"), error))

    assert message == (
        "letters.pdf could not be written: "
        "the disk is full; free some space and run the command again."
    )


def test_an_interrupted_folder_leaves_nothing(tmp_path: Path) -> None:
    """
    Ctrl-C in the middle of an export leaves no folder under the final name and none beside it.
    """

    def export() -> None:
        with whole_folder(tmp_path / "out") as folder:
            (folder / "one.pdf").write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export()

    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_folder_keeps_the_former_one(tmp_path: Path) -> None:
    """
    A second export that fails leaves the first one as it was.
    """
    with whole_folder(tmp_path / "out") as folder:
        (folder / "one.pdf").write_bytes(b"first")

    def export() -> None:
        with whole_folder(tmp_path / "out") as folder:
            (folder / "one.pdf").write_bytes(b"second")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        export()

    assert (tmp_path / "out" / "one.pdf").read_bytes() == b"first"


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path: Path) -> None:
    """
    A folder that outreach did not write is refused, and its documents stay.
    """
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.odt").write_bytes(b"years of work")

    with (
        pytest.raises(OutreachError, match="was not written by outreach"),
        whole_folder(tmp_path / "out"),
    ):
        pass

    assert (tmp_path / "out" / "thesis.odt").read_bytes() == b"years of work"


def test_written_files_follow_the_umask(tmp_path: Path) -> None:
    """
    A colleague can open what was written: the mode follows the umask, not mkstemp's 0600.
    """
    if os.name != "posix":
        pytest.skip("file modes are a POSIX matter")
    old = os.umask(0o022)
    try:
        write_file(tmp_path / "list.csv", "x")
    finally:
        os.umask(old)

    assert (tmp_path / "list.csv").stat().st_mode & 0o777 == 0o644


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_text_gives_a_safe_file_name(parts: list[str]) -> None:
    """
    Whatever the parts, the name is short ASCII without separators and starts with no dot.
    """
    name = file_name(*parts, suffix=".pdf")

    assert name.isascii()
    assert len(name) <= 110
    assert not set(name) & set('/\\:*?"<>| \n\t')
    assert not name.startswith(".")
    assert name.removesuffix(".pdf") not in {"con", "nul", "com1", "prn", "aux"}


def test_slugs_keep_french_letters_readable() -> None:
    """
    Accents and ligatures become the letters a reader would type.
    """
    assert ascii_slug("Œuvre de l'Évêché, Saint-Étienne") == "oeuvre-de-l-eveche-saint-etienne"


def test_a_file_written_in_pieces_appears_only_whole(tmp_path: Path) -> None:
    """
    An error in the middle leaves what stood there before, and nothing beside it.
    """
    path = tmp_path / "matches.csv"
    path.write_text("before", "utf-8")

    def interrupt() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    interrupted = path.read_text("utf-8")
    with whole_file(path) as file:
        file.write(b"who")
        file.write(b"le")

    assert interrupted == "before"
    assert path.read_text("utf-8") == "whole"
    assert [item.name for item in tmp_path.iterdir()] == ["matches.csv"]
