"""Sending the approved letters of one wave: each once, or named as uncertain.

The only place where letters leave. Who gets what was decided by plan; here it is only carried
out, at the pace allowed, until nothing is left, the server or a person says stop, or time is up.
"""

import datetime as dt
import hashlib
import random
import threading
from collections.abc import Callable
from zoneinfo import ZoneInfo

from sqlalchemy import Connection as Database

from outreach.delivery.clock import Clock
from outreach.delivery.connection import Connection, ServerAwayError
from outreach.delivery.dialogue import Answer, Envelope, finish, reset
from outreach.delivery.judgement import Refusals, asks_for_a_pause, backoff, judge
from outreach.delivery.mission import Mission, Sent
from outreach.delivery.pace import Opening, opening
from outreach.delivery.suppression_watch import SuppressionWatch
from outreach.errors import OutreachError
from outreach.outbox.claims import (
    Claim,
    Outcome,
    claim,
    commit_to_send,
    new_owner,
    next_due,
    record_outcome,
    unsent,
)
from outreach.outbox.ledger import Ledger
from outreach.outbox.recovery import recover
from outreach.outbox.reminders import hold_undue
from outreach.outbox.schema import State

# A server may close an idle connection; we close it first.
_IDLE = dt.timedelta(seconds=20)


def send_letters(
    ledger: Ledger,
    mission: Mission,
    *,
    clock: Clock,
    stop: threading.Event,
    progress: Callable[[Sent], None] | None = None,
) -> Sent:
    """Send what waits.

    Args:
        ledger: open, approved, held by this process where it is a file.
        mission: what and how.
        clock: tells the time.
        stop: set by whoever wants the run to end after the letters in hand.
        progress: called a few times a second from this thread.

    Raises:
        OutreachError: the ledger failed, or the mailbox cannot be used, before any letter left.
    """
    ledger.transact(lambda c: recover(c, now=clock.now(), alone=ledger.path is not None))
    ledger.transact(lambda c: hold_undue(c, mission.scope, now=clock.now()))
    ledger.senders = mission.sending.connections
    run = _Run(ledger, mission, clock, stop)
    threads = [
        threading.Thread(target=run.work, name=f"connection {number}", daemon=True)
        for number in range(1, mission.sending.connections + 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)
            if progress is not None:
                progress(run.sent)
    if run.failure is not None:
        raise run.failure
    if run.sent.error is not None and not run.sent.states:
        raise run.sent.error
    return run.sent


class _Run:
    """What the threads of one run share."""

    def __init__(
        self, ledger: Ledger, mission: Mission, clock: Clock, stop: threading.Event
    ) -> None:
        self.ledger = ledger
        self.mission = mission
        self.clock = clock
        self.stop = stop
        self.owner = new_owner()
        with ledger.read() as connection:
            total = unsent(connection, mission.scope)
        self.sent = Sent(min(total, mission.limit or total))
        self.failure: BaseException | None = None
        self._chance = random.Random()  # noqa: S311 - jitter, no secret
        # Never held around a transaction: work of another thread may run in it.
        self._lock = threading.Lock()
        self._claimed = 0
        self._refusals = Refusals()
        self._paused_until: dt.datetime | None = None
        self._pauses = 0
        self._suppressions = SuppressionWatch(ledger, mission.scope, mission.suppressions, clock)

    def work(self) -> None:
        """Send until there is nothing more to do: one thread, one connection."""
        connection = self.mission.connect()
        try:
            self._work(connection)
            connection.leave()
        except OutreachError as error:
            # Perhaps in the middle of a letter, where QUIT would be a line of it.
            connection.drop()
            self._end(error.message, error)
        except BaseException as error:  # noqa: BLE001 - raised again by send_letters
            connection.drop()
            self.failure = error
            self.stop.set()

    def _work(self, connection: Connection) -> None:
        done: tuple[Claim, Outcome] | None = None
        while True:
            self._suppressions.heed()
            ready = not self.stop.is_set() and connection.is_open
            if not ready or connection.letters >= self.mission.sending.letters_per_connection:
                # Nothing to claim yet: what is done is written first.
                self._record(done)
                done = None
                if self.stop.is_set() or not self._has_work(connection):
                    return
                continue
            step = self._record_and_claim(done)
            done = None
            if step is None:
                return
            if isinstance(step, Claim):
                outcome = self._deliver(connection, step)
                done = (step, outcome) if outcome else None
            elif not self._wait(step, connection):
                return

    def _has_work(self, connection: Connection) -> bool:
        """Open the connection if a letter is to leave now; False when none ever will."""
        step = self.ledger.transact(self._look)
        if step is None:
            return False
        if step > self.clock.now():
            return self._wait(step, connection)
        connection.leave()
        try:
            connection.open()
        except ServerAwayError as error:
            if not self.sent.states and not self._pauses:
                # Nothing has left yet: somebody sits before the screen and can look into it.
                raise
            self._pause(error.message)
        return True

    def _look(self, database: Database) -> dt.datetime | None:
        """Tell when the next letter may be claimed; None when there is none."""
        if self.mission.limit is not None and self._claimed >= self.mission.limit:
            return None
        now = self.clock.now()
        if unsent(database, self.mission.scope) == 0:
            return None
        if self._paused_until is not None and self._paused_until > now:
            return self._paused_until
        return self._gate(database, now).at

    def _gate(self, database: Database, now: dt.datetime) -> Opening:
        gate = opening(
            database,
            self.mission.scope,
            self.mission.sending.pace,
            now=now,
            last_day=self.mission.last_day,
            jitter=self._chance,
        )
        if gate.at is None:
            self._end(f"the campaign's last day, {self.mission.last_day}, is over")
        return gate

    def _record(self, done: tuple[Claim, Outcome] | None) -> None:
        if done is not None:
            self.ledger.transact(lambda c: self._write(c, done))
            self._count(done)

    def _record_and_claim(self, done: tuple[Claim, Outcome] | None) -> Claim | dt.datetime | None:
        """Write the last letter's outcome and take the next one, in one durable commit.

        Returns:
            A letter; or the time to come back; or None when there is nothing more to do.
        """

        def step(database: Database) -> Claim | dt.datetime | None:
            if done is not None:
                self._write(database, done)
            return self._take(database)

        with self._lock:
            self._claimed += 1
        found = self.ledger.transact(step)
        if not isinstance(found, Claim):
            with self._lock:
                self._claimed -= 1
        if done is not None:
            self._count(done)
        return found

    def _take(self, database: Database) -> Claim | dt.datetime | None:
        limit = self.mission.limit
        if limit is not None and self._claimed > limit:
            return None
        now = self.clock.now()
        if self._paused_until is not None and self._paused_until > now:
            return self._paused_until
        gate = self._gate(database, now)
        if gate.at is None or gate.at > now:
            return gate.at
        taken = claim(
            database,
            self.mission.scope,
            owner=self.owner,
            now=now,
            closed_domains=gate.closed_domains,
        )
        if taken is not None:
            return taken
        if self.ledger.path is None:
            recover(database, now=now, alone=False)
        due = [when for when in (next_due(database, self.mission.scope), gate.reopen_at) if when]
        return min(due, default=None)

    def _write(self, database: Database, done: tuple[Claim, Outcome]) -> None:
        record_outcome(database, done[0], done[1], now=self.clock.now())

    def _count(self, done: tuple[Claim, Outcome]) -> None:
        with self._lock:
            self.sent.states[done[1].state] += 1

    def _deliver(self, connection: Connection, taken: Claim) -> Outcome | None:
        """Bring one letter to the server. None: it turned out not to be ours any more."""
        if hashlib.sha256(taken.content).hexdigest() != taken.digest:
            raise OutreachError(
                f"the letter to {taken.name} in the outbox is not the one that was approved: the "
                "file is damaged or was changed. Nothing more is sent; put back a backup."
            )
        envelope = Envelope(
            self.mission.sending.envelope_sender(self.mission.from_address, taken.token),
            taken.address,
            self.mission.sending.archive,
            taken.token,
        )
        answer = connection.offer(envelope, taken.content)
        if answer is None:
            ours = self.ledger.transact(lambda c: commit_to_send(c, taken, now=self.clock.now()))
            if not ours:
                connection.drop()
                return None
            answer = finish(connection.smtp)
        connection.letters += 1
        return self._heed(connection, taken, answer)

    def _heed(self, connection: Connection, taken: Claim, answer: Answer) -> Outcome:
        outcome = judge(answer, taken.attempts, self.clock.now(), self._chance)
        with self._lock:
            reason = self._refusals.note(answer)
        if reason:
            self._end(reason)
        if asks_for_a_pause(answer):
            self._pause(f"the server asks to wait: {answer.code} {answer.text}")
        elif outcome.state is State.ACCEPTED:
            self._pauses = 0
            self.sent.pause_reason = ""
        refused = outcome.state is not State.ACCEPTED
        if answer.lost or (refused and not reset(connection.smtp)):
            connection.drop()
        return outcome

    def _pause(self, reason: str) -> None:
        with self._lock:
            self._pauses += 1
            self._paused_until = self.clock.now() + backoff(self._pauses, self._chance)
            if self._pauses > 8:
                self.sent.stopped = self.sent.stopped or reason
                self.stop.set()
            self.sent.pause_reason = reason

    def _wait(self, until: dt.datetime, connection: Connection) -> bool:
        """Wait; False when the run is over."""
        now = self.clock.now()
        patience = self.mission.patience
        if patience is not None and until - now > patience:
            why = f" ({self.sent.pause_reason})" if until == self._paused_until else ""
            zone = self.mission.sending.pace.time_zone
            local = until.astimezone(ZoneInfo(zone))
            self._end(f"the next letter may leave at {local:%Y-%m-%d %H:%M} ({zone}){why}")
            return False
        if until - now > _IDLE:
            connection.leave()
        self.sent.waiting_until = until
        self.clock.wait(until, self.stop)
        self.sent.waiting_until = None
        return not self.stop.is_set()

    def _end(self, reason: str, error: OutreachError | None = None) -> None:
        with self._lock:
            self.sent.stopped = self.sent.stopped or reason
            self.sent.error = self.sent.error or error
        self.stop.set()
