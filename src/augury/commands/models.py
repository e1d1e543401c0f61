"""Saved predictors that also say what they predict."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..predictors.predictor import Predictor

__all__ = ["Objective", "load_model", "save_model"]

KEY = "objective"  # in the file's header, where Predictor.load takes no notice of it


@dataclass(frozen=True)
class Objective:
    """What a predictor was fitted to.

    Attributes:
        name: Of the metric.
        direction: ``"maximize"`` or ``"minimize"``; a minimised one was negated.
        unit: Of the metric.
    """

    name: str = "prediction"
    direction: str = "maximize"
    unit: str = ""

    @property
    def sign(self) -> float:
        """What a prediction is multiplied with to be in the metric's own direction."""
        return -1.0 if self.direction == "minimize" else 1.0


def save_model(predictor: Predictor, objective: Objective, path: str) -> None:
    """Write a predictor with `Predictor.save`, and what it predicts into the same file.

    Raises:
        InputError: The file cannot be written there.
    """
    from ..predictors.saving import read_state, write_state

    predictor.save(path)
    header, arrays = read_state(path)
    write_state(path, {**header, KEY: asdict(objective)}, arrays)


def load_model(path: str) -> tuple[Predictor, Objective]:
    """What `save_model`, or `Predictor.save`, wrote.

    Raises:
        DataError: There is no such file, or it is not a saved predictor.
    """
    from ..meta import WarmPredictor
    from ..predictors import load
    from ..predictors.saving import read_state
    from ..spaces import DataError

    if os.path.isdir(path):
        raise DataError(f"The model {path!r} is a folder; give the file that `augury fit` saved.")
    header = read_state(path)[0]
    predictor: Predictor = WarmPredictor.load(path) if "meta-learner" in header else load(path)
    told = header.get(KEY, {})
    try:
        return predictor, Objective(**told)
    except TypeError as error:
        raise DataError(f"{path!r} does not say what it predicts ({error}); fit it again.") from error
