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
from outreach.delivery.judgement import Refusals, asks_for_a_pause, judge
from outreach.delivery.mission import Mission, Sent
from outreach.delivery.pace import Opening, opening
from outreach.delivery.pauses import Pauses
from outreach.delivery.suppression_watch import SuppressionWatch
from outreach.errors import DeliveryError, OutreachError
from outreach.outbox.claims import (
    Claim,
    Outcome,
    claim,
    commit_to_send,
    is_approved,
    new_owner,
    next_due,
    record_outcome,
    unsent,
)
from outreach.outbox.ledger import Ledger
from outreach.outbox.plan import hold
from outreach.outbox.recovery import give_back, recover
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
        self._pauses = Pauses(clock, self._chance)
        self._connections: list[Connection] = []
        # One after the other: a server that allows two is told from one that is away.
        self._opening = threading.Lock()
        self._suppressions = SuppressionWatch(ledger, mission.scope, mission.suppressions, clock)

    def work(self) -> None:
        """Send until there is nothing more to do: one thread, one connection."""
        connection = self.mission.connect()
        self._connections.append(connection)
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
            try:
                self._suppressions.heed()
            except OutreachError:
                self._record(done)
                raise
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
        with self._opening:
            return self._open(connection)

    def _open(self, connection: Connection) -> bool:
        """Connect; False when the server lets in no more than stand already: these go on."""
        known = self._pauses.count
        try:
            connection.open()
        except DeliveryError as error:
            if any(one.is_open for one in self._connections if one is not connection):
                return False
            away = isinstance(error, ServerAwayError)
            if not away or (not self.sent.states and not self._pauses.in_a_row):
                # Nothing has left yet: somebody sits before the screen and can look into it.
                raise
            self._pause(error.message, known)
        return True

    def _look(self, database: Database) -> dt.datetime | None:
        """Tell when the next letter may be claimed; None when there is none."""
        if self.mission.limit is not None and self._claimed >= self.mission.limit:
            return None
        now = self.clock.now()
        if unsent(database, self.mission.scope) == 0:
            return None
        if paused := self._pauses.running(now):
            return paused
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
        # One of the run's letters is ours, or none is left: another thread never takes it too.
        with self._lock:
            ours = self.mission.limit is None or self._claimed < self.mission.limit
            self._claimed += ours

        def step(database: Database) -> Claim | dt.datetime | None:
            if done is not None:
                self._write(database, done)
            return self._take(database) if ours else None

        found = self.ledger.transact(step)
        if not isinstance(found, Claim):
            with self._lock:
                self._claimed -= ours
        if done is not None:
            self._count(done)
        return found

    def _take(self, database: Database) -> Claim | dt.datetime | None:
        now = self.clock.now()
        if paused := self._pauses.running(now):
            return paused
        gate = self._gate(database, now)
        if gate.at is None or gate.at > now:
            return gate.at
        scope, closed = self.mission.scope, gate.closed_domains
        while taken := claim(database, scope, owner=self.owner, now=now, closed_domains=closed):
            if not (reason := self._suppressions.reason(taken)):
                return taken
            give_back(database, taken, now=now)
            hold(database, taken.letter_id, reason, now=now)
        if not is_approved(database, scope):
            self._end("the letters were planned again; they leave once the new code is confirmed")
            return None
        if self.ledger.path is None:
            recover(database, now=now, alone=False)
        comes_back = next_due(database, scope, closed_domains=closed)
        due = [when for when in (comes_back, gate.reopen_at) if when]
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
        known = self._pauses.count
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
        return self._heed(connection, taken, answer, known)

    def _heed(self, connection: Connection, taken: Claim, answer: Answer, known: int) -> Outcome:
        outcome = judge(answer, taken.attempts, self.clock.now(), self._chance)
        with self._lock:
            reason = self._refusals.note(answer)
        if reason:
            self._end(reason)
        if asks_for_a_pause(answer):
            self._pause(f"the server asks to wait: {answer.code} {answer.text}", known)
        elif outcome.state is State.ACCEPTED:
            self._pauses.end()
            self.sent.pause_reason = ""
        refused = outcome.state is not State.ACCEPTED
        if answer.lost or (refused and not reset(connection.smtp)):
            connection.drop()
        return outcome

    def _pause(self, reason: str, known: int) -> None:
        if not self._pauses.begin(known):
            self._end(reason)
        self.sent.pause_reason = reason

    def _wait(self, until: dt.datetime, connection: Connection) -> bool:
        """Wait; False when the run is over."""
        now = self.clock.now()
        patience = self.mission.patience
        if patience is not None and until - now > patience:
            why = f" ({self.sent.pause_reason})" if until == self._pauses.until else ""
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
