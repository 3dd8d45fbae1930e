"""The drawing: valid, small, repeatable SVG; no blend is broken; every emotion differs from every other."""

from __future__ import annotations

import itertools
import math
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from faces import SVG, any_scores, difference, on_white, outline, sharp_scores, tree
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mien.emoji import raster, themes
from mien.emoji.controls import Controls
from mien.emoji.drawing import Drawing, draw
from mien.emoji.eyes import SLIT
from mien.labels import EMOTIONS, FER2013

GRADIENTS = {"linearGradient", "radialGradient"}

ANCHORS = [({name: score}, False) for name in EMOTIONS for score in (0.5, 0.95)] + [({"happy": 0.3}, True)]
"""The faces that the art was made for, and whether they are uncertain."""

DISTINCT = [anchor for anchor in ANCHORS if anchor != ({"neutral": 0.5}, False)]
"""The same without the second neutral, which is no other face."""


@given(any_scores, st.booleans(), st.sampled_from(themes.names()), st.sampled_from([20, 64, 512]))
def test_svg_is_valid_small_and_closed(scores: dict[str, float], uncertain: bool, theme: str, size: int) -> None:
    """Every SVG parses, is under 6,144 bytes, has title and desc, and holds nothing that runs or reaches out."""
    drawing = draw(scores, uncertain=uncertain, theme=theme, size=size, tilt=-17.5, background="#123456")
    assert len(drawing.svg.encode()) < 6144
    root = tree(drawing)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text == drawing.title  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text == drawing.alt  # type: ignore[union-attr]
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "circle", "ellipse", "clipPath", "stop"} | GRADIENTS
    assert "href" not in drawing.svg
    assert not re.search(r"nan|inf|e[-+]\d", drawing.svg.split("</desc>")[1])


