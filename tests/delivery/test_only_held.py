"""`outreach export … --only held`: whom no e-mail reaches, from a send and what came back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.delivery.mailroom import Receiver, Run

pytestmark = pytest.mark.slow

REPORT = """\
From: MAILER-DAEMON@mx.example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{recipient_id}@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {status} said the server

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}

--b--
"""


def standing(run: Run, campaign: Path) -> list[dict[str, Any]]:
    """Give the letters as `outreach status --json` tells them."""
    told = json.loads(run("status", "--campaign", campaign, "--json").out)
    letters: list[dict[str, Any]] = told["letters"]
    return letters


def exported(run: Run, campaign: Path, *only: str) -> set[str]:
    """Give the official ids that an export takes."""
    file = campaign.parent / "recipients.csv"
    words = [word for one in only for word in ("--only", one)]
    shown = run("export", "csv", "--campaign", campaign, "-o", file, *words)
    assert shown.code == 0, shown.err
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return {row["official_id"] for row in csv.DictReader(rows, delimiter=";")}


def test_paper_goes_to_those_whom_no_mail_reaches_and_to_nobody_else(
    run: Run, campaign: Path, receiver: Receiver, code: str, tmp_path: Path
) -> None:
    """Without an address, refused, bounced for good: a PDF. Doubt, full box, opt-out: none."""
    before = standing(run, campaign)
    without = {row["recipient_id"] for row in before if not row["address"]}
    refused, gone, full, unwilling, doubtful, fine = [
        row for row in before if row["state"] == "waiting"
    ][:6]
    receiver.refused.add(refused["address"])
    receiver.unclear.add(doubtful["address"])
    run("send", "--campaign", campaign, "--confirm", code, "--limit", "6")
    box = tmp_path / "came-back"
    box.mkdir()
    for row, status in ((gone, "5.1.1"), (full, "4.2.2"), (unwilling, "5.1.1")):
        report = REPORT.format(status=status, **row)
        (box / f"{row['recipient_id']}.eml").write_text(report, encoding="utf-8")
    read = run("replies", "read", "--campaign", campaign, box)
    run("optout", "--campaign", campaign, unwilling["recipient_id"])
    after = {row["recipient_id"]: row["state"] for row in standing(run, campaign)}

    pdf = run("export", "pdf", "--campaign", campaign, "-o", tmp_path / "pdf", "--only", "held")
    files = [path.name for path in (tmp_path / "pdf").glob("*.pdf")]

    assert read.code == 0, read.err
    named = (refused, gone, full, unwilling, doubtful, fine)
    assert [after[row["recipient_id"]] for row in named] == [
        "refused", "bounced", "bounced", "bounced", "uncertain", "accepted",
    ]  # fmt: skip
    expected = without | {refused["recipient_id"], gone["recipient_id"]}
    assert exported(run, campaign, "held") == expected
    assert pdf.code == 0, pdf.err
    assert len(files) == len(expected)
    assert all(any(one.lower() in name for name in files) for one in expected)
    assert full["name"] in pdf.err
    assert "on the suppression list" in pdf.err


def test_no_export_writes_to_who_is_suppressed(run: Run, campaign: Path) -> None:
    """The list is honoured by name of person and by address, whatever --only says."""
    first, second = [row for row in standing(run, campaign) if row["address"]][:2]
    run("optout", first["recipient_id"])
    run("optout", second["address"])

    alone = run(
        "export", "csv", "--campaign", campaign, "-o", campaign / "x.csv",
        "--only", first["recipient_id"],
    )  # fmt: skip
    shown = run("preview", first["recipient_id"], "--campaign", campaign)

    assert not {first["recipient_id"], second["recipient_id"]} & exported(run, campaign)
    assert alone.code == 1
    assert "on the suppression list since" in alone.err
    assert shown.code == 0, shown.err


@pytest.fixture
def unplanned(campaign: Path) -> Path:
    """A campaign before its first plan."""
    (campaign / "outbox.sqlite").unlink()
    return campaign


def test_before_the_first_plan_held_means_without_an_address(run: Run, unplanned: Path) -> None:
    """Until letters are planned the lists alone say who has no e-mail address."""
    held, everybody = exported(run, unplanned, "held"), exported(run, unplanned)

    assert 0 < len(held) < len(everybody)
    assert not (unplanned / "outbox.sqlite").exists()
