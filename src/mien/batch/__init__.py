"""Pictures by the million: one row for every face, on any number of machines, and resumable.

::

    import mien.batch

    summary = mien.batch.run(["photos/", "s3://bucket/more/"], "faces")
    print(summary.counts.faces, summary.counts.failed)

Ray schedules, retries and survives the loss of machines; mien decides what makes a shard and when it is done.
Needs the extra ``batch``; importing this without it raises ``ExtraMissing``, which says what to type.
"""

from mien import errors

errors.require("ray", "pyarrow", extra="batch")

from mien.batch.job import Progress, Summary, run  # noqa: E402  what they import may be missing

__all__ = ["Progress", "Summary", "run"]
