"""Ray: a cluster on this machine alone, or an existing one, and work spread over it.

Shards are Ray tasks, not calls of actors: Ray keeps the processes that tasks run in, so each still makes its recognizer
only once, and when a machine is lost Ray gives its tasks to the others. A restarted actor would keep its tasks waiting
for a free processor, which on the smaller cluster may never come.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from typing import Any, Final

import ray
from ray import exceptions

from mien.batch.counts import Counts
from mien.batch.shards import Shard
from mien.batch.worker import Job, read_shard
from mien.errors import ExtraMissing, MienError, RunError
from mien.machine import processors

RETRIES: Final = 3
"""How often a shard is retried after its process or machine was lost, or its store or disk failed."""

TOKEN: Final = secrets.token_hex(32)
"""The token that commands to this process's own Ray must carry: Ray listens on all of the machine's addresses."""

CLIENT: Final = "ray://"
"""How addresses begin through which one uses a cluster from outside."""

OBJECTS: Final = 100 << 20
"""Bytes of shared memory for Ray's objects, close to its minimum: pictures never travel between processes."""

REACHED_WITHIN: Final = 10.0
"""Seconds within which a cluster's address must answer."""

AHEAD: Final = 2
"""How many shards per processor Ray has at once, so that no processor waits for the driver; the rest is not listed."""


@contextlib.contextmanager
def connected(address: str | None, jobs: int | None) -> Iterator[None]:
    """Connect to a cluster for the time of a block; without ``address``, or one in ``RAY_ADDRESS``, start one on
    this machine and stop it again.

    If the process already uses Ray, that cluster is used. ``RunError`` if there is no cluster, ``ExtraMissing`` if
    ``ray://`` needs Ray's client.
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
    """Find out in seconds, where Ray takes minutes, that nothing listens at HOST:PORT.

    ``ExtraMissing`` if an address from outside is given and Ray's client is not installed.
    """
    if address.startswith(CLIENT) and find_spec("grpc") is None:
        raise ExtraMissing(f"{address} needs Ray's client, here and on the cluster: pip install 'ray[client]'")
    host, colon, port = address.removeprefix(CLIENT).rpartition(":")
    if colon and port.isdecimal() and "://" not in host:
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
    """Yield each shard with its counts as it is finished; ``jobs`` of them at once, or as many as possible.

    A shard that keeps killing its process is read once more, warily: a picture that is to blame gets a row. If that
    fails too, as when the shard was killed from outside, it comes with a ``RunError``. Errors of the job as a whole are
    raised. Shards are taken from the iterable as processors become free. If the caller stops early, Ray's tasks end
    with the connection: cancelling them can abort the process (Ray 2.60).
    """
    task = ray.remote(num_cpus=1, max_retries=RETRIES, retry_exceptions=[OSError])(read_shard)
    given = ray.put(job)
    running: dict[Any, tuple[Shard, bool]] = {}

    def start(shard: Shard, *, wary: bool) -> None:
        running[task.remote(given, shard, wary=wary)] = shard, wary

    def finished() -> Iterator[Outcome]:
        shard, wary, outcome = _finished(running)
        if isinstance(outcome, MienError) and not wary:
            start(shard, wary=True)
        else:
            yield shard, outcome

    at_once = _limit(jobs)
    for shard in shards:
        start(shard, wary=False)
        if len(running) >= at_once():
            yield from finished()
    while running:
        yield from finished()


def _limit(jobs: int | None) -> Callable[[], int]:
    """Return a function that gives how many shards Ray may have now; clusters grow and shrink."""
    if jobs is not None:
        return lambda: jobs
    return lambda: AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))


def _finished(running: dict[Any, tuple[Shard, bool]]) -> tuple[Shard, bool, Counts | MienError]:
    (reference, *_), _ = ray.wait(list(running), num_returns=1)
    shard, wary = running.pop(reference)
    try:
        counts: Counts = ray.get(reference)
        return shard, wary, counts
    except exceptions.RayTaskError as error:
        raise error.cause from error
    except exceptions.RayError as error:
        first, last = shard.places[0], shard.places[-1]
        pictures = f"{first} to {last}" if first != last else f"{first}"
        times = 2 * (RETRIES + 1)
        return shard, wary, RunError(f"{shard.file} ({pictures}): its process was lost {times} times: {_short(error)}")


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