@given(any_scores, st.booleans(), st.sampled_from(themes.names()))
def test_ids_are_used_and_unique(scores: dict[str, float], uncertain: bool, theme: str) -> None:
    """Each reference finds its one definition, and no id is left unused."""
    svg = draw(scores, uncertain=uncertain, theme=theme).svg
    ids = re.findall(r'id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) == set(ids)


def test_drawings_share_a_page() -> None:
    """Different drawings have different ids, so that many can stand in one HTML page."""
    drawings = [
        draw(scores, uncertain=unsure, theme=name) for scores, unsure in DISTINCT for name in ("classic", "dark")
    ]
    ids = [set(re.findall(r'id="([^"]+)"', drawing.svg)) for drawing in drawings]
    assert all(not a & b for a, b in itertools.combinations(ids, 2))


def test_svg_is_repeatable_in_another_process() -> None:
    """Another process, with another hash seed, draws the same bytes."""
    code = "from mien.emoji.drawing import draw; print(draw({'fear': .6, 'happy': .3}, tilt=3).svg)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert run.stdout == draw({"happy": 0.3, "fear": 0.6}, tilt=3).svg + "\n"


@pytest.mark.parametrize("theme", themes.names())
@pytest.mark.parametrize("name", ["happy", "fear", "disgust", "uncertain"])
def test_golden_themes(theme: str, name: str, golden: Callable[[str, str], None]) -> None:
    """Every theme draws as it was last looked at."""
    drawing = draw({} if name == "uncertain" else {name: 0.95}, uncertain=name == "uncertain", theme=theme)
    golden(f"{theme}-{name}.svg", f"{drawing}\n")


@pytest.mark.parametrize("emotion", EMOTIONS)
@pytest.mark.parametrize("score", [0.5, 1.0])
def test_golden_anchors(emotion: str, score: float, golden: Callable[[str, str], None]) -> None:
    """Every anchor draws as it was last looked at."""
    golden(f"{emotion}-{score:.1f}.svg", f"{draw({emotion: score}, size=128)}\n")


def test_golden_blend(golden: Callable[[str, str], None]) -> None:
    """A tilted, small, tinted blend on a ground draws as it was last looked at."""
    drawing = draw({"happy": 0.5, "surprise": 0.3, "sad": 0.2}, size=32, tilt=12, background="#fff", skin="#8d5524")
    golden("blend.svg", f"{drawing}\n")


@settings(max_examples=60)
@given(any_scores, st.sampled_from(EMOTIONS), st.sampled_from(EMOTIONS))
def test_pixels_change_little_with_little(scores: dict[str, float], giver: str, taker: str) -> None:
    """Moving 0.01 from one score to another changes the pixels by at most 1 % of their range, on average."""
    step = min(0.01, scores[giver])
    moved = scores | {giver: scores[giver] - step}
    moved[taker] += step
    assert difference(on_white(draw(scores), 64), on_white(draw(moved), 64)) <= 0.01


@pytest.mark.parametrize("size", [32, 20])
@pytest.mark.parametrize("theme", ["classic", "dark", "line"])
def test_emotions_are_told_apart_when_small(theme: str, size: int) -> None:
    """At 32 and 20 pixels no two emotions are alike: their pixels differ by 1.2 % of the range at the least."""
    faces = [
        (next(iter(s)) if not unsure else "uncertain", draw(s, uncertain=unsure, theme=theme)) for s, unsure in ANCHORS
    ]
    pixels = [(name, on_white(drawing, size)) for name, drawing in faces]
    for (name, a), (other, b) in itertools.combinations(pixels, 2):
        assert name == other or difference(a, b) > 0.012, (name, other)


@given(any_scores, st.booleans())
def test_features_stay_on_the_head(scores: dict[str, float], uncertain: bool) -> None:
    """No mouth, eye or brow reaches over the edge of the head."""
    features = tree(draw(scores, uncertain=uncertain)).find(f"{SVG}g")
    assert features is not None
    for element in [child for child in features if child.tag == f"{SVG}path"]:
        points = outline(element.attrib["d"])
        assert np.hypot(*points.T).max() < 91


@given(any_scores, st.floats(0, 1), st.floats(0, 1))
def test_lids_never_cross(scores: dict[str, float], lid: float, cheek: float) -> None:
    """However lids and cheeks close, the eye keeps its slit, and what lies in it is cut by its lids."""
    drawing = draw(scores)
    closed = replace(drawing, controls=replace(drawing.controls, lid=lid, cheek=cheek, eye_white=0.7))
    root = tree(closed)
    openings = [c for c in root.iter(f"{SVG}clipPath") if c.attrib["id"][-1] in "lr"]
    assert len(openings) == 2
    for opening in openings:
        points = outline(opening[0].attrib["d"], steps=32)
        middle = points[np.abs(points[:, 0] - points[:, 0].mean()) < 2.5, 1]
        assert middle.max() - middle.min() > 0.9 * SLIT
    pupils = [e for e in root.iter(f"{SVG}ellipse") if e.attrib.get("fill", "").endswith("e)")]
    clipped = [e for g in root.iter(f"{SVG}g") if "clip-path" in g.attrib for e in g]
    assert len(pupils) == 2
    assert all(pupil in clipped for pupil in pupils)


@given(any_scores, st.floats(0, 58), st.floats(0, 1), st.floats(0, 1))
def test_teeth_stay_in_the_mouth(scores: dict[str, float], gap: float, teeth: float, grit: float) -> None:
    """Teeth and the tongue within are always cut by the outline of the mouth."""
    drawing = draw(scores, theme="dark")
    opened = replace(drawing, controls=replace(drawing.controls, mouth_open=gap, teeth=teeth, grit=grit, tongue=1))
    white = themes.load("dark")["teeth"]
    root = tree(opened)
    inside = {e for g in root.iter(f"{SVG}g") if g.attrib.get("clip-path", "").endswith("m)") for e in g.iter()}
    found = [e for e in root.iter() if e.attrib.get("fill") == white]
    assert all(e in inside for e in found)
    assert found or gap * max(teeth, grit) < 12 or drawing.controls.mouth_width < 26


@given(sharp_scores)
def test_lips_never_cross(scores: dict[str, float]) -> None:
    """The upper lip lies above the lower one in the middle, and the mouth below the eyes."""
    cavity = [c for c in tree(draw(scores)).iter(f"{SVG}clipPath") if c.attrib["id"].endswith("m")]
    for clip in cavity:
        points = outline(clip[0].attrib["d"])
        half = len(points) // 2
        upper, lower = points[half // 2], points[half + half // 2]
        assert upper[1] <= lower[1]
        assert points[:, 1].min() > 5


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(EMOTIONS, 2)))
def test_no_face_jumps_on_its_way(first: str, second: str) -> None:
    """From one emotion to another in twenty steps, no step moves the pixels by more than a fifth of the whole way."""
    way = [on_white(draw({first: 1 - step / 20, second: step / 20}), 64) for step in range(21)]
    whole = difference(way[0], way[-1])
    assert max(difference(a, b) for a, b in itertools.pairwise(way)) <= 0.2 * whole


def test_a_missing_share_is_neutral() -> None:
    """A partial mapping is filled up with neutral, and FER2013's seven or synonyms are as good as the eight."""
    assert draw({"happy": 0.7}).svg == draw({"happy": 0.7, "neutral": 0.3}).svg
    assert draw(dict.fromkeys(FER2013, 1 / 7)).svg
    assert draw({"anger": 0.7, "Neutral": 0.3}).svg == draw({"angry": 0.7}).svg


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ({"happy": 0.9, "sad": 0.2}, "sum to 1.1"),
        ({"happy": -0.1}, "happy=-0.1"),
        ({"happy": math.nan}, "happy=nan"),
        ({"joyful": 1.0}, "unknown emotion 'joyful'"),
        ({"unknown": 1.0}, "unknown=1"),
    ],
)
def test_wrong_scores_name_the_names(scores: dict[str, float], words: str) -> None:
    """A sum over 1.001, a negative score or an unknown name is a ValueError that lists the names."""
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        draw(scores)
    assert all(name in str(caught.value) for name in EMOTIONS)


