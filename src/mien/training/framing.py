"""FER2013's pictures as mien would crop their faces out of photos: found, set upright, brought to one size.

FER2013's own crops were made by another detector in 2013, and mien's crops of the same faces are framed a little
differently. On the way through a photo, mien-s, which saw both, loses a point of accuracy, one that had not 1.6
(docs/concepts/pipeline.md).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.align import align
from mien.detect import Detector
from mien.parallel import in_order
from mien.results import Detection

Pixels = NDArray[np.uint8]

FACE_PX: Final = 144
MARGIN_PX: Final = 72
"""The picture is shown three times as large, and with a margin, without which YuNet misses many faces."""


def framed(images_nhw: Pixels, *, jobs: int = 1) -> Pixels:
    """Return mien's crop of each picture's face, uint8 [N, 48, 48]; the picture itself where no face is found.

    Takes about 8 ms a picture on one processor. In FER2013's training pictures, 97 % of the faces are found.

    >>> framed(np.zeros((1, 48, 48), np.uint8)).shape
    (1, 48, 48)
    """
    detector = Detector(threads=1)

    def one(image_hw: Pixels) -> Pixels:
        large = _enlarged(image_hw)
        detection = _face(detector, large)
        # Grey around a face helps to find it; around its crop it would mark the crop as made here.
        photo = _in_color(np.pad(large, MARGIN_PX, mode="symmetric"))
        return image_hw if detection is None else align(photo, detection.landmarks)

    crops = [future.result() for _, future in in_order(one, images_nhw, jobs=jobs)]
    return np.stack(crops) if crops else images_nhw.copy()


def eyes_of(images_nhw: Pixels, *, jobs: int = 1) -> NDArray[np.float32]:
    """Return where the eyes are on each picture, float32 [N, 2, 2]: the person's right and left one, x and y in pixels.

    NaN where no face is found.

    >>> bool(np.isnan(eyes_of(np.zeros((1, 48, 48), np.uint8))).all())
    True
    """
    detector = Detector(threads=1)

    def one(image_hw: Pixels) -> NDArray[np.float32]:
        detection = _face(detector, _enlarged(image_hw))
        if detection is None:
            return np.full((2, 2), np.nan, np.float32)
        points = np.asarray(detection.landmarks[:2], np.float32) - MARGIN_PX
        return np.asarray((points + 0.5) * (image_hw.shape[1] / FACE_PX) - 0.5, np.float32)

    found = [future.result() for _, future in in_order(one, images_nhw, jobs=jobs)]
    return np.array(found, np.float32).reshape(-1, 2, 2)


def _enlarged(image_hw: Pixels) -> Pixels:
    return np.asarray(Image.fromarray(image_hw).resize((FACE_PX, FACE_PX), Image.Resampling.BICUBIC))


def _face(detector: Detector, large_hw: Pixels) -> Detection | None:
    return _over_center(detector(_in_color(np.pad(large_hw, MARGIN_PX, constant_values=128))))


def _in_color(gray_hw: Pixels) -> Pixels:
    return np.repeat(gray_hw[:, :, None], 3, axis=2)


def _over_center(detections: tuple[Detection, ...]) -> Detection | None:
    middle = FACE_PX / 2 + MARGIN_PX
    over = [d for d in detections if d.box.left < middle < d.box.right and d.box.top < middle < d.box.bottom]
    return max(over, key=lambda one: one.confidence, default=None)
