"""Sums over few of many rows, for networks on graphs that are not padded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

__all__ = ["Bags"]


@dataclass(frozen=True)
class Bags:
    """Which rows of a table each of ``b`` bags holds, such as the states that a node takes.

    Attributes:
        rows: ``(e,)``: the rows of the first bag, then those of the second, and so on.
        sizes: ``(b,)``: how many there are in each.
        height: How many rows the table has.

    >>> bags = Bags(torch.tensor([0, 1, 1]), torch.tensor([2, 1]), 2)  # the first holds both rows
    >>> bags.sums(torch.tensor([[1.0], [10.0]])).tolist()
    [[11.0], [10.0]]
    >>> bags.turned.sums(torch.tensor([[1.0], [10.0]])).tolist()  # the second row is in both
    [[1.0], [11.0]]
    """

    rows: Tensor
    sizes: Tensor
    height: int

    def __len__(self) -> int:
        return len(self.sizes)

    @cached_property
    def owners(self) -> Tensor:
        """``(e,)``: the bag of each entry."""
        return torch.repeat_interleave(torch.arange(len(self)), self.sizes)

    @cached_property
    def _offsets(self) -> Tensor:
        return torch.nn.functional.pad(self.sizes.cumsum(0), (1, 0))

    @cached_property
    def order(self) -> Tensor:
        """``(e,)``: where each entry of `turned` stands among those of the bags."""
        return self.rows.argsort(stable=True)

    @cached_property
    def turned(self) -> Bags:
        """For each row of the table, the bags that hold it: what a gradient goes along."""
        return Bags(self.owners[self.order], torch.bincount(self.rows, minlength=self.height), len(self))

    def side_by_side(self, k: int) -> Bags:
        """The bags for a table of which each row is cut into ``k``: the first bag's first parts, its second, and so on.

        >>> Bags(torch.tensor([0, 1]), torch.tensor([2]), 2).side_by_side(2).rows.tolist()
        [0, 2, 1, 3]
        """
        parts = self.rows.expand(k, -1) * k + torch.arange(k)[:, None]
        place = self.owners.expand(k, -1) * k + torch.arange(k)[:, None]
        order = place.flatten().argsort(stable=True)
        return Bags(parts.flatten()[order], self.sizes.repeat_interleave(k), self.height * k)

    def sums(self, table: Tensor, weights: Tensor | None = None) -> Tensor:
        """``(height, c)`` → ``(b, c)``: the sum of each bag's rows, times ``(e,)`` weights. It has no gradient."""
        found: Tensor = torch.embedding_bag(table.detach(), self.rows, self._offsets, False, 0, False, weights, True)[0]
        return found
