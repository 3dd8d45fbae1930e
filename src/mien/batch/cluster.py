"""Ray: a cluster of this machine alone, or one that is there, and work spread over it.

Shards are tasks of Ray's, not calls of actors: Ray keeps the processes that tasks run in, so each makes its recognizer
once all the same, and when a machine is lost Ray gives its tasks to the others. An actor that is started anew keeps its
tasks waiting until a processor is free for it, which on the smaller cluster never comes.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import ray
from ray import exceptions

from mien.batch.counts import Counts
from mien.batch.shards import Shard
from mien.batch.worker import Job, read_shard
from mien.errors import MienError, RunError
from mien.machine import processors

RETRIES: Final = 3
"""How often a shard is done again whose process or machine was lost, or whose store or disk failed."""

TOKEN: Final = secrets.token_hex(32)
"""What commands to a Ray of this process must carry: its processes listen on all of the machine's addresses."""

OBJECTS: Final = 100 << 20
"""Bytes of shared memory for Ray's objects, near its least: pictures never travel between processes."""

REACHED_WITHIN: Final = 10.0
"""Seconds within which something must answer where a cluster is meant to be."""

AHEAD: Final = 2
"""How many shards per processor are with Ray at once, so that none waits for the driver; the others are not listed."""


@contextlib.contextmanager
def connected(address: str | None, jobs: int | None) -> Iterator[None]:
    """Connect to a cluster for the time of a block; without ``address``, or one in ``RAY_ADDRESS``, start one on
    this machine and stop it again.

    Where Ray is in use by the process already, that is what is used. ``RunError`` where there is no cluster.
    """
    if ray.is_initialized():
        yield
        return
    address = address or os.environ.get("RAY_ADDRESS")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if address:
        _check_reachable(address)
    else:
        os.environ.setdefault("RAY_AUTH_TOKEN", TOKEN)
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        context = ray.init(address, **quiet) if address else ray.init("local", **_alone(jobs), **quiet)
    except Exception as error:  # Ray raises the plain class, too.
        where = f"at {address}: {_short(error)}; `ray start --head` starts one"
        alone = f"on this machine: {_short(error)} It may be too busy; try again"
        raise RunError(f"no Ray {where if address else alone}") from error
    try:
        yield
    finally:
        ray.shutdown()
        if not address:
            shutil.rmtree(context.address_info["session_dir"], ignore_errors=True)


def _check_reachable(address: str) -> None:
    """Find out in seconds what Ray takes minutes for: that nothing listens at HOST:PORT."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdecimal() and "://" not in address:
        try:
            socket.create_connection((host, int(port)), timeout=REACHED_WITHIN).close()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise RunError(f"no Ray at {address}: {reason}; `ray start --head` starts one") from error


def _alone(jobs: int | None) -> dict[str, Any]:
    return {
        "num_cpus": jobs or processors(),
        "include_dashboard": False,
        "object_store_memory": OBJECTS,
    }


Outcome = tuple[Shard, Counts | MienError]


def spread(job: Job, shards: Iterable[Shard], *, jobs: int | None) -> Iterator[Outcome]:
    """Yield each shard with what was counted, as they are finished; ``jobs`` of them at once, or as many as can be.

    A shard that takes its process down again and again comes with a ``RunError``. What is wrong with the job as a
    whole is raised. Shards are taken from the iterable as processors come free. When the caller stops early, the tasks
    that are with Ray end with the connection: cancelling them can abort the process (Ray 2.60).
    """
    task = ray.remote(num_cpus=1, max_retries=RETRIES, retry_exceptions=[OSError])(read_shard)
    given = ray.put(job)
    running: dict[Any, Shard] = {}
    at_once = _limit(jobs)
    for shard in shards:
        running[task.remote(given, shard)] = shard
        if len(running) >= at_once():
            yield _finished(running)
    while running:
        yield _finished(running)


def _limit(jobs: int | None) -> Callable[[], int]:
    """Return a function of how many shards may be with Ray now; clusters grow and shrink."""
    if jobs is not None:
        return lambda: jobs
    return lambda: AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))


def _finished(running: dict[Any, Shard]) -> Outcome:
    (reference, *_), _ = ray.wait(list(running), num_returns=1)
    shard = running.pop(reference)
    try:
        counts: Counts = ray.get(reference)
        return shard, counts
    except exceptions.RayTaskError as error:
        raise error.cause from error
    except exceptions.RayError as error:
        first, last = shard.places[0], shard.places[-1]
        pictures = f"{first} to {last}" if first != last else f"{first}"
        return shard, RunError(f"{shard.file} ({pictures}): its process was lost {RETRIES + 1} times: {_short(error)}")


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
