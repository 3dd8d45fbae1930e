"""Pictures of every form come out as upright RGB; everything else is named and refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from mien import errors, images

Pixels = NDArray[np.uint8]

WIDE = np.zeros((6, 10, 3), np.uint8)
WIDE[:, :5] = (200, 40, 30)
WIDE[:3, 5:] = (20, 180, 60)
"""Red on the left, green on the upper right, black below it: no turn of it looks the same."""


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return the picture's bytes in a format."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def near(one: Pixels, other: Pixels, *, by: int = 12) -> bool:
    """Tell whether two pictures are the same but for a lossy format's noise, on average."""
    return one.shape == other.shape and float(np.abs(one.astype(int) - other).mean()) <= by


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM"])
def test_every_format_is_read(kind: str) -> None:
    """A picture comes out the same from every format."""
    rgb = images.load(encoded(Image.fromarray(np.kron(WIDE, np.ones((8, 8, 1), np.uint8))), kind))
    assert near(rgb, np.kron(WIDE, np.ones((8, 8, 1), np.uint8)))
    assert rgb.dtype == np.uint8


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    """A WebP that is called .jpg is read by its content, also when a folder is searched."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(Image.fromarray(WIDE), "WEBP", lossless=True))
    assert np.array_equal(images.load(path), WIDE)
    assert images.find(tmp_path) == ([path], 0)


@pytest.mark.parametrize("give", [str, Path, Path.read_bytes, Path.open, Image.open], ids=lambda give: give.__name__)
def test_a_picture_may_be_given_in_many_ways(tmp_path: Path, give: object) -> None:
    """A path, a string, bytes, an open file and a Pillow image give the same pixels."""
    path = tmp_path / "a.png"
    Image.fromarray(WIDE).save(path)
    given = path.open("rb") if give is Path.open else give(path)  # type: ignore[operator]
    try:
        assert np.array_equal(images.load(given), WIDE)
    finally:
        if hasattr(given, "close"):
            given.close()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_undone(orientation: int) -> None:
    """A photo that a camera stored turned or mirrored comes out upright."""
    stored = {
        1: WIDE,
        2: WIDE[:, ::-1],
        3: WIDE[::-1, ::-1],
        4: WIDE[::-1],
        5: WIDE.transpose(1, 0, 2),
        6: WIDE.transpose(1, 0, 2)[::-1],
        7: WIDE.transpose(1, 0, 2)[::-1, ::-1],
        8: WIDE.transpose(1, 0, 2)[:, ::-1],
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = Image.fromarray(np.ascontiguousarray(stored))
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(images.load(encoded(picture, kind, exif=exif)), WIDE), kind


def test_cmyk_is_read_as_rgb() -> None:
    """A CMYK JPEG, as print shops send them, comes out in its colors."""
    large = np.kron(WIDE, np.ones((8, 8, 1), np.uint8))
    data = encoded(Image.fromarray(large).convert("CMYK"), "JPEG", quality=95)
    assert near(images.load(data), large)


def test_16_bit_values_are_scaled_not_clipped() -> None:
    """Sixteen-bit gray keeps its shades: 65535 is white, half of it is middle gray."""
    deep = np.array([[0, 32768, 65535]], np.uint16)
    for kind in ("PNG", "TIFF"):
        assert images.load(encoded(Image.fromarray(deep), kind))[0, :, 0].tolist() == [0, 128, 255]
    assert images.load(deep)[0, :, 1].tolist() == [0, 128, 255]
    assert images.load(deep.astype(">u2"))[0, :, 1].tolist() == [0, 128, 255]


def test_float_and_32_bit_pictures_are_scaled() -> None:
    """A float TIFF from 0 to 1 and a 32-bit one come out in 8 bits; what is not finite is black."""
    unit = np.array([[0.0, 0.5, 1.0, np.nan]], np.float32)
    assert images.load(encoded(Image.fromarray(unit), "TIFF"))[0, :, 2].tolist() == [0, 128, 255, 0]
    deep = np.array([[0, 32768, 65535]], np.int32)
    assert images.load(encoded(Image.fromarray(deep), "TIFF"))[0, :, 2].tolist() == [0, 128, 255]


def test_transparency_is_laid_on_white() -> None:
    """What is transparent is white, half transparent is half white; also in palettes and gray with alpha."""
    rgba = np.zeros((1, 3, 4), np.uint8)
    rgba[0, :, 3] = (0, 128, 255)
    for mode in ("RGBA", "LA"):
        rgb = images.load(encoded(Image.fromarray(rgba).convert(mode), "PNG"))
        assert rgb[0, :, 0].tolist() == [255, 127, 0]
    assert images.load(rgba)[0, :, 0].tolist() == [255, 127, 0]
    palette = Image.new("P", (2, 1))
    palette.putpalette([0, 0, 0, 10, 20, 30])
    palette.putpixel((1, 0), 1)
    assert images.load(encoded(palette, "PNG", transparency=0))[0].tolist() == [[255, 255, 255], [10, 20, 30]]


@pytest.mark.parametrize("mode", ["L", "1", "P", "YCbCr"])
def test_other_modes_become_rgb(mode: str) -> None:
    """Gray, black and white, palette and YCbCr pictures have three channels afterwards."""
    kind = "TIFF" if mode == "YCbCr" else "PNG"
    assert images.load(encoded(Image.fromarray(WIDE).convert(mode), kind)).shape == (6, 10, 3)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_read(kind: str) -> None:
    """An animated picture is its first frame."""
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue", "lime")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    assert near(images.load(data), np.full((8, 8, 3), (255, 0, 0), np.uint8))


@pytest.mark.parametrize(
    ("array", "value"),
    [
        (np.full((2, 3), 7, np.uint8), 7),
        (np.full((2, 3, 1), 7, np.uint8), 7),
        (np.full((2, 3, 3), True), 255),
        (np.full((2, 3, 3), 0.2, np.float32), 51),
        (np.full((2, 3, 3), 0.2, np.float64), 51),
    ],
)
def test_arrays_of_several_kinds_are_read(array: NDArray[np.generic], value: int) -> None:
    """Gray, bool and float arrays become uint8 RGB."""
    rgb = images.load(array)
    assert rgb.dtype == np.uint8
    assert rgb.shape == (2, 3, 3)
    assert np.all(rgb == value)


@pytest.mark.parametrize(
    "array",
    [np.zeros((2, 3, 5), np.uint8), np.zeros(4, np.uint8), np.full((2, 2), 7.5), np.zeros((2, 2), np.int64)],
    ids=["five channels", "one dimension", "floats over 1", "int64"],
)
def test_arrays_that_are_no_picture_are_refused(array: NDArray[np.generic]) -> None:
    """An array whose meaning would be a guess is refused, and the message says what is expected."""
    with pytest.raises(errors.UnreadableImage, match="expected"):
        images.load(array)


def broken_files() -> dict[str, tuple[bytes, str]]:
    """Return broken inputs with a word of the reason that has to be given."""
    photo = Image.effect_noise((64, 64), 80)
    return {
        "empty": (b"", "empty"),
        "text": (b"hello, I am not a picture at all", "not a picture"),
        "cut JPEG": (encoded(photo, "JPEG")[:800], "cut short"),
        "cut PNG": (encoded(photo, "PNG")[:900], "cut short|broken"),
        "only a head": (b"\xff\xd8\xff\xe0", "broken|cut short"),
        "HEIC": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        "PDF": (b"%PDF-1.7 ...", "not a picture"),
    }


@pytest.mark.parametrize("case", broken_files())
def test_what_is_no_picture_is_named_with_its_reason(case: str, tmp_path: Path) -> None:
    """The message names the file and the reason in plain words, with no address of an object in it."""
    data, reason = broken_files()[case]
    path = tmp_path / "holiday.jpg"
    path.write_bytes(data)
    with pytest.raises(errors.UnreadableImage, match=reason) as caught:
        images.load(path)
    assert "holiday.jpg" in str(caught.value)
    with pytest.raises(errors.UnreadableImage, match=reason) as caught:
        images.load(data, name="upload 3")
    assert str(caught.value).startswith("upload 3: ")
    assert "0x" not in str(caught.value)


def test_missing_files_and_folders_are_unreadable(tmp_path: Path) -> None:
    """A path that leads nowhere and a folder are refused as pictures, by name."""
    with pytest.raises(errors.UnreadableImage, match=r"gone\.png: no such file"):
        images.load(tmp_path / "gone.png")
    with pytest.raises(errors.UnreadableImage, match="directory"):
        images.load(tmp_path)
    with pytest.raises(errors.UnreadableImage, match="expected"):
        images.load(42)  # type: ignore[arg-type]


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds a single row: decoding it would fail, its head is sound."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (1 + (width + 7) // 8))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_too_large_pictures_are_refused_before_they_are_decoded() -> None:
    """Bytes that claim 400 megapixels are refused by their head, as are arrays and Pillow images over the limit."""
    with pytest.raises(errors.ImageTooLarge, match=r"20000x20000 is 400\.0 megapixels; at most 100"):
        images.load(huge_png(20000, 20000))
    with pytest.raises(errors.ImageTooLarge, match="10001x10000"):
        images.load(huge_png(10001, 10000))
    with pytest.raises(errors.ImageTooLarge):
        images.load(np.zeros((20, 20), np.uint8), max_pixels=399)
    with pytest.raises(errors.ImageTooLarge):
        images.load(Image.new("L", (20, 20)), max_pixels=399)


def test_only_the_own_limit_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow's limit, which belongs to the whole process, neither warns nor refuses here."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    for kind in ("PNG", "JPEG", "GIF", "BMP"):
        assert images.load(encoded(Image.fromarray(WIDE), kind)).shape == (6, 10, 3), kind


def test_a_folder_is_searched_in_name_order(tmp_path: Path) -> None:
    """Pictures come in the order of their paths, subfolders included; other files are counted."""
    for name in ("b.png", "a/z.png", "a/y.gif", "c.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encoded(Image.fromarray(WIDE), "PNG"))
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "a" / "fake.jpg").write_text("not a picture")
    found, skipped = images.find(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a/y.gif", "a/z.png", "b.png", "c.jpg"]
    assert skipped == 2


SAMPLES = [
    encoded(Image.effect_noise((24, 18), 60).convert("RGB"), kind)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM")
]


@settings(max_examples=150)
@given(data=st.data())
def test_garbled_pictures_never_break_anything_else(data: st.DataObject) -> None:
    """Whatever bytes come, cut or garbled, the answer is RGB pixels or one of two errors."""
    sample = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for at in data.draw(st.lists(st.integers(0, len(sample) - 1), max_size=12)):
        sample[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(sample)))
    try:
        rgb = images.load(bytes(sample[:cut]), max_pixels=1_000_000)
    except (errors.UnreadableImage, errors.ImageTooLarge):
        pass
    else:
        assert rgb.ndim == 3
        assert rgb.shape[2] == 3
        assert rgb.dtype == np.uint8


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    """Random bytes are no picture."""
    with pytest.raises(errors.InputError):
        images.load(data)
