"""Transfer with a guard: several ways to use the sources, and one that does not know them, stacked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from scipy.stats import norm
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from ..encoders.named_arrays import nested, part
from ..predictors.gaussian_process import GaussianProcess
from ..predictors.held_out import HeldOutPredictor
from ..predictors.kernels import Kernel
from ..predictors.predictor import Predictor
from ..spaces import Architectures
from .encodings import MORE_ENCODERS
from .graph_source_network import GraphSourceNetwork
from .source_gps import SourceGPs
from .source_network import SourceNetwork
from .sources import Sources
from .transfer_blend_predictor import TransferBlendPredictor
from .transfer_gp import TransferGP

__all__ = ["TransferBlend"]

Array = npt.NDArray[np.float64]

# trust below which the sources have nothing in common; on NAS-Bench-Graph 0.46 and more, and up to 0.15 if shuffled
UNRELATED = 0.25
CONVINCING = 3.0  # by how much the log-likelihood must then be better with the sources


class TransferBlend(TransferGP):
    """The transfer Gaussian process, trees on what the sources say, and a guard that knows of no source.

    On the target, four members learn: the process of `TransferGP`, on more encodings, with a kernel for each member of
    a network and a prior mean that trusts the consensus as far as the sources followed each other; extremely
    randomised trees on the sources' predicted values and the networks' hidden units; the same with the architecture's
    own features; and a Gaussian process of the default predictor, from 100 evaluations on all of that (`Blend`), which
    the sources cannot mislead. Their weights fit the target's evaluations by predictions held out (`Stack`). They start
    from how far the sources followed each other: sources that have nothing in common leave all the weight to the last
    member, until the evaluations say otherwise. With 100 evaluations and more the last member starts with more, up to
    half of it all, the fewer a source has beside them.

    Beside the networks of `TransferGP` it has graph networks of another width, which see other things in the sources.

    It predicts better than `TransferGP` from 20 evaluations on, and useless sources do it little harm. In a search it
    would be slower and no better, so there it stands back for that process (`surrogate`), which shares its networks;
    one that is to search alone is fitted faster without the wide ones (`for_search`).

    Args:
        trees: In each of the two forests.
        members: Graph networks trained side by side.
        hidden: Width of their nodes' states.
        layers: Rounds of message passing.
        wide_members: Graph networks of another width, with as many rounds; 0 for none.
        wide_hidden: That width.
        feature_from: From so many architectures of the sources on perceptrons on graph features and genotypes join.
        feature_members: Such perceptrons trained side by side.
        feature_hidden: Width of their two hidden layers.
        epochs: How often the sources' architectures are gone through.
        steps: The most gradient steps, which bounds the time of training.
        batch: Architectures a step.
        learning_rate: Largest step size.
        weight_decay: Of AdamW.
        points: Evaluations of a source, at most, that its own Gaussian process learns from; 0 for no process.
        seed: Of the networks, the trees, and the choice of points.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = TransferBlend(members=1, hidden=16, wide_members=0, epochs=100, trees=20).fit([source])
    >>> predictor = meta.adapt(architectures[::20], -5.0 + y[::20])
    >>> bool(np.corrcoef(predictor.predict(architectures), y)[0, 1] > 0.9)
    True
    >>> [member.name for member in predictor.explain().members][-1]
    'Gaussian process without the sources'
    """

    _least: ClassVar[Mapping[str, int]] = {"wide_members": 0}

    def __init__(
        self,
        *,
        trees: int = 100,
        members: int = 2,
        hidden: int = 48,
        layers: int = 3,
        wide_members: int = 2,
        wide_hidden: int = 96,
        feature_from: int = 10_000,
        feature_members: int = 3,
        feature_hidden: int = 256,
        epochs: int = 40,
        steps: int = 1000,
        batch: int = 512,
        learning_rate: float = 3e-3,
        weight_decay: float = 1e-2,
        points: int = 400,
        seed: int = 0,
    ) -> None:
        super().__init__(
            members=members,
            hidden=hidden,
            layers=layers,
            feature_from=feature_from,
            feature_members=feature_members,
            feature_hidden=feature_hidden,
            epochs=epochs,
            steps=steps,
            batch=batch,
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            points=points,
            seed=seed,
        )
        self.trees = trees
        self.wide_members = wide_members
        self.wide_hidden = wide_hidden

    def _new_networks(self, *, features: bool) -> list[SourceNetwork]:
        networks = super()._new_networks(features=features)
        if self.wide_members:
            networks.append(
                GraphSourceNetwork(
                    members=self.wide_members, hidden=self.wide_hidden, layers=self.layers, training=self._training()
                )
            )
        return networks

    def _new_gps(self, points: int) -> SourceGPs:
        kernels = [Kernel("matern") for _ in MORE_ENCODERS]
        return SourceGPs(points=points, seed=self.seed, encoders=MORE_ENCODERS, kernels=kernels)

    def _fit(self, sources: Sources) -> None:
        super()._fit(sources)
        self._searcher = self._as_process(super()._new_gps(self.points).fit(sources) if self.points else None)

    def _as_process(self, gps: SourceGPs | None, trust: npt.NDArray[Any] | None = None) -> TransferGP:
        """`TransferGP` with the networks that it has, too."""
        parameters = {name: getattr(self, name) for name in TransferGP._get_param_names()}
        process = TransferGP(**parameters)
        process.sources_ = self.sources_
        shared = len(self._model.networks) - (self.wide_members > 0)
        process._use(self._model.beside(shared, gps, self.sources_), trust)
        return process

    def for_search(self) -> Self:
        """The same without the wide networks, which take most of the time of fitting."""
        lean: Self = clone(self).set_params(wide_members=0)
        return lean

    @property
    def sources_agree(self) -> bool:
        """Whether the sources followed each other, or there is one alone."""
        check_is_fitted(self, "sources_")
        return self._searcher._trust >= UNRELATED

    def surrogate(self, architectures: Architectures, y: npt.ArrayLike) -> Predictor:
        """What `TransferGP` would adapt, had it trained these networks.

        Where the sources followed each other nowhere, it is a Gaussian process that knows of none, unless the
        evaluations speak for them: held out, they are ``exp(CONVINCING)`` times as likely with the sources.
        """
        check_is_fitted(self, "sources_")
        process = self._searcher.surrogate(architectures, y)
        if self.sources_agree or not len(architectures):
            return process
        cold = GaussianProcess().fit(architectures, y)
        with_sources, without = (_held_out_likelihood(some, y) for some in (process, cold))
        return process if with_sources - without > CONVINCING else cold

    def _subset(self, kept: Sequence[int]) -> Self:
        few = super()._subset(kept)
        few._searcher = self._searcher._subset(kept)
        return few

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        gps = self._searcher._model.gps
        trust = {"trust": np.asarray([self._searcher._trust])}
        return super()._state() | nested("searcher", trust | ({} if gps is None else gps.thetas()))

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        super()._restore(arrays)
        own = part("searcher", arrays)  # both have drawn the same evaluations of the sources
        gps = super()._new_gps(self.points).restore(arrays | own, self.sources_) if self.points else None
        self._searcher = self._as_process(gps, own.get("trust"))

    def _adapt(self, architectures: Architectures, y: Array) -> Predictor:
        predictor = TransferBlendPredictor(
            model=self._model,
            trust=self._trust,
            source_size=float(np.median(np.isfinite(self.sources_.scores).sum(axis=0))),
            trees=self.trees,
            seed=self.seed,
        )
        return predictor.fit(architectures, y)


def _held_out_likelihood(predictor: HeldOutPredictor, y: npt.ArrayLike) -> float:
    """The logarithm of the density of all values, each by the others, on the scale that was learned."""
    mean, std = predictor.held_out()
    z = predictor.target_.transform(np.asarray(y, dtype=np.float64))
    return float(np.sum(norm.logpdf(z, mean, std)))
