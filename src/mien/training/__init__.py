"""Train networks on FER2013, and turn them into model files. The only part of mien that knows torch.

::

    import mien.training

    run = mien.training.train_model("fer2013.csv", "runs/first", recipe="quick")
    print(run.log[-1]["watched_accuracy"])
    mien.training.export_model(run, "face.onnx", precision="int8-stored")

``train_model`` fits, calibrates and exports; ``fit``, ``calibrate`` and ``export_model`` are its three parts, and
``export_mean`` puts several models into one file. To see
how a network is fitted, read ``train.py`` from top to bottom.

Needs the extra ``train``; importing this without it raises ``ExtraMissing``, which says what to type.
"""

from mien import errors

errors.require("torch", "onnx", "onnxscript", "matplotlib", "jinja2", extra="train")

from mien.training.calibration import Calibration, calibrate  # noqa: E402  what they import may be missing
from mien.training.export import export_model  # noqa: E402
from mien.training.mean import export_mean  # noqa: E402
from mien.training.recipe import Recipe, load_recipe, recipe_names  # noqa: E402
from mien.training.run import Run  # noqa: E402
from mien.training.train import Progress, fit  # noqa: E402
from mien.training.workflow import train_model  # noqa: E402

__all__ = [
    "Calibration",
    "Progress",
    "Recipe",
    "Run",
    "calibrate",
    "export_mean",
    "export_model",
    "fit",
    "load_recipe",
    "recipe_names",
    "train_model",
]
