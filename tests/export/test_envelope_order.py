"""outreach.export.envelope_order: one order and one way of naming files for all of paper."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from outreach.export.envelope_order import in_envelope_order, letter_file_name
from outreach.letters.letter import Letter
from outreach.roster.seat import Parliamentarian


@given(
    names=st.lists(
        st.tuples(st.sampled_from(["assemblee", "senat"]), st.text(max_size=120)), max_size=20
    )
)
def test_names_of_files_are_safe_unique_and_in_order(
    names: list[tuple[str, str]],
    a_letter: Callable[..., Letter],
    a_deputy: Callable[..., Parliamentarian],
) -> None:
    """Whatever the names, files are short ASCII, never two alike, chambers together."""
    letters = [
        a_letter(recipient=a_deputy(official_id=f"PA{n}", chamber=chamber, last_name=name))
        for n, (chamber, name) in enumerate(names)
    ]

    files = [letter_file_name(letter, ".pdf") for letter in in_envelope_order(letters)]

    assert len(set(files)) == len(names)
    assert all(file.isascii() and len(file) <= 110 and "/" not in file for file in files)
    assert [file[0] for file in files] == sorted(file[0] for file in files)


def test_one_constituency_comes_before_the_next(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian]
) -> None:
    """Deputies follow their constituency, Corsica after 19 as its codes sort, abroad at the end."""
    codes = ["ZZ-01", "2A-01", "01-10", "01-02", "971-01", "19-01"]
    letters = [
        a_letter(recipient=a_deputy(official_id=f"PA{n}", constituency_code=code))
        for n, code in enumerate(codes)
    ]

    ordered = [letter.recipient.constituency_code for letter in in_envelope_order(letters)]

    assert ordered == ["01-02", "01-10", "19-01", "2A-01", "971-01", "ZZ-01"]
