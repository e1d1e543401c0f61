"""The contract of predictors: a scikit-learn regressor of architectures, with a standard deviation."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Literal, Self, overload

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from ..encoders.named_arrays import nested, part
from ..spaces import Architectures, DataError, InputError, SearchSpace
from ..spaces.arguments import check_architectures, check_numbers
from ..spaces.difference import space_hint
from ..spaces.factory import check_named, space_from_json, space_to_json
from ..spaces.real_numbers import given_values
from .answers import checked_answers
from .parameters import pack, unpack
from .sample_weights import checked_weights
from .saving import check_kind, read_state, write_state
from .target import Target, make_target

__all__ = ["Predictor", "restored"]

LARGEST = 1e150  # of values, whose squares are added
NO_SPREAD = 1e-5  # a standard deviation of equal values that is no more than rounding, or a floor to divide by


class Predictor(RegressorMixin, BaseEstimator, ABC):  # type: ignore[misc]
    """Learns architectures → metric on one task.

    ``fit`` and ``predict`` check what they are given and map ``y`` to a target and back; a subclass writes `_fit` and
    `_predict` in the target's units, and `_state` and `_restore` for what it learned. ``__init__`` takes keyword
    arguments and only stores them; learned attributes end in an underscore.

    Args:
        target: ``"normal-scores"`` learns ranks, which neither skew nor outliers sway; ``"standard"`` the values.

    >>> from augury.spaces import ChoiceSpace
    >>> class Mean(Predictor):
    ...     def _fit(self, architectures, z):
    ...         self._mean, self._std = z.mean(), z.std()
    ...     def _predict(self, architectures):
    ...         return np.full(len(architectures), self._mean), np.full(len(architectures), self._std)
    ...     def _state(self):
    ...         return {"mean": np.array(self._mean), "std": np.array(self._std)}
    ...     def _restore(self, arrays):
    ...         self._mean, self._std = float(arrays["mean"]), float(arrays["std"])
    >>> architectures = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    >>> Mean(target="standard").fit(architectures[:2], [1.0, 3.0]).predict(architectures).tolist()
    [2.0, 2.0, 2.0]
    """

    target: str = "normal-scores"  # where a subclass's constructor sets none

    def __init__(self, *, target: str = "normal-scores") -> None:
        self.target = target

    def fit(
        self,
        architectures: Architectures,
        y: npt.ArrayLike | None = None,  # it must be given; without it, the error below says so
        sample_weight: npt.ArrayLike | None = None,
    ) -> Self:
        """Learn from ``n >= 1`` evaluated architectures.

        Args:
            architectures: ``n`` of them.
            y: ``(n,)`` values, larger is better.
            sample_weight: ``(n,)`` weights, not negative, that go as one over the variance of each value's noise, such
                as the number of trainings that it is the mean of; `augury.data.seed_weights` finds them. Only their
                proportions count: a value of mean weight has the noise that all have without weights, in the units
                in which the predictor learns, and a row of weight 0 is as good as left out.

        Raises:
            InputError: No architectures, another length of ``y``, a value that is no finite number or beyond ±1e150,
                weights that are no weights, or any for a predictor that cannot use them; or an argument of the
                constructor is no number that it may be.
        """
        check_numbers(self)
        check_architectures(architectures, "fit", "y")
        values = given_values(y, "fit")
        if values.shape != (len(architectures),) or not len(values):
            raise InputError(f"fit needs one value an architecture; got {len(architectures)} and y of {values.shape}.")
        if not np.isfinite(values).all():
            bad = np.flatnonzero(~np.isfinite(values))
            raise InputError(
                f"y has {len(bad)} values that are not finite, the first, {values[bad[0]]}, in row {bad[0]}; "
                "leave those rows out: keep = np.isfinite(y)."
            )
        if np.abs(values).max() > LARGEST:
            row = int(np.abs(values).argmax())
            raise InputError(
                f"y has {values[row]:g} in row {row}, of which no variance can be told; leave such rows out, or learn "
                f"y in other units, up to ±{LARGEST:g}."
            )
        weights = None
        if sample_weight is not None:
            weights = checked_weights(sample_weight, len(values))
            architectures, values, weights = architectures[weights > 0], values[weights > 0], weights[weights > 0]
        self.space_ = architectures.space
        self.target_ = self._new_target().fit(values)
        self._learn(architectures, self.target_.transform(values), weights)
        return self

    @overload
    def predict(self, architectures: Architectures) -> npt.NDArray[np.float64]: ...
    @overload
    def predict(self, architectures: Architectures, return_std: Literal[False]) -> npt.NDArray[np.float64]: ...
    @overload
    def predict(
        self, architectures: Architectures, return_std: Literal[True]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]: ...
    def predict(
        self, architectures: Architectures, return_std: bool = False
    ) -> npt.NDArray[np.float64] | tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The mean, ``(m,)``, and on request the standard deviation, ``(m,)``, both in the units of ``y``.

        Where ranks are learned (``target="normal-scores"``), the median stands for the mean, which keeps the order.

        The standard deviation is that of a new evaluation of the architecture, its noise included: that of a value of
        mean weight, where values have weights. So ``mean ± 1.645 std`` should hold 90 % of new values. Where it was
        fitted to one value, or to equal ones, nothing tells their spread, for which one unit of ``y`` then stands; it
        is the answer itself of predictors that have no other, such as forests.

        Raises:
            InputError: The architectures are of another space, or `_predict` gives something else than two finite
                numbers for each.
            NotFittedError: ``fit`` has not been called.
        """
        self._check(architectures)
        if not len(architectures):
            nothing = np.zeros(0)
            return (nothing, nothing) if return_std else nothing
        answers = self._predict(architectures)
        mean, std = checked_answers(answers, len(architectures), f"{type(self).__name__}._predict")
        if not return_std:
            return self.target_.centre(mean)
        if self.target_.equal:
            std = np.where(std < NO_SPREAD, 1.0, std)
        return self.target_.inverse(mean, std)

    def _check(self, architectures: Architectures) -> None:
        """Raise unless this predictor is fitted, and for the space of these architectures."""
        check_is_fitted(self, "space_")
        check_architectures(architectures, "predict")
        if architectures.space != self.space_:
            raise InputError(
                f"This predictor was fitted on {self.space_!r}, and got {architectures.space!r}."
                f"{space_hint(self.space_, architectures.space)}"
            )

    @property
    def takes_weights(self) -> bool:
        """Whether ``fit`` can weigh evaluations; where not, it refuses weights that differ."""
        return type(self)._fit_weighted is not Predictor._fit_weighted

    def _new_target(self) -> Target:
        """The map between values and what `_fit` and `_predict` see."""
        return make_target(self.target)

    def _fit_as_part(
        self,
        architectures: Architectures,
        target: Target,
        z: npt.NDArray[np.float64],
        weights: npt.NDArray[np.float64] | None = None,
    ) -> Self:
        """As a part of another predictor, whose target map it shares, learn that one's target values."""
        self.space_, self.target_ = architectures.space, target
        self._learn(architectures, z, weights)
        return self

    def _learn(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64] | None
    ) -> None:
        """`_fit`, or `_fit_weighted` where the weights, all above 0, differ."""
        if weights is None or not len(weights) or (weights == weights[0]).all():
            self._fit(architectures, z)
        else:
            self._fit_weighted(architectures, z, weights / weights.mean())

    @abstractmethod
    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        """Learn target values ``z``."""

    def _fit_weighted(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        """Learn target values with a noise variance of ``1 / weights``, up to a factor; the mean of weights is 1."""
        raise self._cannot_weigh()

    def _cannot_weigh(self) -> InputError:
        return InputError(
            f"{type(self).__name__} cannot weigh evaluations; leave sample_weight out, or take a predictor that can, "
            "such as 'auto', 'gaussian-process' or 'random-forest'."
        )

    @abstractmethod
    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation of the target, that of a new evaluation as in `predict`."""

    @abstractmethod
    def _state(self) -> dict[str, npt.NDArray[Any]]:
        """All that was learned, as named arrays."""

    @abstractmethod
    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Take up what `_state` gave; raises `KeyError` or `ValueError` if it does not fit."""

    def _learned(self) -> dict[str, npt.NDArray[Any]]:
        """All that `fit` learned, the target's map included, as named arrays."""
        return self._state() | nested("target", self.target_.state())

    def _relearn(self, space: SearchSpace, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Take up what `_learned` gave, for architectures of that space."""
        self.space_ = space
        self.target_ = self._new_target().restore(part("target", arrays))
        self._restore(dict(arrays))
        return self

    def _header(self) -> dict[str, Any]:
        """The constructor's arguments as JSON can write them."""
        parameters: dict[str, Any] = self.get_params(deep=False)
        return parameters

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fitted predictor to one safetensors file; nothing in it is code.

        Raises:
            InputError: The file cannot be written there, an argument is not data, as `LiveProxies`, or no longer what
                it was when ``fit`` was called, or the predictor or space is of a class that no name leads to when it is
                loaded.
            NotFittedError: ``fit`` has not been called.
        """
        from . import registry

        check_is_fitted(self, "space_")
        check_named(self.space_)
        arrays: dict[str, npt.NDArray[Any]] = {}
        header = {
            "predictor": registry.name_of(self),
            "parameters": pack(self._header(), arrays),
            "space": space_to_json(self.space_),
        }
        learned = self._learned() | arrays
        try:
            self._read_back(path, json.loads(json.dumps(header)), learned)
        except DataError as error:
            raise InputError(
                f"{type(self).__name__} could not be loaded again, as its arguments are others than when it was "
                "fitted; fit it again, then save it."
            ) from error
        write_state(path, header, learned)

    def _read_back(
        self, path: str | os.PathLike[str], header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
    ) -> Predictor:
        """The predictor that such a file would give; raises `DataError` if none."""
        return restored(path, header, arrays)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Predictor:
        """A predictor from the file that ``save`` wrote; it predicts exactly as the saved one did.

        Args:
            path: The file.

        Raises:
            DataError: There is no such file, or it is not a saved predictor.

        >>> import tempfile
        >>> from augury.predictors import load, make
        >>> from augury.spaces import ChoiceSpace
        >>> architectures = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
        >>> predictor = make("bayesian-ridge").fit(architectures, [1.0, 2.0, 3.0])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     predictor.save(f"{folder}/ridge.safetensors")
        ...     again = load(f"{folder}/ridge.safetensors")
        >>> bool((again.predict(architectures) == predictor.predict(architectures)).all())
        True
        """
        return restored(path, *read_state(path))


def restored(
    path: str | os.PathLike[str], header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
) -> Predictor:
    """The predictor that a file's header and arrays describe; raises `DataError`, which names the path, if none."""
    from . import registry

    check_kind(path, header, "predictor")
    try:
        predictor = registry.make(header["predictor"], **unpack(header["parameters"], arrays))
        predictor._relearn(space_from_json(header["space"]), arrays)
        _try(predictor)
    except (KeyError, ValueError, TypeError, IndexError, ArithmeticError, RuntimeError) as error:
        raise DataError(f"{os.fspath(path)!r} is not a saved predictor ({error}); save it again.") from error
    return predictor


def _try(predictor: Predictor) -> None:
    """Let it predict one architecture; what was learned may fit together and still be of no use."""
    with np.errstate(all="ignore"):
        try:
            answers = predictor._predict(predictor.space_.sample(1, np.random.default_rng(0)))
        except InputError:  # a table of features need not have this one
            return
        if not np.isfinite(predictor.target_.inverse(*answers)).all():
            raise ValueError("what it predicts is no number")
