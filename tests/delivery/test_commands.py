"""plan, send and status from the command line, with the bundled campaign and a real receiver."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update
from tests.delivery.mailroom import Begun, Receiver, Run, code_of, outreach

from outreach.campaign import load_campaign
from outreach.outbox.claims import Scope
from outreach.outbox.contents import frozen_content
from outreach.outbox.ledger import open_ledger
from outreach.outbox.schema import State, letters
from outreach.outbox.standing import standings
from outreach.roster.bundled import load_roster
from outreach.roster.seat import Chamber
from outreach.tracking.incoming import parse

pytestmark = pytest.mark.slow


def test_the_road_from_plan_to_accepted(
    run: Run, campaign: Path, receiver: Receiver, code: str
) -> None:
    """Plan, look, approve, send: each senator with an address gets one letter; status tells all."""
    count = int(code.partition("-")[0])
    dry = run("send", "--campaign", campaign)
    wrong = run("send", "--campaign", campaign, "--confirm", "1-0000")
    before = len(receiver.taken)
    sent = run("send", "--campaign", campaign, "--confirm", code)
    again = run("send", "--campaign", campaign, "--confirm", code)
    status = json.loads(run("status", "--campaign", campaign, "--json").out)

    with open_ledger(campaign / "outbox.sqlite") as ledger, ledger.read() as connection:
        scope = Scope(status["campaign"], 1)
        rows = standings(connection, scope, [State.ACCEPTED])
        frozen = {row.address: frozen_content(connection, row.letter_id) for row in rows}

    assert dict(receiver.taken) == frozen
    assert f"Would send {count} letters" in dry.out
    assert (dry.code, before) == (0, 0)
    assert wrong.code == 1
    assert "not the code of this plan" in wrong.err
    assert sent.code == 0, sent.out + sent.err
    assert again.code == 0
    copies = Counter(address for address, _ in receiver.taken)
    assert len(copies) == count
    assert set(copies.values()) == {1}
    assert status["counts"]["accepted"] == count
    assert sum(status["counts"].values()) == len(status["letters"])


def test_a_refused_address_does_not_stop_the_others(
    run: Run, campaign: Path, receiver: Receiver, code: str
) -> None:
    """One address is refused: the rest leaves, exit code 3, and status names it with the reply."""
    letters = json.loads(run("status", "--campaign", campaign, "--json").out)["letters"]
    victim = next(row for row in letters if row["state"] == "waiting")
    receiver.refused.add(victim["address"])

    sent = run("send", "--campaign", campaign, "--confirm", code)
    status = run("status", "--campaign", campaign)
    history = run("status", "--campaign", campaign, "--recipient", victim["recipient_id"])

    assert sent.code == 3
    assert len(receiver.taken) == int(code.partition("-")[0]) - 1
    assert victim["name"] in status.out
    assert "no such user" in status.out
    assert "refused" in history.out


def test_texts_changed_after_approval_are_noticed(
    run: Run, campaign: Path, receiver: Receiver, code: str
) -> None:
    """The old code refuses and counts; --keep sends the approved version; --replace asks anew."""
    run("send", "--campaign", campaign, "--confirm", code, "--limit", "2")
    letter = campaign / "senator.md"
    letter.write_text(
        letter.read_text(encoding="utf-8") + "\nUne phrase de plus.\n", encoding="utf-8"
    )

    refused = run("send", "--campaign", campaign, "--confirm", code)
    kept = run("send", "--campaign", campaign, "--confirm", code, "--keep", "--limit", "1")
    unasked = run("plan", "--campaign", campaign)
    replaced = run("plan", "--campaign", campaign, "--replace")
    run("send", "--campaign", campaign, "--confirm", code_of(replaced.out), "--limit", "1")

    assert refused.code == 1
    assert "2 letters were accepted" in refused.err
    assert kept.code == 3
    assert unasked.code == 1
    assert "--replace" in unasked.err
    assert len(receiver.taken) == 4
    assert len({address for address, _ in receiver.taken}) == 4


def test_trial_letters_go_to_oneself_only(run: Run, campaign: Path, receiver: Receiver) -> None:
    """Three letters come to me, marked, and no parliamentarian's address stands in them as To."""
    trial = run("send", "--campaign", campaign, "--test-to", "moi@example.org")

    assert trial.code == 0, trial.err
    assert [address for address, _ in receiver.taken] == ["moi@example.org"] * 3
    for _, content in receiver.taken:
        head = content.partition(b"\r\n\r\n")[0]
        assert b"\nTo: moi@example.org" in head.replace(b"\r\n", b"\n")
        assert b"senat.fr" not in head


