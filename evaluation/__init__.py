"""Comparisons of strategies and predictors: metrics, intervals, sample efficiency, figures, reports."""

from typing import TYPE_CHECKING

from ..spaces.lazy import lazy

if TYPE_CHECKING:
    from .calibration import CalibrationCurve, calibration_curve, calibration_error, interval_score, sharpness
    from .comparison import compare
    from .curves import Curves, first_reaching, usual_budgets
    from .drawing import draw_architecture
    from .efficiency import evaluations_to_match, evaluations_to_optimum, format_evaluations, regret_at
    from .figures import draw_harm, draw_regret, draw_saved, regret_by_task
    from .harm import harm_by_task
    from .intervals import Interval, across_tasks, mean_interval, task_mean_interval
    from .k_shot import rank_meta_learners
    from .k_shot_figure import plot_k_shot
    from .learning_curve import plot_learning_curve
    from .metrics import (
        coverage,
        kendall_tau,
        nll,
        normalised_regret,
        rmse,
        spearman,
        top_k_precision,
        top_k_regret,
    )
    from .predictor_figures import plot_calibration, plot_predictions, plot_ranks
    from .progress import draw_progress
    from .ranking import rank_predictors
    from .report import write_report
    from .results import read, trials, write
    from .spoiled_sources import spoiled
    from .study_report import write_study_report
    from .text_drawing import sketch
    from .transfer_figures import plot_task_similarity, plot_weights, task_similarity
    from .warm_comparison import leave_one_out

__all__ = [
    "CalibrationCurve",
    "Curves",
    "Interval",
    "across_tasks",
    "calibration_curve",
    "calibration_error",
    "compare",
    "coverage",
    "draw_architecture",
    "draw_harm",
    "draw_progress",
    "draw_regret",
    "draw_saved",
    "evaluations_to_match",
    "evaluations_to_optimum",
    "first_reaching",
    "format_evaluations",
    "harm_by_task",
    "interval_score",
    "kendall_tau",
    "leave_one_out",
    "mean_interval",
    "nll",
    "normalised_regret",
    "plot_calibration",
    "plot_k_shot",
    "plot_learning_curve",
    "plot_predictions",
    "plot_ranks",
    "plot_task_similarity",
    "plot_weights",
    "rank_meta_learners",
    "rank_predictors",
    "read",
    "regret_at",
    "regret_by_task",
    "rmse",
    "sharpness",
    "sketch",
    "spearman",
    "spoiled",
    "task_mean_interval",
    "task_similarity",
    "top_k_precision",
    "top_k_regret",
    "trials",
    "usual_budgets",
    "write",
    "write_report",
    "write_study_report",
]

_PLACES = {
    "CalibrationCurve": "calibration",
    "Curves": "curves",
    "Interval": "intervals",
    "across_tasks": "intervals",
    "calibration_curve": "calibration",
    "calibration_error": "calibration",
    "compare": "comparison",
    "coverage": "metrics",
    "draw_architecture": "drawing",
    "draw_harm": "figures",
    "draw_progress": "progress",
    "draw_regret": "figures",
    "draw_saved": "figures",
    "evaluations_to_match": "efficiency",
    "evaluations_to_optimum": "efficiency",
    "first_reaching": "curves",
    "format_evaluations": "efficiency",
    "harm_by_task": "harm",
    "interval_score": "calibration",
    "kendall_tau": "metrics",
    "leave_one_out": "warm_comparison",
    "mean_interval": "intervals",
    "nll": "metrics",
    "normalised_regret": "metrics",
    "plot_calibration": "predictor_figures",
    "plot_k_shot": "k_shot_figure",
    "plot_learning_curve": "learning_curve",
    "plot_predictions": "predictor_figures",
    "plot_ranks": "predictor_figures",
    "plot_task_similarity": "transfer_figures",
    "plot_weights": "transfer_figures",
    "task_similarity": "transfer_figures",
    "rank_meta_learners": "k_shot",
    "rank_predictors": "ranking",
    "read": "results",
    "regret_at": "efficiency",
    "regret_by_task": "figures",
    "rmse": "metrics",
    "sharpness": "calibration",
    "sketch": "text_drawing",
    "spearman": "metrics",
    "spoiled": "spoiled_sources",
    "task_mean_interval": "intervals",
    "top_k_precision": "metrics",
    "top_k_regret": "metrics",
    "trials": "results",
    "usual_budgets": "curves",
    "write": "results",
    "write_report": "report",
    "write_study_report": "study_report",
}

__getattr__, __dir__ = lazy(__name__, _PLACES)
