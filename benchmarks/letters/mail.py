"""Question: how fast are letters rendered for e-mail, checked, and turned into bytes?

    python benchmarks/letters/mail.py [--sizes 1000 10000 50000]

Goals: text + HTML 700/s and more; the letters of a whole roster (917) built and their e-mails
checked in at most 3 s; cost in proportion from 1 000 to 50 000, memory flat when rendered in turn.
Each size runs in a fresh process; best of three for the roster, once for the large batches. Times
are of the processor (everything here runs on one core), so that other work on the machine counts less.
"""

import argparse
import dataclasses
import datetime as dt
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version

from outreach.bundle import letters_path
from outreach.campaign import Campaign, load_campaign
from outreach.letters.checks import check_letters
from outreach.letters.compose import Recipients, compose, compose_in_turn
from outreach.letters.message import message_bytes, message_id

DAY = dt.date(2026, 11, 23)
SENT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
RUNS = 3


def recipients(campaign: Campaign) -> Recipients:
    """Give every member of the bundled rosters with their figures."""
    from outreach.preparation import match_campaign

    matched = match_campaign(campaign, today=DAY)
    return [
        (member, matched.local.for_recipient(member))
        for roster in matched.rosters
        for member in roster.members
    ]


def roster(campaign: Campaign) -> None:
    """Time one whole roster: rendering, bytes, checks."""
    everybody = recipients(campaign)
    best = {"rendered": 1e9, "bytes": 1e9, "checked by rule": 1e9}
    letters = []
    for _ in range(RUNS):
        start = time.process_time()
        letters = compose(campaign, everybody, today=DAY)
        rendered = time.process_time()
        mailed = [letter for letter in letters if letter.recipient.email]
        for letter in mailed:
            identifier = message_id(letter, "example.org")
            message_bytes(letter, campaign.sender, date=SENT, message_id=identifier)
        built = time.process_time()
        check_letters(letters, campaign)
        done = time.process_time()
        for name, took in zip(
            best, (rendered - start, built - rendered, done - built), strict=True
        ):
            best[name] = min(best[name], took)
    count = len(letters)
    print(
        f"| text + HTML of {count} letters | {best['rendered']:.2f} s | {count / best['rendered']:.0f}/s, goal 700/s |"
    )
    print(
        f"| bytes of {len(mailed)} e-mails, read back | {best['bytes']:.2f} s | {len(mailed) / best['bytes']:.0f}/s |"
    )
    print(f"| both together | {best['rendered'] + best['bytes']:.2f} s | goal 3 s |")
    print(
        f"| 12 rules, every letter compared with every other | {best['checked by rule']:.2f} s | |"
    )


def batch(campaign: Campaign, size: int) -> None:
    """Time a batch rendered in turn, and tell the memory that it added."""
    everybody = recipients(campaign)
    many = [
        (dataclasses.replace(member, official_id=f"X{n}"), local)
        for n, (member, local) in ((n, everybody[n % len(everybody)]) for n in range(size))
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    for _ in compose_in_turn(campaign, many, today=DAY):
        pass
    took = time.process_time() - start
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"| {size} letters in turn, each rendered twice | {took:.1f} s | {2 * size / took:.0f}/s, {added:.0f} MB more |"
    )


def main() -> None:
    """Run every part in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 50_000])
    parser.add_argument("--part", type=int)
    arguments = parser.parse_args()
    campaign = load_campaign(letters_path("solidarite-en-danger"))
    if arguments.part is not None:
        if arguments.part:
            batch(campaign, arguments.part)
        else:
            roster(campaign)
        return
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("jinja2", "markdown-it-py", "css-inline")
    )
    load = os.getloadavg()[0]
    print(
        f"{dt.datetime.now(tz=dt.UTC).date()}, Python {platform.python_version()}, {packages}; load {load:.1f} of {os.cpu_count()}\n"
    )
    print("| | time | rate |\n|---|---|---|", flush=True)
    for part in [0, *arguments.sizes]:
        subprocess.run([sys.executable, __file__, "--part", str(part)], check=True)


if __name__ == "__main__":
    main()
