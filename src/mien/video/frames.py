"""A video file as upright RGB pictures with their times, one after the other."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray
from PIL import Image

from mien.errors import ImageTooLarge, UnreadableVideo
from mien.images import MAX_PIXELS, is_image

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.video.stream import VideoStream

Pixels = NDArray[np.uint8]
Matrix = tuple[int, ...]

NOT_FILMS: Final = {"tty", "bin", "xbin", "adf", "idf", "image2", "ico"}
"""What FFmpeg shows as pictures too: texts, and still pictures (with the formats that end in ``_pipe``)."""

LOCAL: Final = {"protocol_whitelist": "file,crypto,data"}
"""A playlist may name addresses; nothing is fetched from them."""

UPRIGHT: Final[Matrix] = (1, 0, 0, 1)
SHORT_BY_MS: Final = 1000.0


@dataclass(frozen=True)
class Picture:
    """One frame as it was decoded, and how to make it upright; ``size_wh`` is that of the upright picture."""

    index: int
    t_ms: float
    size_wh: tuple[int, int]
    frame: av.VideoFrame
    matrix: Matrix

    @property
    def is_plain(self) -> bool:
        """Return whether the frame is upright as it is, in square pixels, of even size, and 8-bit YUV 4:2:0."""
        same = self.size_wh == (self.frame.width, self.frame.height) and self.matrix == UPRIGHT
        return same and self.frame.format.name == "yuv420p" and not any(side % 2 for side in self.size_wh)

    @property
    def nbytes(self) -> int:
        """Return how much memory the decoded frame takes."""
        return sum(plane.buffer_size for plane in self.frame.planes)

    def rgb(self) -> Pixels:
        """Return the upright picture in square pixels, uint8 [height, width, 3]."""
        width, height = self.size_wh if self.matrix[0] else self.size_wh[::-1]
        rgb: Pixels = np.asarray(self.frame.reformat(width, height, "rgb24").to_ndarray(), np.uint8)
        return np.ascontiguousarray(upright(rgb, self.matrix))


class Film:
    """An opened video file; close it, or use it in a ``with`` block.

    ``pictures`` reads it once, from the beginning. What was wrong with it and did not stop it stands in ``warnings``
    afterwards. Raises ``UnreadableVideo`` where there is nothing to see, and ``ImageTooLarge``.
    """

    def __init__(self, path: str | Path, *, threads: int = 1) -> None:
        self.path = Path(path)
        self.warnings: list[str] = []
        self._container = _opened(self.path)
        try:
            self.stream = _video_stream(self._container, self.path)
            _check_size(self.stream, self.path)
        except Exception:
            self._container.close()
            raise
        self.stream.thread_type = "AUTO"
        self.stream.codec_context.thread_count = threads

    def __enter__(self) -> Film:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    @property
    def audio(self) -> tuple[AudioStream, ...]:
        """Return the sound tracks."""
        return tuple(self._container.streams.audio)

    @property
    def rate(self) -> Fraction:
        """Return the frames a second, on the average; 25 where the file does not say."""
        return self.stream.average_rate or self.stream.guessed_rate or Fraction(25)

    @property
    def duration_ms(self) -> float | None:
        """Return how long the file says that it is."""
        if self.stream.duration is not None and self.stream.time_base is not None:
            return float(1000 * self.stream.duration * self.stream.time_base)
        return None if self._container.duration is None else self._container.duration / 1000

    @property
    def expected_frames(self) -> int | None:
        """Return about how many frames there will be, None where the file does not tell."""
        if self.stream.frames:
            return self.stream.frames
        return None if self.duration_ms is None else max(1, round(self.duration_ms / 1000 * self.rate))

    @property
    def begin(self) -> Fraction:
        """Return the time in the file's own clock, in seconds, at which a player shows 0:00."""
        return Fraction(self._container.start_time or 0, av.time_base)

    def pictures(self, on_sound: Callable[[av.Packet[Any]], None] | None = None) -> Iterator[Picture]:
        """Yield every frame in order of time; packets of sound are handed to ``on_sound`` as they lie between them.

        Damaged frames are passed over and counted in ``warnings``, and so is an end that comes too early.
        """
        self._damaged, last, size_wh = 0, -1.0, None
        index, rotation, matrix = -1, 0, UPRIGHT
        for index, frame in enumerate(self._frames(on_sound)):
            # PyAV ties a frame whose side data is asked for into a circle that keeps its pixels until the next full
            # collection of garbage, minutes later: it is asked for only where the turn is new.
            if not index or frame.rotation != rotation:
                rotation, matrix = frame.rotation, _matrix(frame)
            size_wh = size_wh or _size(frame, self.stream.sample_aspect_ratio, matrix)
            last = self._time(frame, last)
            yield Picture(index, last, size_wh, frame, matrix)
        self._check_end(index + 1, last)

    def _frames(self, on_sound: Callable[[av.Packet[Any]], None] | None) -> Iterator[av.VideoFrame]:
        wanted = (self.stream, *(self.audio if on_sound else ()))
        packets = self._container.demux(*wanted)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (FFmpegError, EOFError):
                self._damaged += 1
                return
            if packet.stream.type != "video":
                if on_sound is not None and packet.dts is not None:
                    on_sound(packet)
                continue
            try:
                yield from (frame for frame in packet.decode() if isinstance(frame, av.VideoFrame))
            except FFmpegError:
                self._damaged += 1

    def _time(self, frame: av.VideoFrame, last: float) -> float:
        """Return the frame's time in milliseconds; where it has none, or goes back, a frame's length after the last."""
        if frame.pts is not None and frame.time_base is not None:
            t_ms = float(1000 * (frame.pts * frame.time_base - self.begin))
            if t_ms > last:
                return max(0.0, t_ms)
        return last + float(1000 / self.rate) if last >= 0 else 0.0

    def _check_end(self, frames: int, last: float) -> None:
        if not frames:
            raise UnreadableVideo(f"{self.path}: no frame of it can be decoded; copy or download it again")
        if self._damaged:
            self.warnings.append(f"{self.path}: {self._damaged} damaged places were passed over")
        if self.duration_ms is not None and last + SHORT_BY_MS < self.duration_ms:
            ends = f"ends after {last / 1000:.1f} of {self.duration_ms / 1000:.1f} seconds"
            self.warnings.append(f"{self.path}: cut short, {ends}; what is there was read")


