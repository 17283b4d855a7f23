"""`outreach doctor`: everything to look at before the first letter leaves."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.campaign_outbox import (
    at_folder,
    campaign_option,
    check_own_names,
    mailbox,
    open_campaign,
    open_outbox,
    to_leave,
    utc_now,
)

if TYPE_CHECKING:
    from outreach.campaign import Campaign
    from outreach.delivery.domain_checks import Finding
    from outreach.outbox.claims import Scope

_SAMPLE = 50
_TOO_ALIKE = 0.95


@click.command()
@campaign_option
@click.option("--offline", is_flag=True, help="Neither the mailbox nor the DNS.")
def doctor(folder: Path, offline: bool) -> None:
    """Check the mailbox, the From domain, the lists and the frozen letters. Sends nothing.

    Exit codes: 0 fit to send, 1 not yet.

    \b
    Example:
      outreach doctor --campaign my-campaign
    """
    from outreach.delivery.connection import connector
    from outreach.delivery.domain_checks import Finding, check_domain
    from outreach.delivery.mailbox_checks import check_mailbox
    from outreach.errors import OutreachError

    campaign, scope = open_campaign(folder)
    sending = mailbox(campaign)
    findings = [*_names(campaign), *_lists(campaign), *_letters(campaign, scope)]
    if offline:
        findings.append(Finding("mailbox and DNS", "not checked", "--offline"))
    else:
        largest = _largest(campaign, scope)
        try:
            findings += check_mailbox(connector(sending)(), largest)
        except OutreachError as error:
            findings.append(Finding("login", "fault", error.message))
        findings += check_domain(campaign.sender.email.rpartition("@")[2])
    for finding in findings:
        click.echo(f"{finding.verdict:>11}  {finding.what}: {finding.said}")
    if any(finding.verdict == "fault" for finding in findings):
        click.echo("Not fit to send yet.")
        sys.exit(1)
    click.echo(f"Next: outreach send{at_folder(folder)} --test-to YOUR-ADDRESS")


def _names(campaign: "Campaign") -> "list[Finding]":
    from outreach.delivery.domain_checks import Finding
    from outreach.errors import InputError

    try:
        check_own_names(campaign)
    except InputError as error:
        return [Finding("names", "fault", f"the example's, not yours: {'; '.join(error.problems)}")]
    return []


def _lists(campaign: "Campaign") -> "list[Finding]":
    from outreach.delivery.domain_checks import Finding
    from outreach.roster.age import age_warning
    from outreach.roster.bundled import load_roster

    findings = []
    for chamber in campaign.chambers:
        roster = load_roster(chamber, getattr(campaign.rosters, chamber))
        warning = age_warning(roster, utc_now().date())
        findings.append(
            Finding(
                f"list {chamber}", "warning" if warning else "ok", warning or f"of {roster.as_of}"
            )
        )
    return findings


def _letters(campaign: "Campaign", scope: "Scope") -> "list[Finding]":
    from outreach.delivery.domain_checks import Finding
    from outreach.errors import OutreachError
    from outreach.outbox.contents import frozen_content
    from outreach.outbox.copies import check_newest
    from outreach.outbox.message import similarity
    from outreach.outbox.schema import State
    from outreach.outbox.standing import counts, standings
    from outreach.tracking.incoming import parse

    findings = []
    try:
        with open_outbox(campaign) as ledger:
            check_newest(ledger)
            with ledger.read() as connection:
                found = counts(connection, scope)
                rows, opted_out = to_leave(connection, campaign, scope)
                step = max(1, len(rows) // _SAMPLE)
                mails = [parse(frozen_content(connection, row.letter_id)) for row in rows[::step]]
                held = standings(connection, scope, [State.HELD])
    except OutreachError as error:
        return [Finding("outbox", "fault", str(error))]
    said = ", ".join(f"{count} {state}" for state, count in found.items())
    findings.append(Finding("outbox", "ok" if rows else "fault", said or "nothing is planned"))
    suppressed = len(opted_out) + sum(row.reason.startswith("on the suppression") for row in held)
    missing = sum(row.reason.startswith("no e-mail") for row in held)
    findings.append(
        Finding("recipients", "ok", f"{suppressed} suppressed, {missing} without an address")
    )
    bodies = [mail.get_body(("plain",)) for mail in mails]
    alike = similarity([str(body.get_content()) for body in bodies if body is not None])
    findings.append(
        Finding(
            "letters",
            "warning" if alike > _TOO_ALIKE else "ok",
            f"{100 * alike:.0f} % of a letter's words are in all of them; offices discard "
            "identical letters",
        )
    )
    return findings


def _largest(campaign: "Campaign", scope: "Scope") -> int:
    from outreach.errors import OutreachError
    from outreach.outbox.contents import largest_content

    try:
        with open_outbox(campaign) as ledger, ledger.read() as connection:
            return largest_content(connection, scope.campaign_uid)
    except OutreachError:
        return 0
