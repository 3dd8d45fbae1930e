"""Films that cannot be read, or only in part."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest
from films import PORTRAIT
from PIL import Image

import mien
from mien.video import read
from mien.video.decode import VideoReader


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.mp4", b"", "the file is empty"),
        ("words.txt", b"hello, this is no film\n" * 100, "not a video"),
        ("noise.mp4", bytes(np.random.default_rng(0).integers(0, 256, 20_000, np.uint8)), "not a video|no frame"),
    ],
)
def test_what_is_no_video_is_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    """An empty file, a text and noise are told apart from films, by name."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(mien.UnreadableVideo, match=words) as caught:
        list(read(tmp_path / name, threads=1))
    assert name in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    """What is not there, or is a folder, is said to be so."""
    with pytest.raises(mien.UnreadableVideo, match="no such file"):
        read(tmp_path / "none.mp4")
    with pytest.raises(mien.UnreadableVideo, match="folder"):
        read(tmp_path)


def test_a_still_picture_is_sent_to_its_own_command(tmp_path: Path) -> None:
    """A photo is no film, whatever it is called; the message says what to type."""
    forms = {"called.mp4": "JPEG", "drawn.png": "PNG", "drawn.gif": "GIF"}
    for path in (PORTRAIT, *(tmp_path / name for name in forms)):
        if path is not PORTRAIT:
            Image.open(PORTRAIT).save(path, forms[path.name])
        with pytest.raises(mien.UnreadableVideo, match=r"still picture.*mien"):
            read(path)


def test_a_moving_gif_is_a_film(tmp_path: Path) -> None:
    """An animated GIF is read frame by frame."""
    first, *others = (Image.new("RGB", (64, 64), (shade, 0, 0)) for shade in (0, 120, 240))
    first.save(tmp_path / "moving.gif", save_all=True, append_images=others, duration=200)
    assert [frame.t_ms for frame in read(tmp_path / "moving.gif", threads=1)] == [0, 200, 400]


def test_a_container_of_nothing_is_no_film(tmp_path: Path) -> None:
    """A file whose recording was stopped before its first frame is said to hold nothing."""
    with av.open(str(tmp_path / "zero.mp4"), "w") as container:
        container.add_stream("libx264", rate=10, width=64, height=64)
        container.start_encoding()
    with pytest.raises(mien.UnreadableVideo, match="there is nothing in it"):
        read(tmp_path / "zero.mp4", threads=1)


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    """A recording without pictures is named as such."""
    with wave.open(str(tmp_path / "tone.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 800)
    with pytest.raises(mien.UnreadableVideo, match="no pictures in it, only audio"):
        read(tmp_path / "tone.wav")


def test_a_film_without_frames_is_named(tmp_path: Path) -> None:
    """A container that promises pictures and holds none is an error, not an empty result."""
    path = tmp_path / "none.mkv"
    with av.open(str(path), "w") as container:
        container.add_stream("libx264", rate=25, width=64, height=64)
        container.start_encoding()
    with pytest.raises(mien.UnreadableVideo):
        list(read(path, threads=1))


@pytest.mark.parametrize("share", [0.4, 0.8])
def test_of_a_truncated_film_what_is_there_is_read(walk_film: Path, tmp_path: Path, share: float) -> None:
    """A download that stopped is read as far as it goes, and the end that is missing is told."""
    whole = tmp_path / "whole.mkv"
    with av.open(str(walk_film)) as source, av.open(str(whole), "w") as target:
        copied = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = copied
                target.mux(packet)
    part = tmp_path / "part.mkv"
    part.write_bytes(whole.read_bytes()[: int(share * whole.stat().st_size)])
    with VideoReader(part) as opened:
        times = [frame.t_ms for frame in opened.frames()]
        assert 500 < times[-1] < 3900
        assert times == sorted(times)
        if times[-1] < 2900:
            assert any("cut short" in warning for warning in opened.warnings)


def test_a_truncated_mp4_without_its_index_is_an_error(walk_film: Path, tmp_path: Path) -> None:
    """An MP4 whose index was at the missing end cannot be opened, and the message says what to do."""
    part = tmp_path / "part.mp4"
    part.write_bytes(walk_film.read_bytes()[:20_000])
    with pytest.raises(mien.UnreadableVideo, match="cut short or broken"):
        read(part)


def test_damaged_frames_are_passed_over(walk_film: Path, tmp_path: Path) -> None:
    """Broken bytes in the middle cost the frames that they hold, not the film."""
    data = bytearray(walk_film.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 3000] = bytes(3000)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    with VideoReader(path) as opened:
        assert sum(1 for _ in opened.frames()) > 50


@pytest.mark.parametrize("words", ["0", "-1s", "soon", "1.5", "1 h"])
def test_times_that_are_none_are_refused(walk_film: Path, words: str) -> None:
    """A wrong reading rate is a ``ValueError`` that shows a right one."""
    with pytest.raises(ValueError, match="100ms"):
        read(walk_film, every=words)
