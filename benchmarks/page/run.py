"""Question: how heavy and how fast is the page where citizens write?

Goals: under 150 kB compressed before the lookup and 250 kB after it; ready to type in under 1.5 s
on a throttled phone; a lookup under 50 ms; the whole site under 15 MB. Min of 7 for times.

The phone: 4 times slower than this machine, 1.6 Mbit/s down, 150 ms of latency (Lighthouse's
"slow 4G"), and a host that compresses. Chromium draws, the site is served on loopback.
"""

import datetime as dt
import functools
import gzip
import http.server
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.page.build import SiteSource, build_site
from outreach.preparation import match_campaign

RUNS = 7
SCRIPTS = Path(__file__).parents[2] / "tests" / "page" / "run_scripts.mjs"
TYPED = ("Lyon", "Saint-Étienne", "Marseile", "Kyon", "Bourg en Brese", "Nantua")


class Compressing(http.server.SimpleHTTPRequestHandler):
    """A host that compresses, and counts what it sends."""

    sent = 0
    kept: dict[str, bytes] = {}  # noqa: RUF012 - one table for all requests, on purpose

    def do_GET(self) -> None:
        """Send a file compressed, as nginx or Apache do."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = self.kept.setdefault(str(path), gzip.compress(path.read_bytes(), 6))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        type(self).sent += len(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing for each file."""


def visit(browser: Browser, address: str, typed: str) -> tuple[int, int, float, float]:
    """Give bytes before and after a lookup, ms until one can type, ms from Enter to the answer."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 150,
            "downloadThroughput": 200_000,
            "uploadThroughput": 93_750,
        },
    )
    Compressing.sent = 0
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#find:not([hidden])")
    page.focus("#typed")
    ready = time.perf_counter() - start
    page.wait_for_load_state()
    before = Compressing.sent
    page.fill("#typed", typed)
    start = time.perf_counter()
    page.press("#typed", "Enter")
    page.wait_for_selector("#question:not([hidden]), #people:not([hidden])")
    answered = time.perf_counter() - start
    if page.locator("#people .card .primary").count():
        page.locator("#people .card .primary").first.click()
        page.wait_for_selector("#letter:not([hidden])")
    page.wait_for_timeout(500)
    after = Compressing.sent
    context.close()
    return before, after, ready * 1000, answered * 1000


def lookups(site: Path) -> dict[str, float]:
    """Give the least ms of each lookup in Node, its files being there."""
    node = shutil.which("node") or "node"
    question = json.dumps({"timed": [text for text in TYPED for _ in range(RUNS)]})
    done = subprocess.run(
        [node, str(SCRIPTS), str(site)], input=question, capture_output=True, text=True, check=True
    )
    times = json.loads(done.stdout)
    return {text: min(times[n * RUNS : (n + 1) * RUNS]) for n, text in enumerate(TYPED)}


def main() -> None:
    """Build the bundled campaign's page and print its weights and times."""
    print(f"Python {sys.version.split()[0]}, playwright {version('playwright')}")
    today = dt.date(2026, 11, 23)
    campaign = load_campaign(letters_path("solidarite-en-danger"))
    found = match_campaign(campaign, today=today)
    source = SiteSource(campaign, found.geography, found.rosters, found.table, found.local)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        start = time.perf_counter()
        built = build_site(source, site, today=today)
        print(
            f"build                 {time.perf_counter() - start:8.1f} s, {built.files} files, "
            f"{built.size / 1e6:.1f} MB"
        )
        handler = functools.partial(Compressing, directory=str(site))
        with (
            http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
            sync_playwright() as tools,
        ):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            browser = tools.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            address = f"http://127.0.0.1:{server.server_address[1]}/"
            print(
                "first visit          before    after   ready to type   Enter to answer (throttled)"
            )
            for typed in TYPED:
                visits = [visit(browser, address, typed) for _ in range(RUNS)]
                before, after = visits[0][0], visits[0][1]
                ready = [one[2] for one in visits]
                answer = [one[3] for one in visits]
                print(
                    f"{typed:<18} {before / 1000:6.0f} kB {after / 1000:6.0f} kB "
                    f"{min(ready):6.0f} ms (median {statistics.median(ready):.0f}) "
                    f"{min(answer):6.0f} ms"
                )
            browser.close()
            server.shutdown()
        for text, least in lookups(site).items():
            print(f"lookup {text:<18} {least:8.2f} ms")


if __name__ == "__main__":
    main()
