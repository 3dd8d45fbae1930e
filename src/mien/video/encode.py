"""A film written: pictures at their own times, and the sound as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.error import FFmpegError

from mien.errors import MienError
from mien.files import replacing
from mien.video.frames import Film, Picture, Pixels

H264: Final = ("libx264", {"preset": "veryfast", "crf": "20"})
VP9: Final = ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "row-mt": "1", "crf": "31", "b": "0"})
CODECS: Final = {".mp4": H264, ".m4v": H264, ".mov": H264, ".mkv": H264, ".webm": VP9}
"""What each kind of file is written with."""

MOST_EARLY: Final = 4096
"""How many packets of sound are kept until the first picture is there."""


class FilmWriter:
    """Writes pictures and sound packets as they come; made by ``film_writer``."""

    def __init__(self, film: Film, container: av.container.OutputContainer, suffix: str, threads: int) -> None:
        self.warnings: list[str] = []
        self._film, self._container, self._threads = film, container, threads
        self._codec, self._options = CODECS[suffix]
        self._suffix = suffix
        self._video: av.VideoStream | None = None
        self._sounds: dict[int, av.AudioStream] = {}
        self._early: list[av.Packet[Any]] = []
        self._last = -1
        self._clock = film.stream.time_base or 1 / film.rate

    def sound(self, packet: av.Packet[Any]) -> None:
        """Copy a packet of sound, if the file can hold its kind."""
        if self._video is None:
            self._early = [*self._early[-MOST_EARLY:], packet]
            return
        copied = self._sounds.get(packet.stream.index)
        if copied is None or packet.pts is None or packet.time_base is None:
            return
        shift = round(self._film.begin / packet.time_base)
        packet.pts -= shift
        packet.dts = None if packet.dts is None else packet.dts - shift
        packet.stream = copied
        self._container.mux(packet)

    def picture(self, picture: Picture, rgb: Pixels | None = None) -> None:
        """Write a frame at its own time, with other pixels than its own where they are given.

        Odd sides get one more row or column, which repeats the last.
        """
        if self._video is None:
            self._begin(picture)
        assert self._video is not None
        plain = rgb is None and picture.is_plain
        frame = picture.frame if plain else _encodable(picture, picture.rgb() if rgb is None else rgb)
        frame.pict_type = av.video.frame.PictureType.NONE
        at = round(Fraction(picture.t_ms / 1000) / self._clock)
        self._last = frame.pts = max(at, self._last + 1)
        frame.time_base = self._clock
        self._container.mux(self._video.encode(frame))

    def end(self) -> None:
        """Write what the encoder still holds."""
        if self._video is not None:
            self._container.mux(self._video.encode(None))

    def _begin(self, picture: Picture) -> None:
        stream = self._container.add_stream(self._codec, rate=self._film.rate, options=dict(self._options))
        assert isinstance(stream, av.VideoStream)
        width, height = picture.size_wh
        stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
        stream.codec_context.time_base = self._clock
        stream.codec_context.thread_count = self._threads
        for name in ("colorspace", "color_range", "color_primaries", "color_trc"):
            setattr(stream.codec_context, name, getattr(picture.frame, name))
        self._video = stream
        for heard in self._film.audio:
            self._add_sound(heard)
        early, self._early = self._early, []
        for packet in early:
            self.sound(packet)

    def _add_sound(self, heard: av.AudioStream) -> None:
        name = heard.codec_context.name
        try:
            self._sounds[heard.index] = self._container.add_stream_from_template(heard)
        except (FFmpegError, ValueError):
            self.warnings.append(f"the sound is left out: {self._suffix} holds no {name}; .mkv holds any")


def _encodable(picture: Picture, rgb: Pixels) -> av.VideoFrame:
    even = np.pad(rgb, ((0, rgb.shape[0] % 2), (0, rgb.shape[1] % 2), (0, 0)), mode="edge")
    fresh, source = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), "rgb24"), picture.frame
    return fresh.reformat(format="yuv420p", dst_colorspace=_space(source), dst_color_range=_range(source))


def _space(frame: av.VideoFrame) -> int:
    """Return FFmpeg's number of the matrix between RGB and YUV: that of the source, BT.601 where it says none."""
    return int(frame.colorspace) if int(frame.colorspace) in (1, 4, 5, 6, 7, 9) else 5


def _range(frame: av.VideoFrame) -> int:
    return 2 if int(frame.color_range) == 2 else 1


@contextmanager
def film_writer(path: str | Path, film: Film, *, threads: int = 1) -> Iterator[FilmWriter]:
    """Yield a writer; the file appears under its name when the block ends well. The suffix is one of ``CODECS``.

    ``MienError`` where FFmpeg refuses, ``OSError`` where the system does.
    """
    target = Path(path)
    try:
        with replacing(target) as fresh, av.open(str(fresh), "w") as container:
            writer = FilmWriter(film, container, target.suffix.lower(), threads)
            yield writer
            writer.end()
    except FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise MienError(f"{target}: FFmpeg cannot write it ({error.strerror}); try another suffix") from error
