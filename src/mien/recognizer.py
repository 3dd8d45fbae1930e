"""From a picture to its Recognition: decode, find the faces, align them, read the expression on each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

import numpy as np

from mien import images, models
from mien.align import FaceCrops, crop_faces
from mien.classify import Classifier, Reading
from mien.detect import Detector
from mien.errors import MienError
from mien.images import ImageSource, Picture
from mien.occlusion import Explanation, occlusion_map
from mien.parallel import in_order
from mien.results import PHOTO_LABELS, Detection, Face, Failure, Recognition, Result

Source = TypeVar("Source", bound=ImageSource)
T = TypeVar("T")
Errors = Literal["raise", "return"]


class Recognizer:
    """Finds every face in a picture and reads its expression; made once, used often, safe to share between threads.

    ``model`` is a name, the path of an ``.onnx`` file or a training run's folder. ``threads`` is how many processor
    threads it uses: by default one per processor, four at most. ``labels`` chooses what ``scores`` show:
    ``balanced``, the votes of ten people as if rare expressions were more common; ``votes``, as they are; or
    ``fer2013``. ``detector`` finds the faces; by default one is made that uses as many threads. The constructor raises
    the errors of ``mien.models``.

    >>> Recognizer(threads=1)(np.zeros((64, 64, 3), np.uint8)).faces
    ()
    """

    def __init__(
        self,
        model: str | Path | models.Record = "mien-s",
        *,
        threads: int | None = None,
        labels: str = PHOTO_LABELS,
        detector: Detector | None = None,
    ) -> None:
        self._classifier = Classifier(model, threads=threads, labels=labels)
        self._detector = detector or Detector(threads=threads)
        self._detector_is_given = detector is not None
        self._threads = threads or models.default_threads()
        self._made_with = {"threads": threads, "labels": labels, "detector": detector}

    def __reduce__(self) -> tuple[Callable[..., Recognizer], tuple[Any, ...]]:
        """Let it be sent to another process: there its model is loaded anew."""
        return _made, (self.record, self._made_with)

    @property
    def record(self) -> models.Record:
        """Return the record of the model that is used."""
        return self._classifier.record

    @property
    def labels(self) -> str:
        """Return what ``scores`` show: the labels asked for, or those that the model has."""
        return self._classifier.labels

    def __call__(self, image: ImageSource, *, source: str | None = None) -> Recognition:
        """Return the faces of one picture; none if nobody is there.

        ``source`` is what the result calls the picture, by default its path. Raises ``UnreadableImage`` and
        ``ImageTooLarge``.
        """
        (recognition,) = self.classify([self.detect(image, source=source)])
        return recognition

    def detect(self, image: ImageSource, *, source: str | None = None) -> FaceCrops:
        """Return the face crops of one picture, not read yet: the first half of a call."""
        return _detected(images.decode(image, name=source), self._detector)

    def classify(self, found: Sequence[FaceCrops]) -> tuple[Recognition, ...]:
        """Return the recognitions of pictures whose faces were detected: the second half of a call, in one batch."""
        readings = iter(self._classifier(np.concatenate([one.crops_nhw for one in found])) if found else ())
        return tuple(self._recognition(one, tuple(next(readings) for _ in one.detections)) for one in found)

    def photo(self, image: ImageSource, *, source: str | None = None) -> Photo:
        """Return one picture, decoded and searched once, with its faces: to make several things of it."""
        return self._photo(images.decode(image, name=source), self._detector)

    def explain(self, image: ImageSource | FaceCrops) -> tuple[Explanation, ...]:
        """Return for each face, from left to right, which places of it its score depends on.

        A picture is searched for faces first; ``FaceCrops`` are used as they are.
        """
        found = image if isinstance(image, FaceCrops) else self.detect(image)
        return tuple(occlusion_map(self._classifier, crop_hw) for crop_hw in found.crops_nhw)

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
        errors: Errors = "raise",
        jobs: int | None = None,
    ) -> Iterator[Result]:
        """Yield the results of many pictures in their order, with ``batch_size`` faces at a time through the network.

        ``jobs`` pictures are decoded and searched in parallel, each on one processor, while others are classified: by
        default as many as the recognizer has threads. Pictures are taken from the iterable as they are needed, and
        only their face crops are kept, so memory stays bounded. A picture that cannot be read raises its error, or
        yields a ``Failure`` with ``errors="return"``. ``images.NamedImage`` gives bytes a name.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}")
        jobs = self._checked(errors, jobs)
        return self._many(pictures, batch_size, jobs, return_errors=errors == "return")

    @overload
    def map(
        self,
        make: Callable[[Source, Photo], T],
        pictures: Iterable[Source],
        *,
        errors: Literal["raise"] = "raise",
        jobs: int | None = None,
    ) -> Iterator[T]: ...

    @overload
    def map(
        self,
        make: Callable[[Source, Photo], T],
        pictures: Iterable[Source],
        *,
        errors: Literal["return"],
        jobs: int | None = None,
    ) -> Iterator[T | Failure]: ...

    def map(
        self,
        make: Callable[[Source, Photo], T],
        pictures: Iterable[Source],
        *,
        errors: Errors = "raise",
        jobs: int | None = None,
    ) -> Iterator[T | Failure]:
        """Yield what ``make(source, photo)`` returns for each picture, in order, ``jobs`` of them at once.

        For whatever needs the pixels: each picture is decoded and searched once, and released when ``make`` returns,
        so no more than ``jobs`` of them are in memory. ``make`` is called from several threads. ``errors`` and ``jobs``
        are those of ``many``.
        """
        jobs = self._checked(errors, jobs)
        return self._map(make, pictures, jobs, return_errors=errors == "return")

    @cached_property
    def _detector_of_many(self) -> Detector:
        """A detector on one thread: several pictures at once use the processors better than threads inside each."""
        return self._detector if self._threads == 1 or self._detector_is_given else Detector(threads=1)

    def _checked(self, errors: str, jobs: int | None) -> int:
        if errors not in ("raise", "return"):
            raise ValueError(f'errors is "raise" or "return", not {errors!r}')
        if jobs is not None and jobs < 1:
            raise ValueError(f"jobs is at least 1, not {jobs}")
        return jobs or self._threads

    def _photo(self, picture: Picture, detector: Detector) -> Photo:
        crops = _detected(picture, detector)
        (recognition,) = self.classify([crops])
        return Photo(picture, crops, recognition, self)

    def _map(
        self, make: Callable[[Source, Photo], T], pictures: Iterable[Source], jobs: int, *, return_errors: bool
    ) -> Iterator[T | Failure]:
        detector = self._detector if jobs == 1 else self._detector_of_many

        def work(source: Source) -> T:
            return make(source, self._photo(images.decode(source), detector))

        for source, future in in_order(work, pictures, jobs=jobs):
            made = _outcome(source, future, return_errors=return_errors)
            yield made

    def _many(
        self, pictures: Iterable[ImageSource], batch_size: int, jobs: int, *, return_errors: bool
    ) -> Iterator[Result]:
        detector = self._detector if jobs == 1 else self._detector_of_many
        waiting: list[FaceCrops | Failure] = []
        for source, future in in_order(lambda one: _detected(images.decode(one), detector), pictures, jobs=jobs):
            found = _outcome(source, future, return_errors=return_errors)
            waiting.append(found)
            faces = sum(len(one.detections) for one in waiting if isinstance(one, FaceCrops))
            if faces >= batch_size or len(waiting) >= batch_size:
                yield from self._batch(waiting)
                waiting = []
        yield from self._batch(waiting)

    def _batch(self, waiting: list[FaceCrops | Failure]) -> Iterator[Result]:
        recognitions = iter(self.classify([one for one in waiting if isinstance(one, FaceCrops)]))
        for one in waiting:
            yield one if isinstance(one, Failure) else next(recognitions)

    def _recognition(self, found: FaceCrops, readings: tuple[Reading, ...]) -> Recognition:
        faces = tuple(map(_face, found.detections, readings, found.reasons))
        return Recognition(faces, found.width, found.height, found.source, self.record.id)


