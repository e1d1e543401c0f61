"""The README's picture, from the stored runs of ``benchmarks/search_regret.py``.

python benchmarks/figure.py
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from augury.evaluation import draw_regret

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Read, draw, write."""
    frame = pd.read_parquet(ROOT / "benchmarks" / "results" / "search_nas-bench-graph.parquet")
    figure = Figure(figsize=(7.0, 3.6), layout="constrained")
    axes = draw_regret(frame, ax=figure.add_subplot())
    axes.set_title("")
    figure.savefig(ROOT / "docs" / "regret.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
