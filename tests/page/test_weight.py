"""What a visit loads, compressed as a host would: the budgets are part of the promise."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.slow
Open = Callable[..., Page]
_BEFORE, _AFTER, _SITE = 150_000, 250_000, 15_000_000


def weigh(site: Path, address: str, urls: list[str]) -> int:
    """Bytes of these files of the site, each gzipped as a host would; each once."""
    files = {re.sub(r"\?.*", "", url.removeprefix(address)) or "index.html" for url in urls}
    return sum(len(gzip.compress((site / name).read_bytes(), 6)) for name in files)


def answer_until_people_show(page: Page) -> None:
    """Take the first answer of each question, however long the page takes to ask the next."""
    answered = ""
    for _ in range(600):
        if page.locator("#people:not([hidden]) .card .primary").count():
            return
        question = page.locator("#question:not([hidden])")
        if question.locator(".choice").count() and (asked := question.inner_text()) != answered:
            answered = asked
            question.locator(".choice").first.click()
        page.wait_for_timeout(50)


def test_the_whole_site_is_under_its_budget(site: Path) -> None:
    """Every file together, uncompressed, is under 15 MB: it fits any host and any stick."""
    assert sum(file.stat().st_size for file in site.rglob("*") if file.is_file()) < _SITE


@pytest.mark.parametrize(
    "typed", ["Saint-Étienne", "75011", "Marseile", "Kyon", "Berlin", "Nantua"]
)
def test_a_first_visit_is_light(site: Path, address: str, open_page: Open, typed: str) -> None:
    """Before the lookup under 150 kB, after it and with the letter on the screen under 250 kB."""
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("#find:not([hidden])")
    before = weigh(site, address, asked)

    page.fill("#typed", typed)
    page.press("#typed", "Enter")
    answer_until_people_show(page)
    page.locator("#people .card .primary").first.click()
    page.wait_for_selector("#letter:not([hidden])")

    assert before < _BEFORE
    assert weigh(site, address, asked) < _AFTER