@dataclass(frozen=True, eq=False)
class Photo:
    """A decoded picture with its faces: all that cards, masks, stickers and explanations are made from."""

    picture: Picture
    crops: FaceCrops
    recognition: Recognition
    recognizer: Recognizer = field(repr=False)


def recognize(
    image: ImageSource, *, model: str | Path = "mien-s", threads: int | None = None, labels: str = PHOTO_LABELS
) -> Recognition:
    """Return the faces of one picture with the expression of each; iterable, and empty if nobody is there.

    ``image`` is a path, bytes, an open file, a Pillow image or an RGB array. The network is loaded once and reused; for
    many pictures use ``Recognizer.many``. Raises ``UnreadableImage``, ``ImageTooLarge`` and the errors of the model.

    >>> len(recognize(np.zeros((64, 64, 3), np.uint8)))
    0
    """
    return shared(model, threads=threads, labels=labels)(image)


def shared(model: str | Path = "mien-s", *, threads: int | None = None, labels: str = PHOTO_LABELS) -> Recognizer:
    """Return the recognizer that module-level calls share: made by the first call, then reused."""
    # Without a lock, two threads that ask at once would load the network twice.
    with _LOADING:
        return _loaded(model, threads, labels)


_LOADING = threading.Lock()


@cache
def _loaded(model: str | Path, threads: int | None, labels: str) -> Recognizer:
    return Recognizer(model, threads=threads, labels=labels)


def _made(record: models.Record, options: dict[str, Any]) -> Recognizer:
    return Recognizer(record, **options)


def _detected(picture: Picture, detector: Detector) -> FaceCrops:
    return crop_faces(picture.rgb, detector(picture.rgb), source=picture.name)


def _outcome(source: ImageSource, future: Future[T], *, return_errors: bool) -> T | Failure:
    try:
        return future.result()
    except MienError as error:
        if not return_errors:
            raise
        return Failure(images.name_of(source), error)


def _face(detection: Detection, reading: Reading, photo_reasons: tuple[str, ...]) -> Face:
    reasons = (*reading.reasons, *photo_reasons)
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
