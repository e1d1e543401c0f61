from collections.abc import Callable, Sequence

import pandas as pd
import pytest

Frame = Callable[[dict[tuple[str, str], Sequence[Sequence[float]]]], pd.DataFrame]


@pytest.fixture
def frame_of() -> Frame:
    """Rows of a comparison from {(strategy, task): regrets by seed}."""

    def make(regrets: dict[tuple[str, str], Sequence[Sequence[float]]]) -> pd.DataFrame:
        rows = [
            {
                "strategy": strategy,
                "task": task,
                "seed": seed,
                "evaluation": step,
                "architecture": f"{strategy}-{step}",
                "y": 1 - regret,
                "best": 1 - regret,
                "regret": regret,
                "test": 0.9 - regret,
                "failed": False,
                "seconds": 0.1,
            }
            for (strategy, task), runs in regrets.items()
            for seed, run in enumerate(runs)
            for step, regret in enumerate(run, 1)
        ]
        return pd.DataFrame(rows)

    return make
