"""outreach.export.paper: what a campaign says of paper, checked whole."""

from pathlib import Path

import pytest

from outreach.campaign import Campaign
from outreach.errors import InputError
from outreach.export.paper import Paper, Window, paper_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><rect width="300" height="100"/></svg>'


def campaign(folder: Path, **changes: object) -> Campaign:
    """A small campaign in a folder, any table changed."""
    (folder / "letter.md").write_text("x", encoding="utf-8")
    values: dict[str, object] = {
        "uid": "example-campaign",
        "name": "Exemple",
        "sender": {
            "organisation": "Fédération d’exemple",
            "address": ["75011 Paris"],
            "email": "contact@example.org",
        },
        "signature": {"name": "Camille Exemple", "function": "Présidente", "place": "Paris"},
        "templates": {"assemblee": "letter.md", "senat": "letter.md"},
    }
    return Campaign.model_validate(values | changes, context={"folder": folder})


def test_a_plain_campaign_gives_plain_paper(tmp_path: Path) -> None:
    """Without a letterhead the defaults hold: window at 110 × 55 mm, no picture."""
    assert paper_of(campaign(tmp_path)) == Paper(window=Window(110, 55, 80, 24))


def test_pictures_footer_and_enclosures_are_taken(tmp_path: Path) -> None:
    """Logo and signature are read with words that say what they show."""
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")

    paper = paper_of(
        campaign(
            tmp_path,
            letterhead={"logo": "logo.svg", "footer": "Association loi 1901"},
            post={"enclosures": ["Note de deux pages"]},
        ),
        style="moderne",
    )

    assert paper.logo is not None
    assert paper.logo.alt == "Fédération d’exemple"
    assert (paper.footer, paper.enclosures) == (("Association loi 1901",), ("Note de deux pages",))
    assert paper.style == "moderne"


def test_all_faults_of_paper_are_told_at_once(tmp_path: Path) -> None:
    """A broken logo and a window over the letter's text are both named."""
    (tmp_path / "logo.png").write_bytes(b"GIF89a")

    with pytest.raises(InputError) as caught:
        paper_of(
            campaign(tmp_path, letterhead={"logo": "logo.png"}, post={"window": [110, 80, 50, 24]})
        )

    said = str(caught.value)
    assert "letterhead.logo" in said
    assert "80 to 104 mm from the top; keep between 34 and 90" in said
    assert "six lines of an address need 60 × 24 mm" in said
