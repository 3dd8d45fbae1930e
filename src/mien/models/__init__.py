"""The networks: one ``<name>.json`` record and one ``<name>.onnx`` file per model, checked before use."""

from mien.models.records import Record, names, record
from mien.models.runtime import default_threads, shrinking
from mien.models.sessions import session, verify

__all__ = ["Record", "default_threads", "names", "record", "session", "shrinking", "verify"]
