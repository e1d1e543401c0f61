"""Bagged gradient boosting on encoded architectures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import xgboost
from sklearn.pipeline import FeatureUnion

from ..encoders import Encoder
from ..encoders.named_arrays import nested, part
from .calibration import Calibration
from .tree_predictor import TreePredictor

__all__ = ["XGBoost"]


class XGBoost(TreePredictor):
    """Gradient-boosted trees (``chen2016``), several times over on bootstrap samples (``breiman1996``).

    The mean of the members is the prediction. Its standard deviation is that of a new evaluation: the members' spread,
    and the noise that it leaves of the residuals out of bag (`Calibration`). The first member sees every architecture
    once; if it is alone nothing is out of bag, and the standard deviation is that of all values.

    Args:
        members: How many models.
        rounds: Trees in a model.
        max_depth: Depth of a tree.
        learning_rate: Shrinkage of each tree.
        column_share: Share of the features that a tree looks at, above 0 and up to 1.
        encoder: Name of an encoder, an encoder, or several as scikit-learn's ``FeatureUnion``.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of bootstrap samples and column choices.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": (1, 2, 3, 4), "second": ("a", "b")}).enumerate()
    >>> predictor = XGBoost(members=3, rounds=20).fit(architectures, architectures.genotypes[:, 0])
    >>> mean = predictor.predict(architectures)
    >>> bool(mean[-1] > mean[0])
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"rounds": 0, "max_depth": 0}
    _shares: ClassVar[Mapping[str, tuple[str, ...]]] = {"column_share": ()}

    def __init__(
        self,
        *,
        members: int = 8,
        rounds: int = 100,
        max_depth: int = 4,
        learning_rate: float = 0.1,
        column_share: float = 0.3,
        encoder: str | Encoder | FeatureUnion = "graph-features",
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(encoder=encoder, target=target)
        self.members = members
        self.rounds = rounds
        self.max_depth = max_depth
        self.learning_rate = learning_rate
        self.column_share = column_share
        self.seed = seed

    def _fit_features(self, X: npt.NDArray[np.float32], z: npt.NDArray[np.float64]) -> None:
        self._fit_weighted_features(X, z, np.ones(len(z)))

    def _fit_weighted_features(
        self, X: npt.NDArray[np.float32], z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        rng = np.random.default_rng(self.seed)
        units = int(self._units.max()) + 1
        self._boosters = []
        drawn = np.ones((self.members, len(z)))
        for member, counts in enumerate(drawn):
            if member > 0:
                counts[:] = np.bincount(rng.integers(units, size=units), minlength=units)[self._units]
            used = counts > 0
            self._boosters.append(
                xgboost.train(
                    {
                        "max_depth": self.max_depth,
                        "eta": self.learning_rate,
                        "colsample_bytree": self.column_share,
                        "base_score": 0.0,
                        "nthread": 1,  # threads change the order of sums, and small data gain nothing
                        "seed": int(rng.integers(2**31)),
                    },
                    xgboost.DMatrix(X[used], label=z[used], weight=counts[used] * weights[used]),
                    num_boost_round=self.rounds,
                )
            )
        self._calibration = Calibration().fit(self._answers(X), z, drawn, weights, in_units=True)

    def _answers(self, X: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """``(members, n)``."""
        answers: npt.NDArray[np.float64] = np.stack([booster.inplace_predict(X) for booster in self._boosters]).astype(
            np.float64
        )
        return answers

    def _predict_features(self, X: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        return self._calibration.predict(self._answers(X))

    def _gains(self) -> npt.NDArray[np.float64]:
        gains = np.zeros(self.n_features_)
        for booster in self._boosters:
            for feature, gain in booster.get_score(importance_type="total_gain").items():
                gains[int(feature.removeprefix("f"))] += gain
        return gains

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        raw = enumerate(booster.save_raw("ubj") for booster in self._boosters)
        boosters = {f"booster{i}": np.frombuffer(bytes(data), dtype=np.uint8) for i, data in raw}
        return super()._state() | boosters | nested("calibration", self._calibration.state())

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        super()._restore(arrays)
        self._boosters = []
        for member in range(self.members):
            booster, model = xgboost.Booster(), bytearray(arrays[f"booster{member}"].tobytes())
            if not model:  # on which XGBoost ends the process
                raise ValueError(f"member {member} is empty")
            try:
                booster.load_model(model)
            except xgboost.core.XGBoostError as error:
                raise ValueError(f"member {member} is no XGBoost model") from error
            booster.set_param({"nthread": 1})
            self._boosters.append(booster)
        self._calibration = Calibration().restore(part("calibration", arrays))
