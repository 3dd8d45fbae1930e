"""Measure models on FER2013 and FER+, and write reports. No torch.

::

    import mien.evaluation

    evaluation = mien.evaluation.evaluate("mien-s", "fer2013.csv", split="public")
    print(evaluation.figures["fer2013"]["accuracy"])
    mien.evaluation.write_report(evaluation, "report/")

Measuring needs no extra; reports and plots need the extra ``evaluate`` and raise ``ExtraMissing`` without it.
"""

from mien.evaluation.evaluations import Evaluation, evaluate
from mien.evaluation.predictions import Predictions, predict
from mien.evaluation.report import draw_plots, write_report

__all__ = ["Evaluation", "Predictions", "draw_plots", "evaluate", "predict", "write_report"]
