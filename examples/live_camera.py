"""The camera in a window, every face under its emoji: python examples/live_camera.py. Press q to end it.

Needs OpenCV with windows: pip install opencv-python.
"""

from __future__ import annotations

import sys
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

import mien


def with_emoji(frame_bgr: NDArray[np.uint8], recognizer: mien.Recognizer) -> NDArray[np.uint8]:
    """Return a frame with an emoji over each face; OpenCV's frames are BGR, mien's pictures RGB."""
    rgb = np.ascontiguousarray(frame_bgr[:, :, ::-1])
    picture = Image.fromarray(rgb)
    for face in recognizer(rgb):
        size = min(2048, max(16, round(1.3 * max(face.box.width, face.box.height))))
        emoji = mien.draw(face).to_image(size)
        middle_x, middle_y = (face.box.left + face.box.right) / 2, (face.box.top + face.box.bottom) / 2
        picture.paste(emoji, (round(middle_x - size / 2), round(middle_y - size / 2)), emoji)
    return np.asarray(picture)[:, :, ::-1]


def run(camera: Any, show: Any, *, recognizer: mien.Recognizer) -> int:
    """Show the camera's frames until it ends or ``show`` returns False; return how many there were."""
    shown = 0
    while True:
        there, frame_bgr = camera.read()
        if not there or not show(with_emoji(frame_bgr, recognizer)):
            return shown
        shown += 1


def window(frame_bgr: NDArray[np.uint8]) -> bool:
    """Show a frame and return whether to go on."""
    cv2.imshow("mien", frame_bgr)
    return cv2.waitKey(1) != ord("q")


if __name__ == "__main__":
    camera = cv2.VideoCapture(0)
    if not camera.isOpened():
        sys.exit("there is no camera, or another program has it")
    run(camera, window, recognizer=mien.Recognizer())
    camera.release()
    cv2.destroyAllWindows()
