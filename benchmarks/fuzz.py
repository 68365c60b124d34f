"""Coverage-guided fuzzing of every importer, and of the way from a file's bytes to its importer.

    python benchmarks/fuzz.py [--seconds 300] [--only NAME] [--jobs 2] [--replay FILE]

For each envelope on the shelf a process starts from the golden sources (`tests/formats/golden`, and small ones in
`fuzz_seeds`), changes values, keys, lines and bytes, and keeps what reaches code that nothing before had reached. An
input goes the whole way: secrets out, read, packed for the store, assembled by every dialect. A finding is whatever
leaves a reader, a refusal without a reason, an input that takes more processor time than its length allows (a second,
and a tenth of a millisecond a byte), or more than 2 GB of memory. The input of a finding is kept in `build/fuzz-found`,
and `--replay` reads one again; what was learned stays in `build/fuzz-corpus`, so that a longer run goes on from there.
Findings end the run with 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
SEEDS = (ROOT / "tests" / "formats" / "golden", ROOT / "benchmarks" / "fuzz_seeds")
FOUND, CORPUS = ROOT / "build" / "fuzz-found", ROOT / "build" / "fuzz-corpus"
_INSTRUMENTED = [
    "afterbell.formats", "afterbell.reading", "afterbell.model", "afterbell.catalog.intake", "afterbell.disk.opening",
    "afterbell.disk.packing", "afterbell.disk.sources", "afterbell.disk.tables",
]  # fmt: skip
_MEMORY_MB = 2048
_HANGS_SECONDS = 30
_GRACE_SECONDS = 240
_STRUCTURED = 0.7
_SHOWN = 12  # lines of a traceback


def main() -> int:
    """Fuzz each target for its share of the time; 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=300, help="of all targets together")
    parser.add_argument("--only", action="append", default=[], help="a format, or `opening`; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="targets at a time")
    parser.add_argument("--replay", type=Path, help="read one input as the format that --only names")
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        return _inside(chosen.inside, chosen.seconds)
    import _fuzz  # noqa: PLC0415 - a process that fuzzes imports it instrumented

    if chosen.replay:
        _fuzz.asked(chosen.only[0])(chosen.replay.read_bytes())
        print("nothing leaves the reader")
        return 0
    names = chosen.only or list(_fuzz.targets())
    each = max(chosen.seconds * chosen.jobs // len(names), 2)
    print(f"{len(names)} targets, {each} s each, {chosen.jobs} at a time")
    with ThreadPoolExecutor(chosen.jobs) as pool:
        bad = sum(pool.map(lambda name: _target(name, each), names))
    print(f"\n{bad} targets with findings; see {FOUND}" if bad else "\nno findings")
    return 1 if bad else 0


def _target(name: str, seconds: int) -> bool:
    """Fuzz one target in a process of its own and print what became of it; True for a finding."""
    FOUND.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, "--inside", name, "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False,
                          timeout=seconds + _GRACE_SECONDS)  # fmt: skip
    told = done.stderr.splitlines()
    count = next((line.split()[-1] for line in told if line.startswith("stat::number_of_executed_units")), "?")
    edges = next((line.partition("cov: ")[2].split()[0] for line in reversed(told) if "cov: " in line), "?")
    print(f"{name:22}{count:>10} inputs{edges:>8} edges  {'FOUND' if done.returncode else 'ok'}", flush=True)
    if done.returncode:
        print(*_reason(told, done.stdout.splitlines()), sep="\n", flush=True)
    return done.returncode != 0


def _reason(told: Sequence[str], printed: Sequence[str]) -> list[str]:
    """Return the traceback and the file of a finding, of what libFuzzer and Python said."""
    both = [line for line in (*printed, *told) if line.strip() and not line.startswith("INFO:")]
    start = next((at + 1 for at, line in enumerate(both) if "Uncaught Python exception" in line), len(both) - _SHOWN)
    kept = [line.partition("written to ")[2] for line in told if "Test unit written to" in line]
    return [f"    {line}" for line in (*both[max(start, 0) :][: 2 * _SHOWN], *kept)]


def _inside(name: str, seconds: int) -> int:
    """Fuzz one target in this process, which libFuzzer ends."""
    import atheris  # noqa: PLC0415 - lives where `make fuzz` puts it, not where this is read by others

    with atheris.instrument_imports(include=_INSTRUMENTED):
        import _fuzz  # noqa: PLC0415 - now, for it imports what is instrumented

        starts = _fuzz.seeds(*SEEDS)[name]
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - no secret
        new = _fuzz.changed(data, random) if random.random() < _STRUCTURED else None
        return new if new and len(new) <= most else bytes(atheris.Mutate(data, most))

    with tempfile.TemporaryDirectory(prefix="afterbell-seeds-") as folder:
        for number, data in enumerate(starts):
            (Path(folder) / f"{number:04d}").write_bytes(data)
        os.environ.setdefault("PYTHONUTF8", "1")
        arguments = [
            sys.argv[0], str(corpus), folder, f"-max_total_time={seconds}", f"-max_len={_fuzz.LONGEST}",
            f"-timeout={_HANGS_SECONDS}", f"-rss_limit_mb={_MEMORY_MB}", f"-artifact_prefix={FOUND}/{name}-",
            "-print_final_stats=1", "-len_control=0",
        ]  # fmt: skip
        atheris.Setup(arguments, _fuzz.asked(name), custom_mutator=mutated)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
