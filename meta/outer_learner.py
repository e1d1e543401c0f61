"""What meta-learners around others have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from sklearn.utils.validation import check_is_fitted

from ..predictors.unfitted import unfitted
from ..spaces import Architectures
from ..spaces.arguments import check_numbers
from .meta_learner import MetaLearner

__all__ = ["OuterLearner", "unfitted_learner"]


class OuterLearner(MetaLearner):
    """A meta-learner around another, which sees the sources as that one does.

    A subclass writes `_new_inner`, and sets ``_inner`` when it has learned.
    """

    _inner: MetaLearner

    @abstractmethod
    def _new_inner(self) -> MetaLearner:
        """One like that inside, not fitted."""

    @property
    def canonical(self) -> bool:  # type: ignore[override]  # which others set
        """Whether equivalent architectures are the same to the one inside."""
        return self._new_inner().canonical

    @property
    def source_target(self) -> str:  # type: ignore[override]
        """The scale on which the one inside sees each source's values."""
        return self._new_inner().source_target

    @property
    def sources_agree(self) -> bool:
        """What the one inside says of them."""
        check_is_fitted(self, "sources_")
        return self._inner.sources_agree

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        return self._inner._initial_design(n, candidates)

    def _informative_design(self, n: int, candidates: Architectures) -> Architectures:
        return self._inner._informative_design(n, candidates)


def unfitted_learner(
    given: str | MetaLearner, parameters: Mapping[str, Any] | None = None, *, argument: str
) -> MetaLearner:
    """The meta-learner of a name, with these parameters, or a copy of one that is not fitted.

    Raises:
        InputError: It is neither, an instance is given with parameters, or a number among these is none that it may be.
    """
    from . import registry

    learner = unfitted(given, parameters, argument=argument, kind=MetaLearner, registry=registry)
    check_numbers(learner)
    return learner
