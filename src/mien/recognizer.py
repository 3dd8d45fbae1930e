"""From a picture to its Recognition: read, find the faces, bring them upright, read the look on each."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from mien import align, images, models
from mien.classify import Classifier, Reading
from mien.detect import Detector
from mien.errors import MienError
from mien.explain import Explanation, explain
from mien.images import ImageSource
from mien.parallel import in_order
from mien.results import Detection, Face, Failure, Recognition, Result

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Found:
    """A picture between finding and reading: no pixels of it are kept but its faces' upright crops, [N, 48, 48]."""

    source: str | None
    width: int
    height: int
    detections: tuple[Detection, ...]
    crops_nhw: Pixels
    reasons: tuple[tuple[str, ...], ...]


class Recognizer:
    """Finds every face in a picture and reads the look on it; made once, used often, safe to share between threads.

    ``model`` is a name, the path of an ``.onnx`` file or a training run's folder. ``threads`` is how many processor
    threads it uses: by default one per processor, four at most. ``labels`` is the reading that is shown: ``votes``, as
    ten people would name it, ``fer2013``, or ``balanced``, the votes were all looks equally common. Raises the errors
    of ``mien.models`` when it is made.

    >>> Recognizer(threads=1)(np.zeros((64, 64, 3), np.uint8)).faces
    ()
    """

    def __init__(
        self, model: str | Path | models.Record = "mien-s", *, threads: int | None = None, labels: str = "votes"
    ) -> None:
        self._classifier = Classifier(model, threads=threads, labels=labels)
        self._detector = Detector(threads=threads)
        self._threads = threads or models.default_threads()

    @property
    def record(self) -> models.Record:
        """Return the record of the model that is used."""
        return self._classifier.record

    def __call__(self, image: ImageSource, *, source: str | None = None) -> Recognition:
        """Return the faces of one picture, none when nobody is there.

        ``source`` is what the result calls the picture, by default its path. Raises ``UnreadableImage`` and
        ``ImageTooLarge``.
        """
        (recognition,) = self.read([self.find(image, source=source)])
        return recognition

    def find(self, image: ImageSource, *, source: str | None = None) -> Found:
        """Return the faces of one picture before the look on them is read: the first half of a call."""
        return self._find(image, source, self._detector)

    def read(self, found: Sequence[Found]) -> tuple[Recognition, ...]:
        """Return the recognitions of pictures whose faces were found, all faces together through the network."""
        readings = iter(self._classifier(np.concatenate([one.crops_nhw for one in found])) if found else ())
        return tuple(self._recognition(one, tuple(next(readings) for _ in one.detections)) for one in found)

    @overload
    def many(
        self,
        pictures: Iterable[ImageSource],
        *,
        batch_size: int = 64,
        errors: Literal["raise"] = "raise",
        jobs: int | None = None,
    ) -> Iterator[Recognition]: ...

    @overload
    def many(
        self,
        pictures: Iterable[ImageSource],
        *,
        batch_size: int = 64,
        errors: Literal["return"],
        jobs: int | None = None,
    ) -> Iterator[Result]: ...

    def many(
        self,
        pictures: Iterable[ImageSource],
        *,
        batch_size: int = 64,
        errors: Literal["raise", "return"] = "raise",
        jobs: int | None = None,
    ) -> Iterator[Result]:
        """Yield the results of many pictures in their order, with ``batch_size`` faces at a time through the network.

        ``jobs`` pictures are decoded and searched side by side, each on one processor, while others are read: by
        default as many as the recognizer has threads. Pictures are taken from the iterable as they are needed, and
        only their faces' crops are kept, so that memory stays bounded. A picture that cannot be read raises its error,
        or with ``errors="return"`` yields a ``Failure``.
        """
        if errors not in ("raise", "return"):
            raise ValueError(f'errors is "raise" or "return", not {errors!r}')
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}")
        if jobs is not None and jobs < 1:
            raise ValueError(f"jobs is at least 1, not {jobs}")
        return self._many(pictures, batch_size, jobs or self._threads, keep_errors=errors == "return")

    def explain(self, image: ImageSource) -> tuple[Explanation, ...]:
        """Return for each face, from left to right, which places of it the shown score hangs on."""
        found = self.find(image)
        return tuple(explain(self._classifier, crop_hw) for crop_hw in found.crops_nhw)

    @cached_property
    def _detector_of_many(self) -> Detector:
        """A detector on one thread: pictures side by side use the processors better than threads inside each."""
        return self._detector if self._threads == 1 else Detector(threads=1)

    def _find(self, image: ImageSource, source: str | None, detector: Detector) -> Found:
        rgb = images.load(image, name=source)
        return cut_out(rgb, detector(rgb), source=source if source is not None else _source(image))

    def _many(
        self, pictures: Iterable[ImageSource], batch_size: int, jobs: int, *, keep_errors: bool
    ) -> Iterator[Result]:
        detector = self._detector if jobs == 1 else self._detector_of_many
        waiting: list[Found | Failure] = []
        for picture, future in in_order(lambda picture: self._find(picture, None, detector), pictures, jobs=jobs):
            waiting.append(_outcome(picture, future, keep_errors=keep_errors))
            faces = sum(len(one.detections) for one in waiting if isinstance(one, Found))
            if faces >= batch_size or len(waiting) >= batch_size:
                yield from self._read(waiting)
                waiting = []
        yield from self._read(waiting)

    def _read(self, waiting: list[Found | Failure]) -> Iterator[Result]:
        recognitions = iter(self.read([one for one in waiting if isinstance(one, Found)]))
        for one in waiting:
            yield one if isinstance(one, Failure) else next(recognitions)

    def _recognition(self, found: Found, readings: tuple[Reading, ...]) -> Recognition:
        faces = tuple(map(_face, found.detections, readings, found.reasons))
        return Recognition(faces, found.width, found.height, found.source, self.record.id)


