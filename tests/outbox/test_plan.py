"""Planning: freezing letters, comparing with what was frozen, approving."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from outreach.errors import OutreachError
from outreach.outbox.approval import approve
from outreach.outbox.claims import (
    Outcome,
    Scope,
    claim,
    commit_to_send,
    record_outcome,
)
from outreach.outbox.contents import SHARED_BOUNDARY, frozen_content
from outreach.outbox.ledger import Ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import Planned, hold_suppressed, plan_letters
from outreach.outbox.resolve import cancel
from outreach.outbox.schema import State, letters, tails
from outreach.outbox.standing import counts, for_paper
from outreach.outbox.suppression import Suppression, SuppressionList

Make = Callable[..., FrozenMessage]
NOBODY = SuppressionList(())


def freeze(
    ledger: Ledger,
    scope: Scope,
    messages: list[FrozenMessage],
    now: dt.datetime,
    *,
    replace: bool = False,
    suppressions: SuppressionList = NOBODY,
) -> Planned:
    planned = plan_letters(
        ledger,
        scope,
        messages,
        campaign_name="Essai",
        suppressions=suppressions,
        now=now,
        replace=replace,
    )
    approve(ledger, scope, planned.code, now=now)
    return planned


def send_one(ledger: Ledger, scope: Scope, now: dt.datetime, state: State = State.ACCEPTED) -> None:
    taken = ledger.transact(lambda c: claim(c, scope, owner="a", now=now))
    assert taken is not None
    ledger.transact(lambda c: commit_to_send(c, taken, now=now))
    ledger.transact(lambda c: record_outcome(c, taken, Outcome(state, 250), now=now))


def test_the_code_counts_the_letters_and_stands_for_their_bytes(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """The count is in the code; the same letters give the same code, one other byte another."""
    first = plan(3)
    again = plan(3)
    changed = freeze(
        ledger,
        scope,
        [make_message(1), make_message(2), make_message(3, text="Bonsoir.")],
        now,
        replace=True,
    )

    assert first.code.startswith("3-")
    assert again.code == first.code
    assert changed.code.startswith("3-")
    assert changed.code != first.code
    assert (again.unchanged, changed.replaced, changed.unchanged) == (3, 1, 2)


def test_without_an_address_on_the_list_or_at_a_shared_address_is_held(
    ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """Whoever cannot or must not be written to is held with the reason, the others go."""
    messages = [
        make_message(1),
        make_message(2, address=""),
        make_message(3),
        make_message(4, address="depute1@example.org"),
        make_message(5, held="its address is in another domain"),
    ]
    list_ = SuppressionList(
        [Suppression("DEPUTE3@example.org", "", "", "asked by phone", dt.date(2026, 1, 2))]
    )

    planned = freeze(ledger, scope, messages, now, suppressions=list_)

    assert planned.sendable == 1
    assert {one.recipient_id: one.reason for one in planned.held} == {
        "PA000002": "no e-mail address is published",
        "PA000003": "on the suppression list since 2026-01-02: asked by phone",
        "PA000004": "the same address as Camille Exemple 1: a person decides who is written to",
        "PA000005": "its address is in another domain",
    }
    with ledger.read() as connection:
        paper = for_paper(connection, scope)
    assert set(paper) == {"PA000002", "PA000004", "PA000005"}


def test_changed_letters_are_refused_with_the_counts(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """After a part was sent, a changed template is noticed and nothing is touched."""
    plan(4)
    send_one(ledger, scope, now)
    changed = [make_message(number, text="Version 2.") for number in range(1, 5)]

    with pytest.raises(OutreachError) as refusal:
        freeze(ledger, scope, changed, now)

    said = str(refusal.value)
    assert "1 were accepted by the server and 3 wait. 3 would read otherwise" in said
    assert "--replace" in said
    with ledger.read() as connection:
        assert b"Bonjour." in frozen_content(connection, 2)


@pytest.mark.parametrize("sent", [0, 1, 2, 3, 4])
def test_replacing_leaves_what_was_sent(
    plan: Callable[..., Planned],
    ledger: Ledger,
    scope: Scope,
    now: dt.datetime,
    make_message: Make,
    sent: int,
) -> None:
    """What left stays as it left; what waits is replaced, under a new code with its own count."""
    first = plan(4)
    for _ in range(sent):
        send_one(ledger, scope, now)
    changed = [make_message(number, text="Version 2.") for number in range(1, 5)]

    planned = freeze(ledger, scope, changed, now, replace=True)

    with ledger.read() as connection:
        texts = [frozen_content(connection, number).splitlines()[-1] for number in range(1, 5)]
    assert texts == [b"Bonjour."] * sent + [b"Version 2."] * (4 - sent)
    assert (planned.left, planned.replaced) == (sent, 4 - sent)
    if sent < 4:
        assert planned.code.startswith(f"{4 - sent}-")
        with pytest.raises(OutreachError, match="not the code of this plan"):
            approve(ledger, scope, first.code, now=now)


def test_planning_again_counts_what_still_waits(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """Of six, one left, one was cancelled, one opted out: three wait, under the code of before."""
    first = plan(6)
    messages = [make_message(number) for number in range(1, 7)]
    send_one(ledger, scope, now)
    cancel(ledger, scope, ["PA000002"], now=now)
    listed = SuppressionList([Suppression("", "PA000003", "", "asked", now.date())])
    ledger.transact(lambda c: hold_suppressed(c, scope, listed, now=now))

    again = freeze(ledger, scope, messages, now, suppressions=listed)
    for _ in range(3):
        send_one(ledger, scope, now)
    at_the_end = freeze(ledger, scope, messages, now, suppressions=listed)

    assert (first.sendable, again.sendable, at_the_end.sendable) == (6, 3, 0)
    assert (again.left, at_the_end.left) == (1, 4)
    assert {first.code, again.code} == {at_the_end.code}


def test_a_recipient_who_left_is_withdrawn_and_a_new_one_added(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """A seat that changed hands between plan and send changes the plan, when asked."""
    plan(2)

    planned = freeze(ledger, scope, [make_message(2), make_message(3)], now, replace=True)

    assert (planned.unchanged, planned.added, planned.withdrawn) == (1, 1, 1)
    assert [one.reason for one in planned.held] == ["no longer among the recipients"]


def test_a_held_letter_goes_when_its_reason_is_gone(
    ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """An address found later makes the letter sendable again."""
    freeze(ledger, scope, [make_message(1, address="")], now)

    planned = freeze(ledger, scope, [make_message(1)], now, replace=True)

    assert planned.sendable == 1
    assert planned.held == ()


def test_two_recipients_may_swap_addresses(
    ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """A corrected address that another one had before is no conflict."""
    pair = [make_message(1), make_message(2, address="")]
    freeze(ledger, scope, pair, now)

    planned = freeze(
        ledger,
        scope,
        [make_message(1, address=""), make_message(2, address="depute1@example.org")],
        now,
        replace=True,
    )

    assert planned.sendable == 1
    assert [one.recipient_id for one in planned.held] == ["PA000001"]


@pytest.mark.parametrize("state", [State.ACCEPTED, State.REFUSED, State.UNCERTAIN])
def test_an_address_that_was_written_to_is_not_written_to_for_another(
    plan: Callable[..., Planned],
    ledger: Ledger,
    scope: Scope,
    now: dt.datetime,
    make_message: Make,
    state: State,
) -> None:
    """Planned again when the address is another person's: held, with the reason, and so it stays."""
    plan(2)
    send_one(ledger, scope, now, state)
    messages = [make_message(7, address="DEPUTE1@example.org"), make_message(2)]

    planned = freeze(ledger, scope, messages, now, replace=True)
    again = freeze(ledger, scope, messages, now)

    assert (planned.sendable, planned.added, again.unchanged) == (1, 1, 2)
    assert {one.recipient_id: one.reason for one in planned.held} == {
        "PA000007": "this address has already been written to, for Camille Exemple 1: a person "
        "decides who is written to"
    }


