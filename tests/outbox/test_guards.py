"""Lock, witness, place and suppression list: what stands around the ledger."""

import datetime as dt
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from outreach.errors import InputError, OutboxBusyError, OutreachError
from outreach.outbox.addresses import address_key, envelope_address
from outreach.outbox.copies import adopt
from outreach.outbox.history import record_event
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.lock import sole_copy, sole_sender
from outreach.outbox.places import check_place
from outreach.outbox.schema import events
from outreach.outbox.suppression import (
    Suppression,
    add_suppression,
    read_suppressions,
    suppression_path,
)
from outreach.outbox.witness import Seen, Witness


def test_a_second_process_steps_aside(tmp_path: Path) -> None:
    """While one process sends, another is told that the outbox is busy (exit 75)."""
    program = (
        "import sys, pathlib; from outreach.outbox.lock import sole_sender\n"
        "with sole_sender(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    outbox = tmp_path / "outbox.sqlite"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(outbox)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(OutboxBusyError) as refusal, sole_sender(outbox):
            pass
        holder.kill()

    assert refusal.value.exit_code == 75
    with sole_sender(outbox):  # the system ended the lock with the process
        pass


def copied(tmp_path: Path) -> tuple[Ledger, Ledger]:
    """One ledger and a copy of its file, both open on this computer."""
    first, second = tmp_path / "a" / "outbox.sqlite", tmp_path / "b" / "outbox.sqlite"
    with open_ledger(first, create=True, witness_folder=tmp_path / "witness") as ledger:
        ledger.transact(partial(record_event, at="2026-11-23T08:00:00.000000Z", state="test"))
    second.parent.mkdir()
    shutil.copy(first, second)
    witness = tmp_path / "witness"
    return open_ledger(first, witness_folder=witness), open_ledger(second, witness_folder=witness)


def test_of_two_copies_of_an_outbox_one_writes(tmp_path: Path) -> None:
    """Whatever lock is missing, the copy that comes later stops before it changes anything."""
    ours, other = copied(tmp_path)
    write = partial(record_event, at="2026-11-23T08:00:00.000000Z", state="test")

    with ours, other:
        ours.transact(write)
        with pytest.raises(OutreachError, match="another copy"):
            other.transact(write)
        ours.transact(write)
        with other.read() as connection:
            assert connection.execute(select(func.count()).select_from(events)).scalar_one() == 1
        adopt(other, doubtful=True, now=dt.datetime.now(dt.UTC))
        with pytest.raises(OutreachError, match="another copy"):
            ours.transact(write)


def test_one_copy_of_an_outbox_sends_at_a_time(tmp_path: Path) -> None:
    """The second folder of the same campaign steps aside (exit 75) until the first has finished."""
    ours, other = copied(tmp_path)

    with ours, other:
        with (
            sole_copy(ours),
            pytest.raises(OutboxBusyError, match="another copy"),
            sole_copy(other),
        ):
            pass
        with sole_copy(other):
            pass


def test_the_witness_remembers_across_processes(tmp_path: Path) -> None:
    """What one run noted, the next reads; nothing noted is None."""
    witness = Witness("uid", tmp_path)
    before = witness.read()
    witness.note(41, "aa" * 8)
    witness.note(42, "bb" * 8)
    witness.close()

    assert before is None
    assert Witness("uid", tmp_path).read() == Seen(42, "bb" * 8)


def test_an_unreadable_witness_is_not_taken_for_none(tmp_path: Path) -> None:
    """A damaged witness makes the sender refuse, not trust."""
    (tmp_path / "uid.txt").write_bytes(b"\xff\x00")

    seen = Witness("uid", tmp_path).read()

    assert seen is not None
    assert seen.event > 10**15


@pytest.mark.parametrize(
    "name",
    ["OneDrive - Association", "Dropbox", "Dropbox (Personnel)", "Nextcloud", "Google Drive"],
)
def test_sync_folders_are_refused(tmp_path: Path, name: str) -> None:
    """A folder of a known synchronising service is refused by name, at any depth."""
    folder = tmp_path / name / "campagnes" / "2026"
    folder.mkdir(parents=True)

    with pytest.raises(OutreachError, match="synchronises"):
        check_place(folder, mounts=[])


def test_the_remedies_of_a_refused_folder_can_be_written(tmp_path: Path) -> None:
    """The settings that the refusal names are fields of campaign.toml, where it says."""
    from outreach.campaign import Campaign
    from outreach.sending import Sending

    with pytest.raises(OutreachError) as refusal:
        check_place(tmp_path / "Dropbox" / "campagne", mounts=[])

    named = re.findall(r"(\[sending\] )?(\w+) = \"", refusal.value.message)
    assert [table for table, _ in named] == ["", "[sending] "]
    for table, field in named:
        assert field in (Sending if table else Campaign).model_fields


def test_a_folder_marked_by_its_service_is_refused(tmp_path: Path) -> None:
    """A synchronised folder with another name is known by the service's own files."""
    (tmp_path / ".stfolder").mkdir()

    with pytest.raises(OutreachError, match="Syncthing"):
        check_place(tmp_path / "campagne", mounts=[])


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_network_file_systems_are_refused(tmp_path: Path, kind: str) -> None:
    """The mount that holds the folder counts, not the ones around it."""
    mounts = [("/", "ext4"), (str(tmp_path), kind), (str(tmp_path / "local"), "ext4")]

    with pytest.raises(OutreachError, match="network"):
        check_place(tmp_path / "campagne", mounts=mounts)
    check_place(tmp_path / "local" / "campagne", mounts=mounts)


def test_an_ordinary_folder_is_fine(tmp_path: Path) -> None:
    """This computer's own disk is where outboxes live."""
    check_place(tmp_path)


def test_the_suppression_list_is_kept_and_read_back(tmp_path: Path) -> None:
    """An entry is found by address in any case, by person, and is not added twice."""
    path = suppression_path(str(tmp_path / "liste.csv"))
    entry = Suppression("Une.Deputee@example.org", "PA1", "=cmd", "a demandé", dt.date(2026, 3, 1))

    added = [add_suppression(path, entry), add_suppression(path, entry)]
    found = read_suppressions(path)

    assert added == [True, False]
    assert found.entries == (entry,)
    assert found.reason("", "une.deputee@EXAMPLE.org").endswith("a demandé")
    assert found.reason("PA1", "") != ""
    assert found.reason("PA2", "autre@example.org") == ""


def test_no_list_yet_suppresses_nobody(tmp_path: Path) -> None:
    """Before the first opt-out there is no file."""
    assert read_suppressions(tmp_path / "none.csv").reason("PA1", "a@example.org") == ""


def test_a_faulty_list_stops_everything(tmp_path: Path) -> None:
    """Every faulty row is named with its line; nobody is written to by mistake."""
    path = tmp_path / "liste.csv"
    path.write_text(
        "address;official_id;name;reason;date\n"
        "a@example.org;;;x;2026-01-01\n"
        ";;;x;2026-01-01\n"
        "b@example.org;;;x;hier\n",
        encoding="utf-8",
    )

    with pytest.raises(InputError) as refusal:
        read_suppressions(path)

    assert [line.split(":")[0].rpartition(", ")[2] for line in refusal.value.problems] == [
        "row 3",
        "row 4",
    ]


@pytest.mark.parametrize(
    ("address", "official_id"),
    [
        ("Camille Exemple <Depute1@example.org>", ""),
        ("<depute1@example.org>", ""),
        ("mailto:depute1@example.org", ""),
        ("<MAILTO:depute1@example.org?subject=Bonjour>", ""),
        (" depute1@EXAMPLE.org ", ""),
        ("", "pa000001"),
        ("", " PA000001\u00a0"),
    ],
)
def test_rows_written_by_hand_mean_whom_they_say(
    tmp_path: Path, address: str, official_id: str
) -> None:
    """A name around the address, a link copied from a page, an id in lower case: understood."""
    path = tmp_path / "liste.csv"
    path.write_text(
        f"address;official_id;name;reason;date\n{address};{official_id};;x;2026-01-01\n",
        encoding="utf-8",
    )

    listed = read_suppressions(path)

    assert listed.reason("PA000001", "depute1@example.org")
    assert not listed.reason("PA000002", "depute2@example.org")


@pytest.mark.parametrize(
    ("address", "official_id", "said"),
    [
        ("Camille Exemple", "", "An email address must have an @-sign"),
        ("PA000001", "", "an official id goes into its own column"),
        ("a@example.org, b@example.org", "", "one address a row"),
        ("Camille <a@example.org> <b@example.org>", "", "one address a row"),
        ("a\u200b@example.org", "", "invisible character"),
        ("", "Camille Exemple", '"Camille Exemple" is no official id'),
        ("", "PA000001 PA000002", "is no official id"),
        ("", "a@example.org", "is no official id"),
        ("", "8056B", "is no official id"),
        ("a@example.org", "Camille", "is no official id"),
    ],
)
def test_a_row_that_can_mean_nobody_is_refused(
    tmp_path: Path, address: str, official_id: str, said: str
) -> None:
    """It would protect nobody without a word: the row and the remedy are named."""
    path = tmp_path / "liste.csv"
    path.write_text(
        f"address;official_id;name;reason;date\n{address};{official_id};;x;2026-01-01\n",
        encoding="utf-8",
    )

    with pytest.raises(InputError) as refusal:
        read_suppressions(path)

    [problem] = refusal.value.problems
    assert problem.startswith(f"{path}, row 2: ")
    assert said in problem
    assert problem.endswith("; correct or remove the row.")


@pytest.mark.parametrize(
    ("given", "ascii_form"),
    [
        ("jeanne.exemple@assemblee-nationale.fr", "jeanne.exemple@assemblee-nationale.fr"),
        ("contact@députée.fr", "contact@xn--dpute-bsad.fr"),
    ],
)
def test_addresses_get_their_ascii_form(given: str, ascii_form: str) -> None:
    """An international domain goes by IDNA."""
    assert envelope_address(given) == ascii_form


@pytest.mark.parametrize(
    "given",
    [
        "",
        "élodie@example.org",
        "a@b@c",
        "x@example.org\nBcc: y@example.org",
        "a\u202eb@example.org",
        "a b@example.org",
    ],
)
def test_addresses_that_cannot_be_sent_to_are_refused(given: str) -> None:
    """Empty, accented before the @, doubled, with a line break or an invisible character."""
    with pytest.raises(InputError, match="address"):
        envelope_address(given)


def test_one_mailbox_has_one_key() -> None:
    """Case does not make two mailboxes of one."""
    assert address_key("A.B@Example.ORG") == address_key("a.b@example.org")
