"""The built site of the bundled campaign, a browser to open it, and Node to run its scripts."""

import dataclasses
import datetime as dt
import fcntl
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.page.build import SiteSource, build_site
from outreach.page.serving import open_server
from outreach.preparation import match_campaign

TODAY = dt.date(2026, 11, 23)
LOOKUPS = Path(__file__).with_name("run_scripts.mjs")


@pytest.fixture(scope="session")
def source() -> SiteSource:
    """The bundled campaign, matched."""
    campaign = load_campaign(letters_path("solidarite-en-danger"))
    found = match_campaign(campaign, today=TODAY)
    return SiteSource(campaign, found.geography, found.rosters, found.table, found.local)


@pytest.fixture(scope="session")
def site(source: SiteSource, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the bundled campaign, built once for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    # pytest-xdist gives each worker a folder inside the one of the run.
    run = base.parent if base.name.startswith("popen-") else base
    folder = run / "page-site"
    with (run / "page-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            build_site(source, folder, today=TODAY)
    return folder


@pytest.fixture(scope="session")
def small(source: SiteSource) -> SiteSource:
    """The same campaign for the Ain only: quick to build again with something wrong in it."""
    rosters = tuple(
        dataclasses.replace(
            roster,
            members=tuple(one for one in roster.members if one.department_code == "01"),
            vacancies=(),
        )
        for roster in source.rosters
    )
    return dataclasses.replace(source, rosters=rosters)


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve folders on loopback ports: folder → address."""
    servers = []

    def start(folder: Path) -> str:
        server = open_server(folder, 0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def address(site: Path, serve: Callable[[Path], str]) -> str:
    """The served site of the bundled campaign."""
    return serve(site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        # CI runs as root, where Chromium's own sandbox cannot.
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages in a fresh profile; unless not strict, a script error or a lost file is a failure."""
    contexts = []
    faults: list[str] = []

    def start(*, strict: bool = True, **options: Any) -> Page:
        context = browser.new_context(locale="fr-FR", **options)
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        if strict:
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on(
                "console",
                lambda said: (
                    faults.append(said.text) if said.type in ("error", "warning") else None
                ),
            )
        return page

    yield start
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def node() -> str:
    """Node, as installed or as playwright carries it."""
    found = shutil.which("node")
    if found is None:
        from playwright._impl._driver import compute_driver_executable

        found = str(compute_driver_executable()[0])
    return found


@pytest.fixture(scope="session")
def run_scripts(node: str) -> Callable[[Path, dict[str, Any]], Any]:
    """Run the page's own scripts in Node on a built site: (site, question) → answer."""

    def run(folder: Path, question: dict[str, Any]) -> Any:
        done = subprocess.run(
            [node, str(LOOKUPS), str(folder)],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
