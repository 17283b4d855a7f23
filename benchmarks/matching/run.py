"""Question: how right is the matcher, how sure may one be of "certain", and what does it cost?

Goals: 99.8 % of rows of communes that are not split right; 99.95 % of what is called certain right;
at most 1.5 % of them left to a person; under 0.1 % wrong-but-certain on damaged rows; 100 000 rows
matched and summed in at most 3 times what pandas takes to read their CSV, under 600 MB; 100 000 rows
with 10 % dirty read and matched in at most 6 s and 700 MB.

    python benchmarks/matching/run.py [--shared ../shared/data] [--linkage-python PYTHON] [--million]
"""

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from random import Random

import alternatives
import damage
import pandas as pd
import truth

from outreach.establishments.read import read_establishments
from outreach.geography.places import Geography, load_geography
from outreach.matching.gazetteer import gazetteer_of
from outreach.matching.matches import match_establishments

SEED = 20261123
HERE = Path(__file__).parent
FIELDS = ["Nom", "Adresse", "CP", "Ville"]


def write_list(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as a spreadsheet in France saves them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def answers(rows: list[dict[str, str]], geography: Geography) -> list[str]:
    """Read and match rows as `outreach match` does; "" where the row is unsure or refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        write_list(path, rows)
        matched = match_establishments(read_establishments(path).table, geography, [])
    found = dict(
        zip(matched["source_row"].tolist(), matched["constituency_code"].tolist(), strict=True)
    )
    return [found.get(at + 2, "") for at in range(len(rows))]


def score(given: list[str], truth_: list[str], split: list[bool]) -> Counter[str]:
    """Count right, wrong and unsure among rows of communes that are not split."""
    counts: Counter[str] = Counter()
    for answer, right, is_split in zip(given, truth_, split, strict=True):
        if not is_split:
            counts["right" if answer == right else "wrong" if answer else "unsure"] += 1
    return counts


def shares(counts: Counter[str]) -> str:
    """Counts as table cells: rows, right, wrong but certain, unsure."""
    total = counts.total()
    cells = [f"{100 * counts[name] / total:.3f} %" for name in ("right", "wrong", "unsure")]
    return f"{total} | " + " | ".join(cells)


def accuracy(geography: Geography, shared: Path) -> list[str]:
    """Accuracy on lists with a computed truth."""
    lists = [truth.national(geography, 50_000, SEED)]
    if shared.is_dir():
        lists += [truth.finess(shared, geography), truth.siae(shared, geography)]
    lines = [
        "| list | rows | right | wrong but certain | left to a person |",
        "|---|---|---|---|---|",
    ]
    for listed in lists:
        counts = score(answers(listed.rows, geography), listed.truth, listed.split)
        lines.append(f"| {listed.name} | {shares(counts)} |")
    return lines


def damage_curve(geography: Geography) -> list[str]:
    """The share right, wrong and unsure against the share of damaged rows."""
    listed = truth.national(geography, 20_000, SEED + 1)
    lines = [
        "| rows damaged | rows | right | wrong but certain | left to a person |",
        "|---|---|---|---|---|",
    ]
    by_kind: dict[str, Counter[str]] = {}
    for share in (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0):
        generator = damage.Damage.seeded(SEED, geography)
        rows, kinds = [], []
        for row, commune in zip(listed.rows, listed.communes, strict=True):
            struck = generator.random.random() < share
            changed, kind = generator.strike(row, commune) if struck else (row, "none")
            rows.append(changed)
            kinds.append(kind)
        given = answers(rows, geography)
        lines.append(f"| {share:.0%} | {shares(score(given, listed.truth, listed.split))} |")
        if share == 1.0:
            for answer, right, kind in zip(given, listed.truth, kinds, strict=True):
                what = "right" if answer == right else "wrong" if answer else "unsure"
                by_kind.setdefault(kind, Counter())[what] += 1
    lines += ["", "Every row damaged, by kind of damage:", ""]
    lines += [
        "| damage | rows | right | wrong but certain | left to a person |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {kind} | {shares(counts)} |" for kind, counts in sorted(by_kind.items())]
    return lines


def instead(geography: Geography, linkage: Path | None) -> list[str]:
    """The same rows by what a user would do instead, in the same run."""
    listed = truth.national(geography, 5_000, SEED + 2)
    generator = damage.Damage.seeded(SEED, geography)
    rows = [
        generator.strike(row, commune)[0] if generator.random.random() < 0.1 else row
        for row, commune in zip(listed.rows, listed.communes, strict=True)
    ]
    lines = [
        "| way | rows | right | wrong but certain | no answer | seconds |",
        "|---|---|---|---|---|---|",
    ]

    def timed(name: str, way: object, size: int = len(rows)) -> None:
        start = time.perf_counter()
        given = way(rows[:size], geography)  # type: ignore[operator]
        seconds = time.perf_counter() - start
        counts = score(given, listed.truth[:size], listed.split[:size])
        lines.append(f"| {name} | {shares(counts)} | {seconds:.2f} |")

    timed("outreach", answers)
    timed("pandas merge on postcode", alternatives.merge_on_postcode)
    timed("pandas merge on name", alternatives.merge_on_name)
    timed("difflib on names", alternatives.by_difflib, 100)
    if linkage:
        given, seconds = alternatives.by_recordlinkage(rows, geography, linkage)
        counts = score(given, listed.truth, listed.split)
        lines.append(f"| recordlinkage 0.16 | {shares(counts)} | {seconds:.2f} |")
    return lines


def synthetic(path: Path, geography: Geography, size: int, dirty: float) -> None:
    """Write establishments with points and addresses; a share of them damaged."""
    listed = truth.national(geography, size, SEED + 3)
    generator = damage.Damage.seeded(SEED, geography)
    random = Random(SEED)
    communes = geography.communes.set_index("commune_code")
    centres = dict(
        zip(
            communes.index,
            communes[["longitude", "latitude"]].to_numpy(float).tolist(),
            strict=True,
        )
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(
            [
                "FINESS",
                "Nom",
                "Association",
                "Adresse",
                "CP",
                "Ville",
                "Longitude",
                "Latitude",
                "Catégorie",
                "Secteur",
                "Places",
                "Effectif",
            ]
        )
        for at, (row, code) in enumerate(zip(listed.rows, listed.communes, strict=True)):
            if random.random() < dirty:
                row, _ = generator.strike(row, code)
            x, y = centres[code]
            point = [f"{x + random.random() / 100:.5f}", f"{y + random.random() / 100:.5f}"]
            writer.writerow(
                [f"{at:09d}", row["Nom"], "Sauvegarde", row["Adresse"], row["CP"], row["Ville"],
                 *(point if x == x else ["", ""]), "EHPAD", random.choice(["handicap", "enfance", "PA"]),
                 random.randrange(100), random.randrange(80)]
            )  # fmt: skip


def peak_megabytes() -> float:
    """The most memory of this process. Not ru_maxrss, which begins with what its parent held."""
    status = Path("/proc/self/status").read_text("ascii")
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peaks[0]) / 1024


def measure(path: Path) -> None:
    """Run in a fresh process: read with pandas, read, match and add up; print JSON."""
    from outreach.figures.local import LocalFigureTable
    from outreach.geography.points import locate

    start = time.perf_counter()
    geography = load_geography()
    gazetteer_of(geography)
    locate([5.2], [46.2])
    loaded = time.perf_counter() - start
    reads = []
    for _ in range(3):
        start = time.perf_counter()
        reading = read_establishments(path)
        reads.append(time.perf_counter() - start)
    read = min(reads)

    # Alternating, so that another program on the machine slows both.
    pandas_times, times = [], []
    for _ in range(7):
        start = time.perf_counter()
        pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
        between = time.perf_counter()
        LocalFigureTable(match_establishments(reading.table, geography, []), source="x", as_of="y")
        times.append(time.perf_counter() - between)
        pandas_times.append(between - start)
    pandas_s, matched = min(pandas_times), min(times)
    print(
        json.dumps(
            {
                "rows": reading.received, "pandas": pandas_s, "load": loaded, "read": read, "match": matched,
                "ratio": matched / pandas_s,
                "megabytes": peak_megabytes(),
            }
        )
    )  # fmt: skip


def command(path: Path, size: int, out: Path) -> str:
    """Run `outreach match` on a list, in a process whose children are nobody else's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    program = f"import atexit, sys; sys.path.insert(0, {str(HERE)!r}); import run; "
    program += "atexit.register(lambda: print(run.peak_megabytes())); "
    program += "from outreach.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "match", str(path), "-o", str(out)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = float(done.stdout.splitlines()[-1])
    return (
        f"| {size} | 10% | {cpu:.1f} s | {seconds:.1f} s | {1e6 * cpu / size:.0f} | {peak:.0f} MB |"
    )


def speed(geography: Geography, *, million: bool) -> list[str]:
    """Time and memory in fresh processes: reading, matching and sums; then the command up to a million rows."""
    lines = [
        "| rows | dirty | pandas read | our read | match + sums | match + sums ÷ pandas read | read + match + sums | peak memory |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for size, dirty in ((10_000, 0.0), (100_000, 0.0), (100_000, 0.1)):
            path = Path(folder) / f"{size}-{dirty}.csv"
            synthetic(path, geography, size, dirty)
            done = subprocess.run(
                [sys.executable, __file__, "--measure", str(path)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            m = json.loads(done.stdout)
            lines.append(
                f"| {size} | {dirty:.0%} | {m['pandas']:.3f} s | {m['read']:.2f} s | {m['match']:.3f} s | "
                f"{m['ratio']:.2f} | {m['read'] + m['match']:.2f} s | {m['megabytes']:.0f} MB |"
            )
        lines += [
            "",
            "`outreach match`, the whole command: reading, matching, duplicates, seven files written.",
            "",
        ]
        lines += [
            "| rows | dirty | processor time | seconds | µs a row | peak memory |",
            "|---|---|---|---|---|---|",
        ]  # fmt: skip
        for size in (10_000, 100_000, *([1_000_000] if million else [])):
            path = Path(folder) / f"command-{size}.csv"
            synthetic(path, geography, size, 0.1)
            lines.append(command(path, size, Path(folder) / "out"))
    return lines


def main() -> None:
    """Measure everything and write results.md beside this file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=HERE.parents[2] / "shared" / "data")
    parser.add_argument("--linkage-python", type=Path)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--measure", type=Path)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
        return
    geography = load_geography()
    load = os.getloadavg()[0]
    sections = {
        "Accuracy (communes that are not split; points hidden from the matcher)": accuracy(geography, options.shared),
        "Damage": damage_curve(geography),
        "What a user would do instead (5 000 rows, 10 % damaged; difflib on 100)": instead(geography, options.linkage_python),
        "Speed and memory": speed(geography, million=options.million),
    }  # fmt: skip
    text = "# Matching: accuracy and cost\n\nWritten by `benchmarks/matching/run.py`; its docstring has the goals.\n"
    text += f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, "
    text += f"Python {platform.python_version()}, pandas {version('pandas')}, rapidfuzz {version('rapidfuzz')}; seed {SEED}; least of 7.\n"
    for title, lines in sections.items():
        text += f"\n## {title}\n\n" + "\n".join(lines) + "\n"
    (HERE / "results.md").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
