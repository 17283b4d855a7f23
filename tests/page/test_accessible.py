"""WCAG 2.2 AA by axe-core, light and dark, and paper as it comes out of a printer."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.slow
Open = Callable[..., Page]
_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def faults(page: Page, options: dict[str, Any] = _RULES) -> list[str]:
    """What axe-core finds on the page as it stands."""
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_to_a_letter(
    address: str, open_page: Open, scheme: str
) -> None:
    """First screen, question, people, letter, ways out, thanks: no fault in light or dark."""
    page = open_page(color_scheme=scheme, bypass_csp=True)
    page.goto(address)
    found = faults(page)
    page.fill("#typed", "lyo")
    page.wait_for_selector("#suggestions li")
    found += faults(page)
    page.fill("#typed", "69003")
    page.press("#typed", "Enter")
    page.wait_for_selector(".split-map")
    page.wait_for_selector("#question .choice")
    found += faults(page)
    page.goto(f"{address}?constituency=01-05")
    page.locator("#people .card .primary").first.click()
    page.wait_for_selector("#send:not([hidden])")
    found += faults(page)
    page.click("#sent")
    found += faults(page)

    assert found == []


@pytest.mark.parametrize(
    "document", ["en.html", "carte.html", "departements/index.html", "departements/69.html"]
)
def test_axe_finds_nothing_on_the_other_documents(
    address: str, open_page: Open, document: str
) -> None:
    """The English page, the map and the lists by département are clean too."""
    page = open_page(bypass_csp=True)

    page.goto(address + document)

    assert faults(page) == []


@pytest.mark.parametrize("document", ["carte.html", "departements/69.html"])
def test_dark_documents_keep_their_contrast(address: str, open_page: Open, document: str) -> None:
    """What the scheme changes is colour: in the dark, contrast is asked about again."""
    page = open_page(color_scheme="dark", bypass_csp=True)

    page.goto(address + document)

    contrast = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    assert faults(page, contrast) == []


def test_targets_are_large_enough_to_touch(address: str, open_page: Open) -> None:
    """On a phone every button and field is at least 24 pixels each way, most 44."""
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto(f"{address}?constituency=01-05")
    page.locator("#people .card .primary").first.click()
    page.wait_for_selector("#send:not([hidden])")

    sizes = page.evaluate(
        """[...document.querySelectorAll("button, input, select, textarea, summary, .button")]
        .filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect())
        .map((box) => Math.min(box.width, box.height))"""
    )

    assert min(sizes) >= 24
    assert sum(size >= 44 for size in sizes) >= 0.7 * len(sizes)


@pytest.mark.parametrize("way", ["the page's button", "the browser's command"])
def test_the_printed_letter_fits_a_window_envelope(
    address: str, open_page: Open, tmp_path: Path, way: str
) -> None:
    """Print preview: one A4 page, the letter alone, the address inside the window of the envelope."""
    page = open_page()
    page.goto(f"{address}?constituency=01-05")
    page.locator("#people .card .primary").first.click()
    page.fill("#personal", "Deux phrases de ma main.")
    page.fill("#signature", "Camille Exemple")
    if way == "the page's button":
        page.evaluate("window.print = () => {}")
        page.click("#way-print")
    file = tmp_path / "letter.pdf"
    page.pdf(path=file, prefer_css_page_size=True)

    layout = subprocess.run(
        ["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    words = [
        (word, float(x) * 25.4 / 72, float(y) * 25.4 / 72)
        for x, y, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)<', layout)
    ]
    block = [(x, y) for word, x, y in words if word in {"CHAVENT", "UNIVERSITE", "75355", "SP"}]
    text = " ".join(word for word, _, _ in words)
    assert layout.count("<page ") == 1
    assert re.search(r'width="59[45]\S* height="84[12]', layout)
    assert len(block) == 4
    assert all(109 <= x <= 190 and 54 <= y <= 79 for x, y in block)
    assert "Deux phrases de ma main." in text
    assert "Chercher" not in text


def test_dark_mode_is_dark(address: str, open_page: Open) -> None:
    """The reader's dark scheme gives light text on a dark ground."""
    page = open_page(color_scheme="dark")

    page.goto(address)

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", ground)) < 60
