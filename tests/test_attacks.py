"""The table of attacks: every cell as expected, the silent ones too, and the page in the docs as the table says."""

import subprocess
import sys
from pathlib import Path

ATTACKS = Path(__file__).parents[1] / "benchmarks" / "attacks.py"


def test_every_cell_of_the_table_and_the_page_that_shows_it():
    done = subprocess.run([sys.executable, ATTACKS, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 rows not as expected" in done.stdout
