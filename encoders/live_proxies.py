"""Zero-cost proxies worked out when an architecture is met."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from ..spaces import Architecture, Architectures, InputError, SearchSpace
from . import proxies
from .encoder import Encoder

if TYPE_CHECKING:
    from torch import nn

    from .proxies.batch import Proxy

__all__ = ["LiveProxies"]


class LiveProxies(Encoder):
    """Builds each architecture's network and takes its zero-cost proxies (``abdelfattah2021``), one a column.

    A proxy ``s`` may be of any size, so the column is ``sign(s) ln(1 + |s|)``. Each network is built with the same
    random state of PyTorch, so that a row does not depend on what was built before. Where a whole space's scale is
    asked for, as by a Gaussian process, 512 networks are built; a forest only builds those it is given.

    It needs a function, so it has no name to be made by: give it itself to a predictor,
    ``RandomForest(encoder=LiveProxies(...))``. Such a predictor cannot be saved; one with a `ProxyTable` can.

    Args:
        build: Architecture → the network, not trained.
        batch: One batch of the task's data.
        names: Which proxies: names, or functions ``(model, batch) -> float``, whose own names the columns take.
        canonical: Build the canonical form.
        seed: Of the networks' first weights.

    Raises:
        UnknownNameError: There is no such proxy; raised by ``fit``.
        InputError: One is neither name nor function, or two have one name; raised by ``fit``. ``build`` gives no
            ``torch.nn.Module``; raised by ``transform``.

    >>> import torch
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"width": (8, 16)})
    >>> def build(architecture):
    ...     return torch.nn.Linear(4, space.decisions["width"][architecture.genotype[0]], bias=False)
    >>> batch = proxies.Batch((torch.ones(2, 4),), torch.tensor([0, 1]))
    >>> encoder = LiveProxies(build=build, batch=batch, names=["parameters", "snip"])
    >>> np.expm1(encoder.fit_transform(space.enumerate())[:, 0]).round(3).tolist()
    [32.0, 64.0]
    """

    def __init__(
        self,
        *,
        build: Callable[[Architecture], nn.Module],
        batch: proxies.Batch,
        names: Sequence[str | Proxy] = proxies.available(),
        canonical: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__(canonical=canonical)
        self.build = build
        self.batch = batch
        self.names = names
        self.seed = seed

    def __sklearn_clone__(self) -> Self:
        return type(self)(**self.get_params(deep=False))  # sharing the data, so that they share what they worked out

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return list(proxies.named(self.names))

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        import torch

        rows = np.empty((len(architectures), len(self.names)))
        for row, architecture in zip(rows, architectures, strict=True):
            with torch.random.fork_rng():
                torch.manual_seed(self.seed)
                model = self.build(architecture)
            if not isinstance(model, torch.nn.Module):
                raise InputError(
                    f"build gave {model!r} for {str(architecture)!r}; it is to give a torch.nn.Module. Does it return?"
                )
            row[:] = list(proxies.score(model, self.batch, self.names).values())
        finite = np.nan_to_num(rows, nan=0.0, posinf=1e300, neginf=-1e300)
        return (np.sign(finite) * np.log1p(np.abs(finite))).astype(np.float32)
