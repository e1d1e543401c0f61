"""Every script in ``examples/`` runs as it is, in a folder of its own, without a warning."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))
SAYS = {
    "latency_transfer": ["time these:", "cold: Spearman 0.", "with the older devices: Spearman 0.9"],
    "own_evaluator": ["ten digits, warm:", "ten digits, cold:", "best of the warm search: activation="],
    "own_space": ["input → pool", "[ output ]", "Kendall tau on 500 others: 0."],
    "warm_start": ["cold:", "warm:", "% after 20", "of all 26,206"],
}


def test_every_example_is_known_here():
    assert [path.stem for path in EXAMPLES] == sorted(SAYS)


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(path, tmp_path):
    done = subprocess.run([sys.executable, path], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    for words in SAYS[path.stem]:
        assert words in done.stdout
    assert not list(tmp_path.iterdir())
