"""Save the evidence of training runs in records/: everything but weights and checkpoints.

python tools/save_record.py runs/quick        # copies it to records/quick
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

RECORDS = Path(__file__).parents[1] / "records"
EVIDENCE = ("config.json", "environment.json", "log.jsonl", "metrics.json", "calibration.json", "curves.png")


def save(run: Path) -> Path:
    """Return the folder under ``records/`` that holds the run's evidence."""
    record = RECORDS / run.name
    record.mkdir(parents=True, exist_ok=True)
    for name in EVIDENCE:
        shutil.copyfile(run / name, record / name)
    return record


if __name__ == "__main__":
    for run in sys.argv[1:]:
        print(save(Path(run)))
