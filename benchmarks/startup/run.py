"""Question: how long does `outreach --help` take beside `python -c "import click"`?

Goal: at most 3 times as long, min of 15 fresh processes each, alternating.
"""

import subprocess
import sys
import time
from importlib.metadata import version

RUNS = 15
COMMANDS = {
    "import click": [sys.executable, "-c", "import click"],
    "outreach --help": [sys.executable, "-m", "outreach", "--help"],
}


def seconds(command: list[str]) -> float:
    """Run a command once, its output thrown away."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print the least time of each and their ratio."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    least = {name: min(values) for name, values in times.items()}
    for name, value in least.items():
        print(f"{name:<20} {value * 1000:7.1f} ms")
    ratio = least["outreach --help"] / least["import click"]
    print(
        f"ratio {ratio:.2f} (goal: at most 3); Python {sys.version.split()[0]}, click {version('click')}"
    )


if __name__ == "__main__":
    main()