def cut_out(rgb: Pixels, detections: Sequence[Detection], *, source: str | None = None) -> Found:
    """Return faces that were found in an upright RGB picture with their crops, and what is wrong with them."""
    crops = [align.align(rgb, detection.landmarks) for detection in detections]
    reasons = tuple(align.quality(rgb, one, crop).reasons for one, crop in zip(detections, crops, strict=True))
    crops_nhw = np.stack(crops) if crops else np.zeros((0, align.SIDE, align.SIDE), np.uint8)
    return Found(source, rgb.shape[1], rgb.shape[0], tuple(detections), crops_nhw, reasons)


def recognize(
    image: ImageSource, *, model: str | Path = "mien-s", threads: int | None = None, labels: str = "votes"
) -> Recognition:
    """Return the faces of one picture with the look on each; iterable, and empty when nobody is there.

    ``image`` is a path, bytes, an open file, a Pillow image or an RGB array. The network is loaded once and kept; for
    many pictures use ``Recognizer.many``. Raises ``UnreadableImage``, ``ImageTooLarge`` and the errors of the model.

    >>> len(recognize(np.zeros((64, 64, 3), np.uint8)))
    0
    """
    with _LOADING:
        recognizer = _kept(model, threads, labels)
    return recognizer(image)


_LOADING = threading.Lock()


@cache
def _kept(model: str | Path, threads: int | None, labels: str) -> Recognizer:
    return Recognizer(model, threads=threads, labels=labels)


def _source(image: ImageSource) -> str | None:
    return images.describe(image) if isinstance(image, str | Path) else None


def _outcome(picture: ImageSource, future: Future[Found], *, keep_errors: bool) -> Found | Failure:
    try:
        return future.result()
    except MienError as error:
        if not keep_errors:
            raise
        return Failure(_source(picture), error)


def _face(detection: Detection, reading: Reading, seen: tuple[str, ...]) -> Face:
    reasons = (*reading.reasons, *seen)
    return Face(
        box=detection.box,
        landmarks=detection.landmarks,
        detection_confidence=detection.confidence,
        scores=reading.scores,
        fer2013=reading.fer2013,
        unknown=reading.unknown,
        not_a_face=reading.not_a_face,
        uncertain=bool(reasons),
        reasons=reasons,
        shape=reading.shape,
    )
