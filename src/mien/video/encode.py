"""Encoding: frames at their own times, and the audio unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from mien.errors import MienError
from mien.files import replacing
from mien.video.decode import DecodedFrame, VideoReader

H264: Final = ("libx264", {"preset": "veryfast", "crf": "20"})
VP9: Final = ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "row-mt": "1", "crf": "31", "b": "0"})
CODECS: Final = {".mp4": H264, ".m4v": H264, ".mov": H264, ".mkv": H264, ".webm": VP9}
"""Codec and options for each kind of file. Slower presets save a few percent in size and take twice the time."""

MOST_EARLY: Final = 4096
"""How many audio packets are held until the first frame comes: only then is the header written."""

BT601: Final = 5
"""FFmpeg's number of the matrix that players use if a video names none."""


class VideoWriter:
    """Writes frames and audio packets as they come; made by ``video_writer``."""

    def __init__(self, reader: VideoReader, container: av.container.OutputContainer, suffix: str, threads: int) -> None:
        self.warnings: list[str] = []
        self._reader, self._container, self._threads = reader, container, threads
        self._codec, self._options = CODECS[suffix]
        self._suffix = suffix
        self._video: av.VideoStream | None = None
        self._audio: dict[int, av.AudioStream] = {}
        self._early: list[av.Packet[Any]] = []
        self._last = -1
        self._clock = reader.stream.time_base or 1 / reader.rate

    def write_audio(self, packet: av.Packet[Any]) -> None:
        """Copy an audio packet, if the container can hold its kind."""
        if self._video is None:
            self._early = [*self._early[-MOST_EARLY:], packet]
            return
        copied = self._audio.get(packet.stream.index)
        if copied is None or packet.pts is None or packet.time_base is None:
            return
        shift = round(self._reader.begin / packet.time_base)
        packet.pts -= shift
        packet.dts = None if packet.dts is None else packet.dts - shift
        packet.stream = copied
        self._container.mux(packet)

    def write(self, decoded: DecodedFrame, painted: av.VideoFrame | None = None) -> None:
        """Write a frame at its own time; ``painted``, a copy from ``encodable``, is written in its place."""
        if self._video is None:
            self._begin(decoded)
        assert self._video is not None
        frame = painted or (decoded.frame if decoded.is_encodable else encodable(decoded))
        frame.pict_type = av.video.frame.PictureType.NONE
        at = round(Fraction(decoded.t_ms / 1000) / self._clock)
        self._last = frame.pts = max(at, self._last + 1)
        frame.time_base = self._clock
        self._container.mux(self._video.encode(frame))

    def end(self) -> None:
        """Write what the encoder still holds."""
        if self._video is not None:
            self._container.mux(self._video.encode(None))

    def _begin(self, decoded: DecodedFrame) -> None:
        stream = self._container.add_stream(self._codec, rate=self._reader.rate, options=dict(self._options))
        assert isinstance(stream, av.VideoStream)
        width, height = decoded.size_wh
        stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
        stream.codec_context.time_base = self._clock
        stream.codec_context.thread_count = self._threads
        for name in ("colorspace", "color_range", "color_primaries", "color_trc"):
            setattr(stream.codec_context, name, getattr(decoded.frame, name))
        self._video = stream
        for source in self._reader.audio:
            self._add_audio(source)
        early, self._early = self._early, []
        for packet in early:
            self.write_audio(packet)

    def _add_audio(self, source: av.AudioStream) -> None:
        name = source.codec_context.name
        try:
            self._audio[source.index] = self._container.add_stream_from_template(source)
        except (FFmpegError, ValueError):
            self.warnings.append(f"the sound is left out: {self._suffix} holds no {name}; .mkv holds any")


def encodable(decoded: DecodedFrame) -> av.VideoFrame:
    """Return a copy of a frame that may be painted on: upright, square pixels, YUV 4:2:0, in the video's own colors.

    Odd sides get one more row or column, which repeats the last.
    """
    if decoded.is_encodable:
        return _copied(decoded.frame)
    rgb = decoded.rgb()
    even = np.pad(rgb, ((0, rgb.shape[0] % 2), (0, rgb.shape[1] % 2), (0, 0)), mode="edge")
    matrix, color_range = yuv_colors(decoded.frame)
    copy = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), "rgb24")
    return copy.reformat(format="yuv420p", dst_colorspace=matrix, dst_color_range=color_range)


def _copied(frame: av.VideoFrame) -> av.VideoFrame:
    # The decoder still predicts later frames from this one's pixels.
    copy = av.VideoFrame(frame.width, frame.height, "yuv420p")
    for source, target in zip(frame.planes, copy.planes, strict=True):
        plane_pixels(target)[:] = plane_pixels(source)
    return copy


def plane_pixels(plane: av.video.plane.VideoPlane) -> NDArray[np.uint8]:
    """Return the plane's own memory, uint8 [height, width], to be read and written."""
    # FFmpeg pads each row for memory alignment.
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]


def yuv_colors(frame: av.VideoFrame) -> tuple[int, int]:
    """Return FFmpeg's numbers of the matrix between RGB and YUV, and of the color range, of a frame."""
    matrix = int(frame.colorspace) if int(frame.colorspace) in (1, 4, 5, 6, 7, 9) else BT601
    return matrix, 2 if int(frame.color_range) == 2 else 1


@contextmanager
def video_writer(path: str | Path, reader: VideoReader, *, threads: int = 1) -> Iterator[VideoWriter]:
    """Yield a writer of what is read; the file appears under its name when the block ends without an error.

    The suffix is one of ``CODECS``. ``MienError`` if FFmpeg refuses, ``OSError`` if the system does.
    """
    target = Path(path)
    try:
        with replacing(target) as fresh, av.open(str(fresh), "w") as container:
            writer = VideoWriter(reader, container, target.suffix.lower(), threads)
            yield writer
            writer.end()
    except FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise MienError(f"{target}: FFmpeg cannot write it ({error.strerror}); try another suffix") from error
