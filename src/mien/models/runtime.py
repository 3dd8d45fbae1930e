"""From the bytes of an ``.onnx`` file to a network that runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import WeightsCorrupt, WeightsMissing, reinstall
from mien.machine import processors

if TYPE_CHECKING:
    import onnxruntime

MAX_THREADS = 4
"""More threads than this only slow such small networks down."""


def read_weights(path: Path) -> bytes:
    """Return the bytes of an ``.onnx`` file; ``WeightsMissing`` when it is not there."""
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"the weights {path} are missing ({error.strerror}); put the file back or install mien again"
        raise WeightsMissing(f"{message}: {reinstall()}") from error


def opened(data: bytes, path: Path, *, threads: int | None) -> onnxruntime.InferenceSession:
    """Return the ONNX Runtime session of a model's bytes; ``WeightsCorrupt`` if they are not a model."""
    import onnxruntime

    options: Any = onnxruntime.SessionOptions()
    # 3 is errors only, no warnings.
    options.log_severity_level = 3
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = threads or default_threads()
    # ONNX Runtime keeps a memory plan per input size; pictures of many sizes would fill its arena.
    options.enable_mem_pattern = False
    # Threads that spin between two small runs take processor time from decoding and from other recognizers.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        message = f"{path} is not a model that ONNX Runtime can read ({type(error).__name__})"
        raise WeightsCorrupt(f"{message}; export it again with `mien export`") from error


def shrinking() -> onnxruntime.RunOptions:
    """Return options of a run after which the session gives back the memory that no other run uses.

    Left alone, a session keeps what its largest inputs took, once for each of the runs that went on side by side.
    """
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def default_threads() -> int:
    """Return how many threads are used by default: one per processor that this process may use, four at most."""
    return min(MAX_THREADS, processors())