@pytest.mark.parametrize("chamber", ["assemblee", "senat"])
@pytest.mark.parametrize("written", [str.lower, str.upper])
def test_a_trial_letter_never_goes_to_a_parliamentarian(
    run: Run, begun: Begun, receiver: Receiver, chamber: Chamber, written: Callable[[str], str]
) -> None:
    """Also one of the chamber that this campaign does not write to, in capitals too."""
    member = next(one for one in load_roster(chamber).members if one.email)

    trial = run("send", "--campaign", begun.folder, "--test-to", written(member.email))

    assert trial.code == 1
    assert f"is the address of {member.full_name}" in trial.err
    assert receiver.taken == []


def test_a_trial_letter_never_goes_to_a_recipient_whom_no_list_has(
    run: Run, begun: Begun, receiver: Receiver
) -> None:
    """A seat that changed hands since: the letter's recipient is in the outbox only."""
    row, new = begun.letter("waiting"), "ancien.elu@example.org"
    with open_ledger(begun.folder / "outbox.sqlite") as ledger:
        ledger.transact(
            lambda c: c.execute(
                update(letters).where(letters.c.id == row.letter_id).values(address=new)
            )
        )

    trial = run("send", "--campaign", begun.folder, "--test-to", "Ancien.Elu@example.org")

    assert (trial.code, receiver.taken) == (1, [])
    assert f"is the address of {row.name}" in trial.err


def test_sending_without_a_mailbox_says_what_to_add(run: Run, campaign: Path) -> None:
    """A campaign without [sending] is refused before anything else."""
    toml = campaign / "campaign.toml"
    toml.write_text(toml.read_text(encoding="utf-8").partition("\n[sending]")[0], encoding="utf-8")

    refused = run("send", "--campaign", campaign)

    assert refused.code == 1
    assert "[sending]" in refused.err


