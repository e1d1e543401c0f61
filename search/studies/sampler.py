"""A search strategy as an Optuna sampler."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial, TrialState

from ...spaces import Architecture, Architectures, InputError, SearchSpace, StudyError
from ...spaces.difference import space_hint
from ..arguments import check_candidates, check_seed, check_space
from ..history import History
from ..strategy import Strategy, check_strategy
from .distributed import as_distributed, check_kind_of, suggested
from .parameters import Parameters
from .trials import ARCHITECTURE, FAILURE, OWN, WITHDRAWN, is_among, sign_of, to_history

__all__ = ["StrategySampler"]

GENOTYPE = OWN + "genotype"  # a trial's system attribute: what the strategy proposed


class StrategySampler(BaseSampler):
    """Lets Optuna sample with a strategy of ours; `Study` does, and so may any `optuna.Study` of one objective.

    A study of several objectives is refused when it asks for its first trial, the first that Optuna shows of it.

    The history is read from the trials each time, and the randomness depends only on the seed and on how many
    evaluations have ended or are under way, so a run that was stopped goes on as if it had not been.

    The objective function gets the architecture by `architecture`, or suggests the parameters itself, by the names of
    the space's decisions: as categories or, where the choices are numbers, from a range (``trial.suggest_int``), and as
    the study's earlier trials did.

    Optuna's own ``optimize`` may evaluate one architecture twice when it runs in parallel; `Study.run` does not.

    Args:
        strategy: The search strategy.
        space: The search space.
        objective: The objective's name among the history's metrics.
        seed: A non-negative integer.
        candidates: The only architectures that may be proposed; by default, all of the space.
        parameters: Names and choices of the Optuna parameters; by default, as the space names them.

    Raises:
        InputError: An argument is not of its kind, the seed is negative, or the parameters or candidates are of
            another space.

    >>> import optuna
    >>> from augury.search.strategy import Strategy
    >>> from augury.spaces import ChoiceSpace
    >>> class First(Strategy):
    ...     def _propose(self, history, n, rng):
    ...         everything = history.space.enumerate()
    ...         return everything[~np.isin(everything.keys(), history.seen.keys())][:n]
    >>> sampler = StrategySampler(First(), ChoiceSpace({"first": ("conv", "pool")}))
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> study = optuna.create_study(sampler=sampler, direction="maximize")
    >>> study.optimize(lambda trial: len(str(sampler.architecture(trial))), n_trials=2)
    >>> [trial.user_attrs["architecture"] for trial in study.trials]
    ['first=conv', 'first=pool']
    """

    def __init__(
        self,
        strategy: Strategy,
        space: SearchSpace,
        *,
        objective: str = "value",
        seed: int = 0,
        candidates: Architectures | None = None,
        parameters: Parameters | None = None,
    ) -> None:
        check_strategy(strategy)
        check_space(space)
        check_seed(seed)
        if candidates is not None:
            check_candidates(candidates)
        for given, what in ((candidates, "candidates"), (parameters, "parameters")):
            if given is not None and given.space != space:
                raise InputError(
                    f"The space is {space!r}, and the {what} are of {given.space!r}; give those of one space."
                    f"{space_hint(space, given.space)}"
                )
        self.strategy = strategy
        self.space = space
        self.objective = objective
        self.seed = seed
        self.candidates = candidates
        self.parameters = parameters or Parameters(space)

    def history(self, study: optuna.Study, trials: Iterable[FrozenTrial] | None = None) -> History:
        """What a study knows so far, as the strategy sees it.

        Args:
            study: An Optuna study.
            trials: The trials to look at; by default, all of the study's.

        Raises:
            InputError: The study has several objectives.
        """
        _check_objectives(study)
        return to_history(
            study.get_trials(deepcopy=False) if trials is None else trials,
            self.parameters,
            objective=self.objective,
            sign=sign_of(study),
            candidates=self.candidates,
        )

    def propose(self, history: History) -> Architecture | None:
        """What to evaluate next; None if the space, or the candidates, are used up.

        Raises:
            StudyError: The strategy proposes what is evaluated or under way.
        """
        rng = np.random.default_rng([self.seed, len(history) + len(history.pending)])
        proposed = self.strategy.propose(history, 1, rng)
        if not len(proposed):
            return None
        if is_among(proposed[0], history.seen):
            raise StudyError(
                f"The strategy {type(self.strategy).__name__} proposed {proposed[0]}, which is evaluated or under way "
                "already; a strategy proposes only what history.seen does not hold, up to canonical form."
            )
        return proposed[0]

    def architecture(self, trial: optuna.trial.BaseTrial) -> Architecture:
        """The architecture that a trial is about; for use in an objective function of one's own.

        Raises:
            InputError: The trial's parameters are not of the space.
        """
        given = trial.params
        values = {
            name: given[name] if name in given else suggested(trial, name, choices)
            for name, choices in self.parameters.choices.items()
        }
        genotype = self.parameters.genotype(values)
        if genotype is None:
            raise InputError(f"The parameters {values!r} are not an architecture of {self.space}.")
        return self.space.from_genotypes([genotype])[0]

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        """Refuses a study of several objectives, with the trial that it has just begun.

        Raises:
            InputError: The study has several objectives.
        """
        try:
            _check_objectives(study)
        except InputError:
            study._storage.set_trial_user_attr(trial._trial_id, WITHDRAWN, "the study has several objectives")
            study._storage.set_trial_state_values(trial._trial_id, TrialState.FAIL)
            raise

    def infer_relative_search_space(self, study: optuna.Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """None: how a parameter is distributed is known when the objective function suggests it."""
        return {}

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Takes note of the architecture that the strategy proposes, which `sample_independent` then tells."""
        others = (other for other in study.get_trials(deepcopy=False) if other.number != trial.number)
        try:
            proposed = self.propose(self.history(study, others))
            if proposed is None:
                raise StudyError(
                    f"Every architecture of {self.space} that may be proposed is evaluated; stop the study."
                )
        except Exception as error:  # no fault of an architecture, of which there is none
            study._storage.set_trial_user_attr(trial._trial_id, WITHDRAWN, str(error))
            raise
        study._storage.set_trial_system_attr(trial._trial_id, GENOTYPE, list(map(int, proposed.genotype)))
        study._storage.set_trial_user_attr(trial._trial_id, ARCHITECTURE, str(proposed))
        return {}

    def sample_independent(
        self, study: optuna.Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """The choice of the proposed architecture, if it can be what the objective function asks for.

        Raises:
            InputError: It cannot, or it is no parameter of the space; the trial is withdrawn, and counts as nothing.
        """
        genotype = study._storage.get_trial_system_attrs(trial._trial_id)[GENOTYPE]
        try:
            if param_name not in self.parameters.choices:
                raise InputError(
                    f"{param_name!r} is not a parameter of {self.space}; suggest one of "
                    f"{list(self.parameters.choices)}."
                )
            check_kind_of(study, param_name, param_distribution)
            return as_distributed(param_name, self.parameters.values(genotype)[param_name], param_distribution)
        except InputError as error:
            study._storage.set_trial_user_attr(trial._trial_id, WITHDRAWN, str(error))
            raise

    def after_trial(self, study: optuna.Study, trial: FrozenTrial, state: TrialState, values: object) -> None:
        """Marks a failure of Optuna's own loop as an evaluation, so that it is not proposed again."""
        if state == TrialState.FAIL and not {FAILURE, WITHDRAWN} & trial.user_attrs.keys():
            study._storage.set_trial_user_attr(trial._trial_id, FAILURE, "the objective function failed")


def _check_objectives(study: optuna.Study) -> None:
    if len(study.directions) > 1:
        raise InputError(
            f"The study {study.study_name!r} has {len(study.directions)} objectives, and a strategy searches by one; "
            "make it with direction=, and keep what else is measured by trial.set_user_attr(name, value)."
        )
