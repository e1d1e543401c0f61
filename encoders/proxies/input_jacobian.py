"""How alike a network treats the inputs near each of them."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from .batch import Batch, compared, on_a_copy

__all__ = ["jacov"]

SMALL = 1e-5


@on_a_copy
def jacov(model: nn.Module, batch: Batch) -> float:
    """Jacobian covariance (``mellor2021``, first version), ``−Σ (ln(λ + ε) + 1 / (λ + ε))`` with ``ε = 10⁻⁵``.

    ``λ`` are the eigenvalues of the correlations between the rows of the Jacobian: the gradient of the summed outputs
    with respect to the first input, one row an image or node. A row that does not vary correlates with no other. Of
    more than 256 rows, 256 evenly spaced ones are compared.

    Args:
        model: The network.
        batch: Its inputs; targets are not looked at.
    """
    x = batch.inputs[0].detach().clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(model(*batch.with_first(x)).sum(), x)
    rows = gradient.flatten(1).double().cpu().numpy()[compared(batch.rows)]
    rows = rows - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)
    correlations = rows @ rows.T
    np.fill_diagonal(correlations, 1.0)
    eigenvalues = np.maximum(np.linalg.eigvalsh(correlations), 0) + SMALL
    return -float((np.log(eigenvalues) + 1 / eigenvalues).sum())
