"""Any PyTorch Geometric module as a predictor."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.pipeline import FeatureUnion
from torch import Tensor, nn

from ..encoders import Encoder
from ..encoders.tensors import GraphTensors
from ..spaces import InputError, UnknownNameError
from .losses import Loss
from .network_predictor import NetworkPredictor
from .predictor import Predictor, restored
from .saving import read_state
from .sparse_gnn import MODULES, SparseMembers

__all__ = ["GeometricPredictor"]

OWN = "own module "
SINGLE = "Expected more than 1 value per channel"  # of PyTorch's batch normalisation


class GeometricPredictor(NetworkPredictor):
    """An ensemble of any PyTorch Geometric modules (``fey2019``), trained and calibrated as in `NetworkPredictor`.

    A module of one's own is saved as weights alone; to load them, pass it again:
    ``GeometricPredictor.load(path, module=MyNetwork)``.

    Args:
        module: What makes a network for a number of input channels, such as its class: ``module(in_channels)`` is a
            ``torch.nn.Module`` whose ``forward(x, edge_index, batch)`` gives ``(graphs, 1)``. Or the name of a
            ready-made one: ``"gin"``, ``"gcn"``, ``"gat"`` or ``"sage"``.
        members: Networks in the ensemble.
        steps: Gradient steps.
        batch: The most architectures a step sees.
        learning_rate: Largest step size; it falls to zero along a cosine.
        weight_decay: Of AdamW.
        loss: ``"hinge"``, ``"logistic"``, ``"listnet"``, ``"squared-error"`` or ``"mixture"``; or a function
            (`losses.Loss`).
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them, such as a `ProxyTable`. Their features
            join what a module says in a small network behind it (`SparseMembers`), so that a module of one's own stays
            as it is.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of initial weights, of what a member leaves out, of batches, and of what is random in the modules, such as
            dropout.

    Raises:
        InputError: ``module`` makes nothing of a number of channels alone, no ``torch.nn.Module``, or one without
            parameters; or it normalises over a batch and sees a single architecture. Raised by ``fit``.

    >>> from torch_geometric.nn import GCNConv, global_add_pool
    >>> class Sum(torch.nn.Module):
    ...     def __init__(self, in_channels):
    ...         super().__init__()
    ...         self.conv = GCNConv(in_channels, 1)
    ...     def forward(self, x, edge_index, batch):
    ...         return global_add_pool(self.conv(x, edge_index), batch)
    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = GeometricPredictor(module=Sum, members=2).fit(architectures, architectures.genotypes[:, 0])
    >>> mean = predictor.predict(architectures)
    >>> bool(mean[-1] > mean[0])
    True
    """

    def __init__(
        self,
        *,
        module: str | Callable[[int], nn.Module] = "gin",
        members: int = 3,
        steps: int = 150,
        batch: int = 256,
        learning_rate: float = 5e-3,
        weight_decay: float = 1e-2,
        loss: str | Loss = "hinge",
        encoders: Sequence[str | Encoder | FeatureUnion] = (),
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(
            members=members,
            steps=steps,
            batch=batch,
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            loss=loss,
            encoders=encoders,
            target=target,
            seed=seed,
        )
        self.module = module

    def _new_network(self, inputs: int, features: int) -> SparseMembers:
        make = self.module
        if isinstance(make, str):
            if make.startswith(OWN):
                raise InputError(
                    f"it was fitted with the {make}, of which a file holds the weights alone; load it with "
                    "GeometricPredictor.load(path, module=...), with the module that it was fitted with"
                )
            if make not in MODULES:
                raise UnknownNameError("module", make, MODULES)
            make = MODULES[make]
        if isinstance(make, nn.Module):
            raise InputError(
                "module= takes the class, or a function of the number of input channels that makes one, as each member "
                f"has a network of its own; got one that is made: {type(make).__name__}(...)."
            )
        if not callable(make):
            raise InputError(
                f"module= takes a name, one of {', '.join(MODULES)}, or what makes a module; got {make!r}."
            )
        _check_signature(make)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            networks = [make(inputs) for _ in range(self.members)]
        for network in networks:
            if not isinstance(network, nn.Module):
                raise InputError(f"module={make!r} made {network!r}; it is to make a torch.nn.Module.")
        members = SparseMembers(networks, features=features, seed=self.seed)
        if not any(parameter.requires_grad for parameter in members.parameters()):
            raise InputError(
                f"module={make!r} made a {type(networks[0]).__name__} without parameters, of which nothing can be "
                "learned; give it a layer that has some, such as torch.nn.Linear, or name encoders."
            )
        return members

    def _train(
        self,
        inputs: tuple[GraphTensors, Tensor | None],
        z: Tensor,
        weights: Tensor,
        loss: Loss,
        rng: np.random.Generator,
    ) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            try:
                super()._train(inputs, z, weights, loss, rng)
            except ValueError as error:
                if SINGLE not in str(error):
                    raise
                raise InputError(
                    f"The module normalises over a batch, of which it saw one architecture alone ({error}); give two "
                    "or more and a batch of as many, or a norm of single graphs, such as torch.nn.LayerNorm."
                ) from error

    def _header(self) -> dict[str, Any]:
        parameters = super()._header()
        if not isinstance(self.module, str):
            parameters["module"] = OWN + repr(getattr(self.module, "__name__", type(self.module).__name__))
        return parameters

    def _read_back(
        self, path: str | os.PathLike[str], header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
    ) -> Predictor:
        return _with_module(path, header, arrays, self.module if callable(self.module) else None)

    @staticmethod
    def load(path: str | os.PathLike[str], *, module: Callable[[int], nn.Module] | None = None) -> Predictor:
        """A predictor from the file that ``save`` wrote; it predicts exactly as the saved one did.

        Args:
            path: Of the file.
            module: The module that it was fitted with, if that was one of the user's own.

        Raises:
            DataError: There is no such file, or it is not a saved predictor, or not one with that module.
        """
        return _with_module(path, *read_state(path), module)


def _check_signature(make: Callable[[int], nn.Module]) -> None:
    """Raise unless it can be called with the number of input channels alone, as far as its signature tells."""
    try:
        signature = inspect.signature(make)
    except (TypeError, ValueError):  # of what is not written in Python
        return
    try:
        signature.bind(1)
    except TypeError as error:
        called = getattr(make, "__name__", type(make).__name__)
        raise InputError(
            f"module={called} is to make a network of the number of input channels alone, and cannot ({error}); give a "
            f"function that does: module=lambda in_channels: {called}(in_channels, ...). Its forward(x, edge_index, "
            "batch) is to give one value a graph, (graphs, 1)."
        ) from error


def _with_module(
    path: str | os.PathLike[str],
    header: Mapping[str, Any],
    arrays: Mapping[str, npt.NDArray[Any]],
    module: Callable[[int], nn.Module] | None,
) -> Predictor:
    """The predictor that a file's header and arrays describe, with that module if one is given."""
    parameters = header.get("parameters", {})
    if module is not None and "module" in parameters:
        header = {**header, "parameters": {**parameters, "module": module}}
    return restored(path, header, arrays)