def test_wrong_looks_are_told_at_once() -> None:
    """Unknown themes, colors and sizes are refused when drawing begins, with what would do."""
    with pytest.raises(ValueError, match="classic, flat, line, dark"):
        draw({}, theme="neon")
    with pytest.raises(ValueError, match="#rrggbb"):
        draw({}, background='red"/><script>')
    with pytest.raises(ValueError, match="#rrggbb"):
        draw({}, skin="brown")


@pytest.mark.parametrize("size", [0, 15, 2049, 1_000_000, -4, 20.5, True])
def test_sizes_have_bounds(size: int) -> None:
    """A size outside 16 to 2048 is an error before the renderer sees it, on every way to it."""
    for ask in (lambda: draw({}, size=size), lambda: draw({}).to_image(size), lambda: raster.png(draw({}).svg, size)):
        with pytest.raises(ValueError, match="16 to 2048"):
            ask()


@dataclass(frozen=True)
class _Read:
    """A face as a recognizer gives it: it has scores and knows whether enough of it is seen."""

    scores: dict[str, float]
    unclear: bool = False


def test_a_face_is_drawn_like_its_scores() -> None:
    """Anything with scores and unclear is drawn as those say."""
    assert draw(_Read({"sad": 0.8})).svg == draw({"sad": 0.8}).svg
    assert draw(_Read({"sad": 0.8}, unclear=True)).svg == draw({"sad": 0.8}, uncertain=True).svg


@pytest.mark.parametrize("suffix", [".svg", ".png", ".webp", ".gif", ".PNG"])
def test_every_form_is_saved(tmp_path: Path, suffix: str) -> None:
    """The suffix tells the form, the size holds, and the corners are transparent."""
    path = tmp_path / f"face{suffix}"
    draw({"happy": 1}).save(path, size=48)
    if suffix == ".svg":
        assert path.read_text(encoding="utf-8") == f"{draw({'happy': 1}, size=48)}\n"
        return
    with Image.open(path) as image:
        assert image.size == (48, 48)
        rgba = image.convert("RGBA")
        assert rgba.getpixel((0, 0))[3] == 0
        assert rgba.getpixel((24, 24))[3] == 255


def test_other_forms_are_refused(tmp_path: Path) -> None:
    """An unknown suffix is a ValueError that names the forms, and writes nothing."""
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.webp, \.gif"):
        draw({}).save(tmp_path / "face.bmp")
    assert not list(tmp_path.iterdir())


def test_png_bytes_repeat() -> None:
    """The same face gives the same PNG twice."""
    assert draw({"fear": 0.4}).encode("png") == draw({"fear": 0.4}).encode("png")
    with Image.open(BytesIO(draw({"fear": 0.4}, size=80).encode("png"))) as image:
        assert image.size == (80, 80)


def test_tilt_turns_the_features_and_not_the_light() -> None:
    """A head turned right round has its mouth above, while the light stays at the upper left."""
    straight, turned = draw({"happy": 0.95}), draw({"happy": 0.95}, tilt=180)
    mouth = (slice(60, 75), slice(40, 60))
    assert on_white(straight, 100)[mouth].mean() < on_white(turned, 100)[mouth].mean()
    assert draw({}, tilt=270).svg == draw({}, tilt=-90).svg
    light = (slice(14, 22), slice(26, 34))
    neutral, upside_down = on_white(draw({}), 100)[light], on_white(draw({}, tilt=180), 100)[light]
    assert difference(neutral, upside_down) == 0


def test_background_and_skin_show() -> None:
    """The background fills the corners, the skin colors the face."""
    pixels = draw({}, background="#0000ff", skin="#00ff00").to_image(64)
    assert pixels.getpixel((1, 1)) == (0, 0, 255, 255)
    red, green, _, _ = pixels.getpixel((10, 40))  # type: ignore[misc]
    assert green > red


@given(any_scores, st.sampled_from(["classic", "line"]))
def test_alt_words_can_be_spoken(scores: dict[str, float], theme: str) -> None:
    """The alt text is a short run of plain words."""
    alt = draw(scores, theme=theme).alt
    assert re.fullmatch(r"[a-z ,-]{8,120}", alt)


def test_anchors_are_described_apart() -> None:
    """Every full emotion is described in words of its own."""
    words = {draw({emotion: 1}).alt for emotion in EMOTIONS} | {draw({}, uncertain=True).alt}
    assert len(words) == len(EMOTIONS) + 1


def test_gaze_moves_the_pupils() -> None:
    """Looking left and looking right are two faces."""
    left, right = draw({"surprise": 1}, gaze=(-1, 0)), draw({"surprise": 1}, gaze=(1, 0))
    assert difference(on_white(left, 64), on_white(right, 64)) > 0.005


def test_a_drawing_is_a_value() -> None:
    """Equal faces are equal drawings, and a drawing of bare controls needs no scores."""
    assert draw({"sad": 1}) == draw({"sad": 1.0, "happy": 0})
    assert Drawing(Controls(), "Emoji", "a straight mouth").to_image(32).size == (32, 32)
