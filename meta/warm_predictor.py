"""A fitted meta-learner as a predictor among others: scikit-learn can clone and refit it, and it is saved whole."""

from __future__ import annotations

import os
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.frozen import FrozenEstimator
from sklearn.utils.validation import check_is_fitted

from ..predictors.saving import check_kind, read_state, write_state
from ..spaces import Architectures, DataError, InputError
from ..spaces.factory import space_from_json, space_to_json
from .adapted_predictor import AdaptedPredictor
from .meta_learner import MetaLearner

__all__ = ["WarmPredictor"]

KIND = "warm predictor"  # in a file's header, beside the meta-learner
OWN = "evaluations"  # of the target task, among its arrays


class WarmPredictor(AdaptedPredictor):
    """What a meta-learner predicts on a new task, as a predictor that is fitted to evaluations, and saved with them.

    ``fit`` is the meta-learner's `MetaLearner.adapt`; the sources are not learned again. A file holds the meta-learner
    and the evaluations, and loading it adapts the one to the others, so that it predicts exactly as the saved one did.

    Args:
        learner: A fitted meta-learner; clones share it. Where scikit-learn is to choose among several, as in a grid
            search, which would make them forget, give each as a ``sklearn.frozen.FrozenEstimator``.

    Attributes:
        adapted_: What the meta-learner gave, which may explain itself.

    >>> import tempfile
    >>> from augury.data import Metric, Task
    >>> from augury.meta import make
    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)}).enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"m": Metric(y, "maximize")}, objective="m")
    >>> warm = WarmPredictor(learner=make("portfolio").fit([source])).fit(architectures[::5], 70 + y[::5])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     warm.save(f"{folder}/warm.safetensors")
    ...     again = WarmPredictor.load(f"{folder}/warm.safetensors")
    >>> bool((again.predict(architectures) == warm.predict(architectures)).all())
    True
    """

    def __init__(self, *, learner: MetaLearner | FrozenEstimator) -> None:
        self.learner = learner

    def __sklearn_clone__(self) -> WarmPredictor:
        """A clone shares what was learned from the sources."""
        return WarmPredictor(learner=self.learner)

    @property
    def takes_weights(self) -> bool:
        """Whether what the meta-learner gives can weigh evaluations."""
        learner = self._learner()
        return learner.adapt(learner.space.from_genotypes([]), []).takes_weights

    def fit(
        self,
        architectures: Architectures,
        y: npt.ArrayLike | None = None,
        sample_weight: npt.ArrayLike | None = None,
    ) -> Self:
        """Adapt the meta-learner; arguments and errors are those of `MetaLearner.adapt`."""
        self.adapted_ = self._learner().adapt(architectures, y, sample_weight)
        self.space_, self.target_ = self.adapted_.space_, self.adapted_.target_
        self._own = {"genotypes": architectures.genotypes.copy(), "values": np.array(y, dtype=np.float64)}
        if sample_weight is not None:
            self._own["weights"] = np.array(sample_weight, dtype=np.float64)
        return self

    def _learner(self) -> MetaLearner:
        """The fitted meta-learner itself."""
        given: Any = self.learner
        found = given.estimator if isinstance(given, FrozenEstimator) else given
        if not isinstance(found, MetaLearner):
            raise InputError(
                f"learner= takes a fitted meta-learner, as augury.meta.make('auto').fit(tasks) gives; got {given!r}."
            )
        return found

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        raise InputError("A WarmPredictor is no part of another predictor; give that one the meta-learner's name.")

    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        return self.adapted_._predict(architectures)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the meta-learner and the evaluations to one safetensors file; nothing in it is code.

        `MetaLearner.load` reads the meta-learner alone from it.

        Raises:
            InputError: As `MetaLearner.save`.
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "adapted_")
        header, arrays = self._learner()._packed()
        own = {f"{OWN}.{name}": array for name, array in self._own.items()}
        write_state(path, {**header, KIND: {"space": space_to_json(self.space_)}}, arrays | own)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> WarmPredictor:
        """The predictor from the file that ``save`` wrote.

        Raises:
            DataError: There is no such file, or it is none of these.
        """
        header, arrays = read_state(path)
        check_kind(path, header, KIND)
        learner = MetaLearner._unpacked(path, header, arrays)
        try:
            own = space_from_json(header[KIND]["space"]).from_genotypes(arrays[f"{OWN}.genotypes"])
            values, weights = arrays[f"{OWN}.values"], arrays.get(f"{OWN}.weights")
            return WarmPredictor(learner=learner).fit(own, values, weights)
        except (KeyError, ValueError, TypeError, IndexError, ArithmeticError, RuntimeError) as error:
            raise DataError(f"{os.fspath(path)!r} is not a saved predictor ({error}); save it again.") from error
