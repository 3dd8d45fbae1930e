"""Motion: loops without a jump, readable files, stickers within messengers' limits."""

from __future__ import annotations

from dataclasses import astuple, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from faces import any_scores, difference, on_white
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mien.emoji import gallery, motion, themes
from mien.emoji.controls import between, blend, spec
from mien.emoji.drawing import draw
from mien.emoji.motion import Keyframe

HAPPY, UNSURE, NEUTRAL = Keyframe({"happy": 1}), Keyframe({"sad": 0.3}, uncertain=True), Keyframe({})


@given(st.lists(any_scores.map(Keyframe) | st.just(UNSURE), min_size=2, max_size=4))
def test_morphs_stop_at_every_keyframe(keyframes: list[Keyframe]) -> None:
    """A morph holds each keyframe as it is drawn alone, and glides in small steps between them."""
    frames = motion.morph(keyframes, ticks=5, hold=400)
    held = [controls for controls, time in frames if time == 400]
    for controls, keyframe in zip(held, keyframes, strict=True):
        assert astuple(controls) == pytest.approx(astuple(blend(keyframe.scores, uncertain=keyframe.uncertain)))
    assert len(frames) == 5 * len(keyframes)


def test_a_morph_smiles_before_it_laughs() -> None:
    """Halfway to a laugh is a smile, not a half-open mouth."""
    assert motion.interpolated(NEUTRAL, HAPPY, 0.5) == blend({"happy": 0.5})


@given(any_scores)
def test_idle_loops_without_a_jump(scores: dict[str, float]) -> None:
    """No step of the idle loop is large, the last to the first included, and each frame keeps the bounds."""
    start = blend(scores)
    frames = [controls for controls, _ in motion.idle(start)]
    assert astuple(motion.alive(start, 0)) == pytest.approx(astuple(motion.alive(start, 1)))
    for controls, following in zip(frames, [*frames[1:], frames[0]], strict=True):
        for name in ("bob", "brow_height", "mouth_open", "gaze_x", "tear"):
            entry = spec()[name]
            assert abs(getattr(following, name) - getattr(controls, name)) < 0.2 * (entry.high - entry.low), name


def test_idle_blinks_once() -> None:
    """The lids close fully once a loop and are open most of the time."""
    lids = [controls.lid for controls, _ in motion.idle(blend({}), ticks=100)]
    assert max(lids) > 0.95
    assert sum(lid > 0.3 for lid in lids) < 15


def test_ways_between_controls_are_smooth() -> None:
    """Interpolated pictures lie between their ends: interpolated differs less from both than they from each other."""
    start, end = draw({}), draw({"surprise": 1})
    first = draw({})
    half = on_white(type(first)(between(start.controls, end.controls, 0.5), "", ""), 64)
    whole = difference(on_white(start, 64), on_white(end, 64))
    assert difference(on_white(start, 64), half) < whole
    assert difference(half, on_white(end, 64)) < whole


@pytest.mark.parametrize("form", motion.LOOPS)
def test_loops_read_back(tmp_path: Path, form: str) -> None:
    """Each moving form has all its frames, endlessly, with transparent corners."""
    path = tmp_path / f"loop.{form}"
    frames = motion.morph([NEUTRAL, HAPPY], ticks=4)
    motion.save_loop(draw({}), frames, path, size=32)
    with Image.open(path) as image:
        assert image.n_frames == len(frames)  # type: ignore[attr-defined]
        assert image.info["loop"] == 0
        image.seek(4)
        rgba = image.convert("RGBA")
        assert rgba.size == (32, 32)
        assert rgba.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_other_moving_forms_are_refused(tmp_path: Path) -> None:
    """A form that does not move is a ValueError that names those that do."""
    with pytest.raises(ValueError, match=r"\.webp, \.gif, \.png"):
        motion.save_loop(draw({}), motion.morph([NEUTRAL, HAPPY], ticks=2), tmp_path / "loop.svg", size=16)


@given(any_scores, st.sampled_from(themes.names()), st.sampled_from([None, "#336699"]))
@settings(max_examples=20)
def test_frames_are_what_is_drawn_at_once(scores: dict[str, float], theme: str, background: str | None) -> None:
    """A frame put together from a head drawn once and its own features is the drawing, but for rounding."""
    drawing = draw(scores, theme=theme, background=background, size=64)
    frames = motion.idle(drawing.controls, ticks=3)
    for (controls, _), frame in zip(frames, motion.pictures(drawing, frames), strict=True):
        whole = replace(drawing, controls=controls).to_image()
        # Multiplied by their opacity, as they are seen: the color of a transparent pixel means nothing.
        seen, expected = (np.asarray(image.convert("RGBa"), np.int16) for image in (frame, whole))
        off = np.abs(seen - expected)
        # The edges of strokes that lie on one another are rounded a few times: a pixel or two is off by more than 4.
        assert off.max() <= 8
        assert (off > 4).mean() < 0.001
        assert off.mean() < 0.1


@pytest.mark.parametrize("scores", [{"happy": 1}, {"fear": 1}, {"contempt": 0.4, "sad": 0.4}])
def test_still_stickers_fit(tmp_path: Path, scores: dict[str, float]) -> None:
    """A sticker is a WebP of 512 x 512 under 100 kB."""
    path = tmp_path / "sticker.webp"
    size = motion.save_sticker(scores, path)
    assert path.stat().st_size == size <= motion.STATIC_BYTES
    with Image.open(path) as image:
        assert (image.format, image.size) == ("WEBP", (512, 512))


def test_moving_stickers_fit(tmp_path: Path) -> None:
    """A moving sticker is an animated WebP of 512 x 512 under 500 kB."""
    path = tmp_path / "sticker.webp"
    size = motion.save_sticker({"happy": 1}, path, animated=True)
    assert path.stat().st_size == size <= motion.MOVING_BYTES
    with Image.open(path) as image:
        assert (image.format, image.size) == ("WEBP", (512, 512))
        assert image.n_frames > 10  # type: ignore[attr-defined]


def test_rich_stickers_lose_quality_until_they_fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where a face is too rich for the limit, it is written with less quality, still within it."""
    rich = motion.save_sticker({"fear": 1}, tmp_path / "rich.webp")
    monkeypatch.setattr(motion, "STATIC_BYTES", rich - 1)
    assert motion.save_sticker({"fear": 1}, tmp_path / "poor.webp") < rich


def test_stickers_are_webp(tmp_path: Path) -> None:
    """Another suffix is refused."""
    with pytest.raises(ValueError, match="webp"):
        motion.save_sticker({}, tmp_path / "sticker.png")


def test_gallery_shows_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gallery writes its sheets, the anchors as SVG, a film and a page that shows each of them."""
    monkeypatch.setattr(gallery, "LARGE", 32)
    sheets = list(gallery.write(tmp_path, cell=16))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert [sheet.stem for sheet in sheets] == list(gallery.PAGES)
    assert all(sheet.name in page for sheet in sheets)
    assert len(list(tmp_path.glob("*.svg"))) == 18
    with Image.open(BytesIO((tmp_path / "film.webp").read_bytes())) as film:
        assert film.n_frames > 20  # type: ignore[attr-defined]
