"""Decoding: a video file as upright frames with their times, one after another."""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Final

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from mien.errors import ImageTooLarge, UnreadableVideo
from mien.images import HEAD_BYTES, MAX_PIXELS, format_of

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.video.stream import VideoStream

Pixels = NDArray[np.uint8]
Matrix = tuple[int, ...]
OnAudio = Callable[["av.Packet[Any]"], None]
"""Called with each audio packet, between the frames."""

VideoSource = str | Path | IO[bytes]
"""A path, or an open binary file."""

NOT_VIDEOS: Final = {"tty", "bin", "xbin", "adf", "idf", "image2", "ico"}
"""What FFmpeg opens although it is not a video: text and still images (as are all formats ending in ``_pipe``)."""

LOCAL: Final = {"protocol_whitelist": "file,crypto,data"}
"""A playlist may name addresses on the network; nothing is fetched from them."""

TITLES: Final[dict[str, Any]] = {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
"""Titles that are no UTF-8 do not matter here; PyAV 19 no longer has to be told."""

UPRIGHT: Final[Matrix] = (1, 0, 0, 1)
CUT_SHORT_MS: Final = 1000.0
"""A video that ends this long before its stated end was cut short."""


@dataclass(frozen=True)
class DecodedFrame:
    """One frame as it was decoded, and how to make it upright; ``size_wh`` is the size of the upright frame."""

    index: int
    t_ms: float
    size_wh: tuple[int, int]
    frame: av.VideoFrame
    matrix: Matrix

    @property
    def is_encodable(self) -> bool:
        """Return whether it can be encoded as it is: upright, square pixels, even size, 8-bit YUV 4:2:0."""
        same = self.size_wh == (self.frame.width, self.frame.height) and self.matrix == UPRIGHT
        return same and self.frame.format.name == "yuv420p" and not any(side % 2 for side in self.size_wh)

    @property
    def nbytes(self) -> int:
        """Return how much memory the decoded frame takes."""
        return sum(plane.buffer_size for plane in self.frame.planes)

    def rgb(self) -> Pixels:
        """Return the upright frame in square pixels, uint8 [height, width, 3]."""
        width, height = self.size_wh if self.matrix[0] else self.size_wh[::-1]
        rgb: Pixels = np.asarray(self.frame.reformat(width, height, "rgb24").to_ndarray(), np.uint8)
        return np.ascontiguousarray(upright(rgb, self.matrix))


class VideoReader:
    """An opened video; close it, or use it in a ``with`` block.

    ``frames`` reads it once, from the beginning. Afterwards ``end_ms`` is the time at which the last frame ends, and
    ``warnings`` are the problems that did not stop it. A file that cannot be rewound, such as standard input, is first
    copied to a temporary one, since many videos have their index at the end. Raises ``UnreadableVideo`` for what
    is not a video or holds no frames, and ``ImageTooLarge``.
    """

    def __init__(self, source: VideoSource, *, threads: int = 1) -> None:
        self.name = str(source) if isinstance(source, str | Path) else str(getattr(source, "name", "the given file"))
        self.warnings: list[str] = []
        self.end_ms = 0.0
        self._stack = ExitStack()
        try:
            self._container = self._stack.enter_context(_opened(source, self.name, self._stack))
            self.stream = _video_stream(self._container, self.name)
            _check_size(self.stream, self.name)
        except BaseException:
            self._stack.close()
            raise
        self.stream.thread_type = "AUTO"
        self.stream.codec_context.thread_count = threads

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._stack.close()

    @property
    def audio(self) -> tuple[AudioStream, ...]:
        """Return the audio streams."""
        return tuple(self._container.streams.audio)

    @property
    def rate(self) -> Fraction:
        """Return the average number of frames per second; 25 if the file does not say."""
        return self.stream.average_rate or self.stream.guessed_rate or Fraction(25)

    @property
    def duration_ms(self) -> float | None:
        """Return how long the video claims to be; None if it does not say."""
        if self.stream.duration is not None and self.stream.time_base is not None:
            return float(1000 * self.stream.duration * self.stream.time_base)
        return None if self._container.duration is None else self._container.duration / 1000

    @property
    def expected_frames(self) -> int | None:
        """Return about how many frames there will be; None if the file does not say."""
        if self.stream.frames:
            return self.stream.frames
        return None if self.duration_ms is None else max(1, round(self.duration_ms / 1000 * self.rate))

    @property
    def begin(self) -> Fraction:
        """Return the time in the file's own clock, in seconds, at which a player shows 0:00."""
        return Fraction(self._container.start_time or 0, av.time_base)

    def frames(self, on_audio: OnAudio | None = None) -> Iterator[DecodedFrame]:
        """Yield every frame in order of time; ``on_audio`` is called with the audio packets between them.

        Damaged frames are skipped. ``warnings`` says how many there were, and whether the video ends too early.
        """
        self._damaged, last, size_wh = 0, -1.0, None
        index, rotation, matrix = -1, 0, UPRIGHT
        for index, frame in enumerate(self._decoded(on_audio)):
            # PyAV puts a frame whose side data is read into a reference cycle, which keeps its pixels until the next
            # full garbage collection, minutes later: so it is read only when the rotation changes.
            if not index or frame.rotation != rotation:
                rotation, matrix = frame.rotation, _matrix(frame)
            size_wh = size_wh or _size(frame, self.stream.sample_aspect_ratio, matrix)
            last = self._time(frame, last)
            self.end_ms = last + float(1000 / self.rate)
            yield DecodedFrame(index, last, size_wh, frame, matrix)
        self._check_end(index + 1, last)

    def _decoded(self, on_audio: OnAudio | None) -> Iterator[av.VideoFrame]:
        packets = self._container.demux(self.stream, *(self.audio if on_audio else ()))
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (FFmpegError, EOFError):
                self._damaged += 1
                return
            if packet.stream.type != "video":
                if on_audio is not None and packet.dts is not None:
                    on_audio(packet)
                continue
            try:
                yield from (frame for frame in packet.decode() if isinstance(frame, av.VideoFrame))
            except FFmpegError:
                self._damaged += 1

    def _time(self, frame: av.VideoFrame, last: float) -> float:
        """Return the frame's time in milliseconds; one frame after the last if it has none or goes back."""
        if frame.pts is not None and frame.time_base is not None:
            t_ms = float(1000 * (frame.pts * frame.time_base - self.begin))
            if t_ms > last:
                return max(0.0, t_ms)
        return last + float(1000 / self.rate) if last >= 0 else 0.0

    def _check_end(self, frames: int, last: float) -> None:
        if not frames:
            raise UnreadableVideo(f"{self.name}: no frame of it can be decoded; copy or download it again")
        if self._damaged:
            self.warnings.append(f"{self.name}: {self._damaged} damaged places were skipped")
        if self.duration_ms is not None and last + CUT_SHORT_MS < self.duration_ms:
            ends = f"ends after {last / 1000:.1f} of {self.duration_ms / 1000:.1f} seconds"
            self.warnings.append(f"{self.name}: cut short, {ends}; what is there was read")


def upright(rgb: Pixels, matrix: Matrix) -> Pixels:
    """Return pixels turned and mirrored by a display matrix (a, b, c, d): x' = a x + c y, y' = b x + d y.

    >>> upright(np.uint8([[[1], [2]]]), (0, 1, -1, 0))[:, :, 0].tolist()
    [[1], [2]]
    """
    a, b, c, d = matrix
    turned, across, down = (rgb, a, d) if a else (rgb.transpose(1, 0, 2), c, b)
    return turned[:: -1 if down < 0 else 1, :: -1 if across < 0 else 1]


def _matrix(frame: av.VideoFrame) -> Matrix:
    """Return the frame's display matrix to the nearest right angle, as players apply it."""
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
    """Return width and height of the upright frame in square pixels; non-square pixels only ever enlarge it."""
    ratio = float(aspect or 1)
    width = round(frame.width * ratio) if ratio > 1 else frame.width
    height = round(frame.height / ratio) if ratio < 1 else frame.height
    return (width, height) if matrix[0] else (height, width)


def _opened(source: VideoSource, name: str, stack: ExitStack) -> av.container.InputContainer:
    """Open a video; a file that was opened or copied for it is closed with the stack."""
    if isinstance(source, str | Path):
        _check_path(Path(source))
        file: IO[bytes] = stack.enter_context(Path(source).open("rb"))  # noqa: SIM115  the stack closes it
    else:
        file = source
    # FFmpeg follows a playlist to the files next to it, so it has to know its path.
    given: str | IO[bytes] = str(source) if isinstance(source, str | Path) else file
    if not file.seekable():
        given = file = _copied(file, stack)
    head = file.read(HEAD_BYTES)
    if not head:
        raise UnreadableVideo(f"{name}: the file is empty; copy or download it again")
    is_still = format_of(head) is not None and not _is_animated(file)
    file.seek(0)
    if is_still:
        raise UnreadableVideo(_still(name))
    try:
        container: av.container.InputContainer = av.open(given, "r", options=dict(LOCAL), **TITLES)
    except (FFmpegError, OSError, ValueError) as error:
        reason = "not a video, or one that is cut short or broken"
        raise UnreadableVideo(f"{name}: {reason}; play it in a player to see, or download it again") from error
    if container.format.name in NOT_VIDEOS or container.format.name.endswith("_pipe"):
        container.close()
        is_still = format_of(head) is not None
        raise UnreadableVideo(_still(name) if is_still else f"{name}: not a video; expected one that FFmpeg can read")
    return container


def _check_path(path: Path) -> None:
    if not path.exists():
        raise UnreadableVideo(f"{path}: no such file; expected the path of a video")
    if path.is_dir():
        raise UnreadableVideo(f"{path}: a folder; expected the path of a video")


def _copied(file: IO[bytes], stack: ExitStack) -> IO[bytes]:
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  the stack closes it
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy


def _is_animated(file: IO[bytes]) -> bool:
    """Return whether an image is an animated GIF or PNG, which FFmpeg plays."""
    file.seek(0)
    try:
        with Image.open(file, formats=("GIF", "PNG")) as image:
            return bool(getattr(image, "is_animated", False))
    except UnidentifiedImageError:
        return False
    except (OSError, ValueError, SyntaxError):
        # What Pillow cannot read, FFmpeg may.
        return True


def _still(name: str) -> str:
    return f"{name}: a still picture, not a video; read it with `mien {Path(name).name}`"


def _video_stream(container: av.container.InputContainer, name: str) -> VideoStream:
    """Return the first video stream; the cover of a song does not count."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    kinds = ", ".join(sorted({stream.type for stream in container.streams}))
    there = f"no pictures in it, only {kinds}" if kinds else "there is nothing in it"
    raise UnreadableVideo(f"{name}: {there}; expected a video")


def _check_size(stream: VideoStream, name: str) -> None:
    with suppress(AttributeError):
        if stream.width * stream.height > MAX_PIXELS:
            size = f"{stream.width}x{stream.height}"
            raise ImageTooLarge(f"{name}: {size} is over the {MAX_PIXELS / 1e6:.0f} megapixels that are read")
