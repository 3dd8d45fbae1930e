"""Keep what a training run leaves as evidence: all but the weights and the checkpoint.

python tools/keep_record.py runs/quick        # copies it to records/quick
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

RECORDS = Path(__file__).parents[1] / "records"
EVIDENCE = ("config.json", "environment.json", "log.jsonl", "metrics.json", "calibration.json", "curves.png")


def keep(run: Path) -> Path:
    """Return the folder under ``records/`` with the run's evidence in it."""
    kept = RECORDS / run.name
    kept.mkdir(parents=True, exist_ok=True)
    for name in EVIDENCE:
        shutil.copyfile(run / name, kept / name)
    return kept


if __name__ == "__main__":
    for run in sys.argv[1:]:
        print(keep(Path(run)))