def upright(rgb: Pixels, matrix: Matrix) -> Pixels:
    """Return the picture turned and mirrored by a display matrix (a, b, c, d): x' = a x + c y, y' = b x + d y.

    >>> upright(np.uint8([[[1], [2]]]), (0, 1, -1, 0))[:, :, 0].tolist()
    [[1], [2]]
    """
    a, b, c, d = matrix
    turned, across, down = (rgb, a, d) if a else (rgb.transpose(1, 0, 2), c, b)
    return turned[:: -1 if down < 0 else 1, :: -1 if across < 0 else 1]


def _matrix(frame: av.VideoFrame) -> Matrix:
    """Return the frame's display matrix to the nearest right angle, as FFmpeg's players apply it."""
    try:
        data: Any = frame.side_data
        a, b, _, c, d, *_ = struct.unpack("9i", bytes(data["DISPLAYMATRIX"]))
    except (KeyError, struct.error):
        return UPRIGHT
    if max(abs(a), abs(d)) >= max(abs(b), abs(c)):
        return (_sign(a), 0, 0, _sign(d))
    return (0, _sign(b), _sign(c), 0)


def _sign(value: int) -> int:
    return -1 if value < 0 else 1


def _size(frame: av.VideoFrame, aspect: Fraction | None, matrix: Matrix) -> tuple[int, int]:
    """Return width and height of the upright picture in square pixels; wide pixels make it wider, none are dropped."""
    ratio = float(aspect or 1)
    width = round(frame.width * ratio) if ratio > 1 else frame.width
    height = round(frame.height / ratio) if ratio < 1 else frame.height
    return (width, height) if matrix[0] else (height, width)


def _opened(path: Path) -> av.container.InputContainer:
    if not path.exists():
        raise UnreadableVideo(f"{path}: no such file; expected the path of a video")
    if path.is_dir():
        raise UnreadableVideo(f"{path}: a folder; expected the path of a video")
    if path.is_file() and not path.stat().st_size:
        raise UnreadableVideo(f"{path}: the file is empty; copy or download it again")
    if is_image(path) and not _moves(path):
        raise UnreadableVideo(_still(path))
    try:
        container = av.open(str(path), options=dict(LOCAL), metadata_errors="replace")
    except (FFmpegError, OSError, ValueError) as error:
        reason = "not a video, or one that is cut short or broken"
        raise UnreadableVideo(f"{path}: {reason}; play it in a player to see, or download it again") from error
    name = container.format.name
    if name in NOT_FILMS or name.endswith("_pipe"):
        container.close()
        still = is_image(path)
        raise UnreadableVideo(_still(path) if still else f"{path}: not a video; expected one that FFmpeg can read")
    return container


def _moves(path: Path) -> bool:
    """Return whether a picture is one of those that FFmpeg can play, with more than one frame."""
    if path.suffix.lower() not in (".gif", ".png", ".apng"):
        return False
    try:
        with Image.open(path) as picture:
            return bool(getattr(picture, "is_animated", False))
    except (OSError, ValueError, SyntaxError):
        # What Pillow cannot tell, FFmpeg may.
        return True


def _still(path: Path) -> str:
    return f"{path}: a still picture, not a video; read it with `mien {path.name}`"


def _video_stream(container: av.container.InputContainer, path: Path) -> VideoStream:
    """Return the first stream of moving pictures; the cover of a song is none."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    kinds = ", ".join(sorted({stream.type for stream in container.streams}))
    there = f"no pictures in it, only {kinds}" if kinds else "there is nothing in it"
    raise UnreadableVideo(f"{path}: {there}; expected a video")


def _check_size(stream: VideoStream, path: Path) -> None:
    with suppress(AttributeError):
        if stream.width * stream.height > MAX_PIXELS:
            size = f"{stream.width}x{stream.height}"
            raise ImageTooLarge(f"{path}: {size} is over the {MAX_PIXELS / 1e6:.0f} megapixels that are read")