@pytest.mark.parametrize("cancelled", [True, False])
def test_the_address_of_a_letter_that_will_not_leave_is_free(
    plan: Callable[..., Planned],
    ledger: Ledger,
    scope: Scope,
    now: dt.datetime,
    make_message: Make,
    cancelled: bool,
) -> None:
    """A successor takes over the address of one who is no longer written to."""
    plan(2)
    if cancelled:
        cancel(ledger, scope, ["PA000001"], now=now)
    messages = [make_message(7, address="depute1@example.org"), make_message(2)]

    planned = freeze(ledger, scope, messages, now, replace=True)

    assert planned.sendable == 2
    assert [one.recipient_id for one in planned.held] == ["PA000001"]


def test_only_the_right_code_approves(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """The code of another plan, or none, sends nothing."""
    code = plan(2).code

    with pytest.raises(OutreachError, match="not the code"):
        approve(ledger, scope, "2-0000" if code != "2-0000" else "2-0001", now=now)
    with pytest.raises(OutreachError, match="not planned"):
        approve(ledger, Scope(scope.campaign_uid, 9), code, now=now)

    assert approve(ledger, scope, f" {code.upper()} ", now=now) == 2


def test_an_opt_out_after_planning_is_honoured(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Who is put on the list between plan and send is not written to."""
    plan(3)
    late = SuppressionList([Suppression("", "PA000002", "", "asked", dt.date(2026, 11, 23))])

    held = ledger.transact(lambda c: hold_suppressed(c, scope, late, now=now))

    assert held == 1
    with ledger.read() as connection:
        assert counts(connection, scope) == {State.WAITING: 2, State.HELD: 1}


def test_the_same_recipient_twice_is_refused(
    ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """A list with one person twice plans nothing."""
    with pytest.raises(OutreachError, match="twice"):
        freeze(ledger, scope, [make_message(1), make_message(1)], now)

    with ledger.read() as connection:
        assert connection.execute(select(func.count()).select_from(letters)).scalar_one() == 0


def test_attachments_are_stored_once(
    ledger: Ledger, scope: Scope, now: dt.datetime, make_message: Make
) -> None:
    """Letters that end with the same attachments share their bytes, and are read back whole."""
    tail = b"--" + SHARED_BOUNDARY + b"--\r\n"
    messages = [
        dataclasses.replace(make_message(number), tail=tail, boundary=f"=_m{number}")
        for number in (1, 2, 3)
    ]

    freeze(ledger, scope, messages, now)

    with ledger.read() as connection:
        assert connection.execute(select(func.count()).select_from(tails)).scalar_one() == 1
        assert frozen_content(connection, 2) == messages[1].head + b"--=_m2--\r\n"