def test_a_second_sender_steps_aside_and_ctrl_c_ends_cleanly(
    campaign: Path, receiver: Receiver, code: str
) -> None:
    """While one sends, another exits 75; Ctrl-C lets the first finish its letter and say so."""
    toml = campaign / "campaign.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + "[sending.pace]\nper_minute = 120\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "outreach", "send", "--campaign", str(campaign)]
    with subprocess.Popen(
        [*command, "--confirm", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as first:
        deadline = time.monotonic() + 60
        while not receiver.taken and time.monotonic() < deadline:
            time.sleep(0.05)
        second = outreach("send", "--campaign", campaign, "--confirm", code)
        first.send_signal(signal.SIGINT)
        said, _ = first.communicate(timeout=60)
    status = json.loads(outreach("status", "--campaign", campaign, "--json").stdout)

    assert second.returncode == 75
    assert first.returncode == 3
    assert "wait; the same command goes on" in said
    assert set(status["counts"]) <= {"accepted", "waiting", "held"}
    assert status["counts"]["accepted"] == len(receiver.taken)


def test_an_older_copy_put_back_is_refused(
    run: Run, campaign: Path, receiver: Receiver, tmp_path: Path, code: str
) -> None:
    """After a restore from backup nothing leaves twice: refused, then adopted as doubtful."""
    outbox = campaign / "outbox.sqlite"
    run("send", "--campaign", campaign, "--confirm", code, "--limit", "2")
    shutil.copy(outbox, tmp_path / "backup")
    run("send", "--campaign", campaign, "--confirm", code, "--limit", "3")
    shutil.copy(tmp_path / "backup", outbox)

    refused = run("send", "--campaign", campaign, "--confirm", code)

    assert refused.code == 1
    assert "older copy" in refused.err
    assert len(receiver.taken) == 5


def test_a_reminder_goes_to_the_silent_only_and_answers_the_first_letter(
    run: Run, begun: Begun, receiver: Receiver
) -> None:
    """Of four accepted one has answered: three reminders, each in reply to its first letter."""
    answered, *silent = begun.letters("accepted")
    run(
        "replies", "outcome", answered.recipient_id, "standard reply",
        "--campaign", begun.folder,
    )  # fmt: skip
    toml = begun.folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8").replace("wave = 1 ", "wave = 2 ")
    toml.write_text(text, encoding="utf-8")

    planned = run("plan", "--campaign", begun.folder)
    code = code_of(planned.out)
    sent = run("send", "--campaign", begun.folder, "--confirm", code)

    assert "No reminder for 1: has answered." in planned.out
    assert "the letter of wave 1 is uncertain" in planned.out
    assert code.startswith("3-")
    assert sent.code == 0, sent.out + sent.err
    first = {row.address: row.message_id for row in silent}
    assert {address for address, _ in receiver.taken} == set(first)
    for address, content in receiver.taken:
        message = parse(content)
        assert message["In-Reply-To"] == message["References"] == first[address]
        assert message["Message-ID"] != first[address]


def test_who_answers_after_the_plan_gets_no_reminder(
    run: Run, begun: Begun, receiver: Receiver
) -> None:
    """Told before the send, or found in the ledger at its start: held, and the others leave."""
    told, found, *silent = begun.letters("accepted")
    toml = begun.folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8").replace("wave = 1 ", "wave = 2 ")
    toml.write_text(text, encoding="utf-8")
    code = code_of(run("plan", "--campaign", begun.folder).out)
    answered = update(letters).where(letters.c.message_id == found.message_id)

    run("replies", "outcome", told.recipient_id, "supports", "--campaign", begun.folder)
    with open_ledger(begun.folder / "outbox.sqlite") as ledger:
        ledger.transact(lambda c: c.execute(answered.values(answered_at=found.changed_at)))
    sent = run("send", "--campaign", begun.folder, "--confirm", code)
    status = run("status", "--campaign", begun.folder, "--all")

    assert sent.code == 0, sent.out + sent.err
    assert {address for address, _ in receiver.taken} == {row.address for row in silent}
    assert status.out.count("no reminder: has answered") == 2


def test_a_reminder_asks_what_the_outbox_says_was_asked(run: Run, begun: Begun) -> None:
    """Not what a draw gives today: the list of seats may have changed since the first letter."""
    silent = begun.letters("accepted")
    place, uid = begun.folder / "outbox.sqlite", load_campaign(begun.folder).uid
    wanted = {
        row.recipient_id: name for row, name in zip(silent, cycle(("defend", "vote")), strict=False)
    }

    def write(connection: Connection) -> None:
        for who, name in wanted.items():
            connection.execute(
                update(letters)
                .where(letters.c.recipient_id == who)
                .values(choices=json.dumps({"request": name}))
            )

    with open_ledger(place) as ledger:
        ledger.transact(write)
    toml = begun.folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8").replace("wave = 1 ", "wave = 2 ")
    toml.write_text(text, encoding="utf-8")

    planned = run("plan", "--campaign", begun.folder)
    shown = run("preview", silent[0].recipient_id, "--campaign", begun.folder)

    assert planned.code == 0, planned.err
    with open_ledger(place) as ledger, ledger.read() as connection:
        rows = connection.execute(
            select(letters.c.recipient_id, letters.c.choices).where(
                letters.c.campaign_uid == uid, letters.c.wave == 2
            )
        ).all()
    asked = {who: json.loads(drawn)["request"] for who, drawn in rows}
    assert asked == wanted
    assert f"request: {wanted[silent[0].recipient_id]}" in shown.out


def test_the_mailbox_shown_in_a_new_campaign_is_a_valid_one(run: Run, tmp_path: Path) -> None:
    """Without its comment signs the example at the end of campaign.toml is read as it stands."""
    folder = tmp_path / "nouvelle"
    run("new", folder)
    toml = folder / "campaign.toml"
    text, mark, example = toml.read_text(encoding="utf-8").partition("# [sending]\n")
    assert mark
    lines = (mark + example).splitlines()
    uncommented = "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)
    toml.write_text(text + uncommented + "\n", encoding="utf-8")

    sending = load_campaign(folder).sending

    assert sending is not None
    assert (sending.used_port, sending.pace.per_hour, sending.pace.working_days) == (587, 200, True)


def test_when_tells_each_day_in_the_campaigns_own_time(run: Run, begun: Begun) -> None:
    """Every waiting letter is counted once, on a working day, within office hours of Paris."""
    toml = begun.folder / "campaign.toml"
    pace = (
        "[sending.pace]\nper_hour = 20\nworking_days = true\n"
        "from_time = 09:00:00\nto_time = 17:30:00\n"
    )
    toml.write_text(toml.read_text(encoding="utf-8") + pace, encoding="utf-8")

    shown = run("send", "--when", "--campaign", begun.folder)

    days = re.findall(
        r"^  (\w{3}) [0-9-]{10} +(\d+)  (\d\d:\d\d) to (\d\d:\d\d)$", shown.out, re.MULTILINE
    )
    assert shown.code == 0
    assert sum(int(count) for _, count, _, _ in days) == len(begun.letters("waiting"))
    assert len(days) >= 2
    assert not {name for name, _, _, _ in days} & {"Sat", "Sun"}
    assert all("09:00" <= first <= last < "17:30" for _, _, first, last in days)
    assert "(Europe/Paris)." in shown.out


def test_when_knows_the_pace_of_the_recipients_domain(run: Run, begun: Begun) -> None:
    """So many an hour to one domain: the last letter leaves hours after the first."""
    toml = begun.folder / "campaign.toml"
    pace = '[sending.pace]\nper_domain_hour = { "senat.fr" = 5 }\n'
    toml.write_text(toml.read_text(encoding="utf-8") + pace, encoding="utf-8")

    shown = run("send", "--when", "--campaign", begun.folder)

    days = re.findall(r"^  \w{3} [0-9-]{10} +(\d+)  ", shown.out, re.MULTILINE)
    assert sum(map(int, days)) == len(begun.letters("waiting"))
    assert len(days) >= 2
    assert max(map(int, days)) <= 24 * 5 + 5
