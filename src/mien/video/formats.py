"""The output formats of a video: rows, subtitles, charts, stickers, and the video with emoji in it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from mien.formats import Format, Formats, deferred

if TYPE_CHECKING:
    from mien.emoji.appearance import Appearance
    from mien.video.decode import VideoReader
    from mien.video.encode import VideoWriter
    from mien.video.tracked import AddFrame


class OpenTimeline(Protocol):
    """Opens a timeline: a context whose value is called with each frame that was read."""

    def __call__(self, target: Path | TextIO, video: VideoReader | None = None) -> AbstractContextManager[AddFrame]:
        """Open it; the file appears under its name when the block ends without an error."""


class OpenPicture(Protocol):
    """Opens an image that is made of a whole video, in the same way, with emoji of an appearance."""

    def __call__(
        self, target: Path, video: VideoReader | None = None, *, appearance: Appearance | None = None
    ) -> AbstractContextManager[AddFrame]:
        """Open it; the file appears under its name when the block ends without an error."""


class OpenVideo(Protocol):
    """Opens a video to be written from the one that is read."""

    def __call__(self, target: Path, video: VideoReader, *, threads: int = 1) -> AbstractContextManager[VideoWriter]:
        """Open it; the file appears under its name when the block ends without an error."""


TIMELINES: Final[Formats[OpenTimeline]] = Formats(
    "a timeline",
    Format("csv", (".csv",), deferred("mien.video.timeline:csv_timeline")),
    Format("jsonl", (".jsonl", ".ndjson"), deferred("mien.video.timeline:jsonl_timeline")),
    Format("parquet", (".parquet",), deferred("mien.video.timeline:parquet_timeline")),
    Format("srt", (".srt",), deferred("mien.video.subtitles:srt_subtitles")),
    Format("vtt", (".vtt",), deferred("mien.video.subtitles:vtt_subtitles")),
)
"""Rows and subtitles: ``write(target, video)`` opens one, in a file or in a text stream."""

TEXT_TIMELINES: Final = tuple(name for name in TIMELINES if name != "parquet")
"""The formats that a text stream can take."""

CHARTS: Final[Formats[OpenPicture]] = Formats(
    "a chart",
    Format("png", (".png",), deferred("mien.video.strip:strip_chart")),
    Format("jpeg", (".jpg", ".jpeg"), deferred("mien.video.strip:strip_chart")),
    Format("webp", (".webp",), deferred("mien.video.strip:strip_chart")),
)
"""Charts of the scores over time: ``write(path, video)`` opens one."""

REELS: Final[Formats[OpenPicture]] = Formats(
    "a reel", Format("webp", (".webp",), deferred("mien.video.reel:highlight_reel"))
)
"""Animated stickers of the strongest expressions: ``write(path, video)`` opens one."""

VIDEOS: Final[Formats[OpenVideo]] = Formats(
    "a video",
    Format("mp4", (".mp4", ".m4v"), deferred("mien.video.encode:video_writer")),
    Format("mov", (".mov",), deferred("mien.video.encode:video_writer")),
    Format("mkv", (".mkv",), deferred("mien.video.encode:video_writer")),
    Format("webm", (".webm",), deferred("mien.video.encode:video_writer")),
)
"""Containers: ``write(path, video)`` opens a writer of frames and audio."""
