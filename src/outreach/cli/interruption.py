"""Being told to end, by `kill` or by a terminal that closes: like Ctrl-C, a command cleans up first."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Not SIGHUP on Windows.
_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def requests_to_end() -> Iterator[list[int]]:
    """Leave the command when SIGTERM or SIGHUP comes; give a list that then holds its number.

    A signal that is ignored, as under `nohup`, or that the caller minds stays as it is.
    """
    asked: list[int] = []

    def leave(number: int, _: object) -> None:
        asked.append(number)
        # Once is enough: a second one would cut the cleaning up short.
        for each in minded:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    minded = []
    if threading.current_thread() is threading.main_thread():
        minded = [each for each in _SIGNALS if signal.getsignal(each) == signal.SIG_DFL]
    for number in minded:
        signal.signal(number, leave)
    try:
        yield asked
    finally:
        for number in minded:
            signal.signal(number, signal.SIG_DFL)
