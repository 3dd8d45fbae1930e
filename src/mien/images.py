"""Any form of picture in, upright RGB pixels out, within limits."""

from __future__ import annotations

import importlib
import io
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.errors import ImageTooLarge, UnreadableImage

STDIN: Final = "-"
"""The name in results of a picture that came from standard input."""

MAX_PIXELS: Final = 100_000_000

MAX_BYTES: Final = 1_000_000_000
"""How much of a stream is read: a picture of ``MAX_PIXELS`` takes 800 MB at most, as uncompressed 16-bit RGBA."""

HEAD_BYTES: Final = 64
"""How many bytes identify a file's format; AVIF needs the most, for its list of brands."""

CHUNK: Final = 1 << 20

_PLUGINS: Final = {
    "JPEG": "JpegImagePlugin",
    "PNG": "PngImagePlugin",
    "WEBP": "WebPImagePlugin",
    "GIF": "GifImagePlugin",
    "BMP": "BmpImagePlugin",
    "TIFF": "TiffImagePlugin",
    "AVIF": "AvifImagePlugin",
    "PPM": "PpmImagePlugin",
}

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by its EXIF orientation."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture: upright RGB pixels, uint8 [height, width, 3], and the name that results give it.

    Every function that takes a picture takes this too, without decoding again.
    """

    rgb: NDArray[np.uint8]
    name: str | None = None


@dataclass(frozen=True, eq=False)
class NamedImage:
    """A picture that is not decoded yet, with the name that results and messages give it.

    For pictures without a path of their own, such as bytes from a pipe.
    """

    image: ImageSource
    name: str


ImageSource = (
    str
    | os.PathLike[str]
    | bytes
    | bytearray
    | memoryview
    | IO[bytes]
    | Image.Image
    | NDArray[Any]
    | Picture
    | NamedImage
)
"""The ways to give a picture: a path, its bytes, an open file, a Pillow image, an array (RGB, not BGR), a picture
that was decoded before, or any of these with a name."""


def decode(source: ImageSource, *, max_pixels: int = MAX_PIXELS, name: str | None = None) -> Picture:
    """Return the decoded picture with its name, by default its path; a decoded one is returned as it is.

    Raises what ``load`` raises.

    >>> decode(NamedImage(np.zeros((2, 3), np.uint8), "frame 7")).name
    'frame 7'
    """
    if isinstance(source, Picture) and name is None:
        return source
    return Picture(load(source, max_pixels=max_pixels, name=name), name if name is not None else name_of(source))


def load(source: ImageSource, *, max_pixels: int = MAX_PIXELS, name: str | None = None) -> NDArray[np.uint8]:
    """Return the picture as upright RGB: uint8 [height, width, 3].

    Reads JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF and PPM by their content, whatever the file is called. EXIF rotation is
    applied, transparency turns white, 16-bit values are scaled, and only an animation's first frame is read. An
    array is uint8, uint16, bool, or float from 0 to 1, of shape [H, W], [H, W, 3] or [H, W, 4]. ``name`` is what error
    messages call the picture. Raises ``UnreadableImage``, and ``ImageTooLarge`` before a pixel is decoded.

    >>> load(np.zeros((2, 3), np.uint8)).shape
    (2, 3, 3)
    """
    called = name or describe(source)
    if isinstance(source, NamedImage):
        return load(source.image, max_pixels=max_pixels, name=called)
    if isinstance(source, Picture):
        return source.rgb
    if isinstance(source, np.ndarray):
        return _from_array(source, called, max_pixels)
    if isinstance(source, Image.Image):
        return _decoded(lambda: source, called, max_pixels)
    if isinstance(source, str | os.PathLike):
        with _opened(Path(source), called) as file:
            return _decoded(lambda: _from_file(file, called), called, max_pixels)
    data = source if isinstance(source, bytes | bytearray | memoryview) else read_stream(source, called)
    return _decoded(lambda: _from_file(io.BytesIO(data), called), called, max_pixels)


def name_of(source: ImageSource) -> str | None:
    """Return a picture's name for results: its name or path, None if it has neither.

    >>> name_of("party.jpg"), name_of(b"...")
    ('party.jpg', None)
    """
    if isinstance(source, Picture | NamedImage):
        return source.name
    return os.fspath(source) if isinstance(source, str | os.PathLike) else None


def describe(source: object) -> str:
    """Return a picture's name for messages: its name or path, or else the kind of value.

    >>> describe("party.jpg"), describe(b"...")
    ('party.jpg', 'the given bytes')
    """
    if isinstance(source, Picture | NamedImage) and source.name is not None:
        return "standard input" if source.name == STDIN else source.name
    if isinstance(source, str | os.PathLike):
        return os.fspath(source)
    if isinstance(source, bytes | bytearray | memoryview):
        return "the given bytes"
    return "the given array" if isinstance(source, np.ndarray) else "the given picture"


def format_of(head: bytes) -> str | None:
    """Return the name of a picture's format by its first ``HEAD_BYTES``, or None if mien does not read it.

    >>> format_of(b"GIF89a...")
    'GIF'
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in (12, 16, 40, 52, 56, 64, 108, 124):
        return "BMP"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if head[4:8] == b"ftyp" and (b"avif" in head[8:] or b"avis" in head[8:]):
        return "AVIF"
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3] in (b" ", b"\t", b"\r", b"\n"):
        return "PPM"
    return None


def is_image(path: str | os.PathLike[str]) -> bool:
    """Return whether the file begins like a picture that can be read, whatever it is called.

    >>> is_image(__file__)
    False
    """
    try:
        with Path(path).open("rb") as file:
            return format_of(file.read(HEAD_BYTES)) is not None
    except OSError:
        return False


def find(folder: str | os.PathLike[str], *, onerror: Callable[[OSError], None] | None = None) -> tuple[list[Path], int]:
    """Return the pictures in a folder and its subfolders, in name order, and how many other files were skipped.

    Links to folders are not followed. ``onerror`` is called with the error of each folder that may not be opened;
    without it the error is raised.
    """

    def fail(error: OSError) -> None:
        if onerror is None:
            raise error
        onerror(error)

    walk = os.walk(folder, onerror=fail)
    files = sorted(path for parent, _, names in walk for path in map(Path(parent).joinpath, names) if path.is_file())
    pictures = [path for path in files if is_image(path)]
    return pictures, len(files) - len(pictures)


def _opened(path: Path, called: str) -> IO[bytes]:
    try:
        # Opening a pipe without a writer would wait forever, and a device may never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableImage(f"{called}: {_why_no_file(path)}; expected the path of a picture")
        return path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise UnreadableImage(f"{called}: {reason.lower()}; expected the path of a picture") from error


def _why_no_file(path: Path) -> str:
    """Return what kind of thing a path is if not a file; ``OSError`` for a folder without permission."""
    if path.is_dir():
        with os.scandir(path):
            return "is a directory"
    return "a pipe or a device, not a file (give a pipe as -)"


def read_stream(stream: object, called: str) -> bytes:
    """Return the bytes of a picture from an open binary file, at most ``MAX_BYTES`` of them.

    If it is not a picture, only the head is read. Raises ``UnreadableImage`` if it is not a binary file, and
    ``ImageTooLarge`` if it is longer.
    """
    read: Callable[[int], object] | None = getattr(stream, "read", None)
    data = bytearray()
    while len(data) <= MAX_BYTES:
        chunk = read(HEAD_BYTES if len(data) < HEAD_BYTES else CHUNK) if read is not None else None
        if not isinstance(chunk, bytes):
            expected = "a path, bytes, an open binary file, a Pillow image or an array"
            raise UnreadableImage(f"{called}: expected {expected}, got {type(stream).__name__}")
        data += chunk
        if not chunk or (len(data) >= HEAD_BYTES and format_of(bytes(data[:HEAD_BYTES])) is None):
            return bytes(data)
    raise ImageTooLarge(f"{called}: longer than {MAX_BYTES / 1e6:,.0f} MB, more than any picture that mien reads")


def _why_not(head: bytes) -> str:
    if not head:
        return "the file is empty"
    if head[4:8] == b"ftyp" and any(brand in head for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")):
        return "a HEIC photo, which cannot be read here; save it as JPEG first"
    if _is_video(head):
        return "a video, not a picture; `mien video` follows the faces in it"
    return f"not a picture; expected one of {', '.join(_PLUGINS)}"


def _is_video(head: bytes) -> bool:
    """Return whether a file begins as MP4, QuickTime, Matroska, WebM or AVI does."""
    return head[4:8] == b"ftyp" or head[:4] == b"\x1aE\xdf\xa3" or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")


def _from_file(file: IO[bytes], called: str) -> Image.Image:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    kind = format_of(head)
    if kind is None:
        raise UnreadableImage(f"{called}: {_why_not(head)}")
    # Image.open would try every format it knows, and warn by a size limit that is global to the process.
    importlib.import_module(f"PIL.{_PLUGINS[kind]}")
    factory: Callable[..., Image.Image] = Image.OPEN[kind][0]
    return factory(file, "")


def _decoded(open_picture: Callable[[], Image.Image], called: str, max_pixels: int) -> NDArray[np.uint8]:
    """Decode; turn whatever a broken file makes a decoder raise into ``UnreadableImage``."""
    try:
        picture = open_picture()
        _check_size(*picture.size, called, max_pixels)
        picture.load()
        return _upright_rgb(picture)
    except (UnreadableImage, ImageTooLarge):
        raise
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(f"{called}: unpacks to more than the {max_pixels:,} pixels that are read") from error
    except Exception as error:
        raise UnreadableImage(f"{called}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if "truncated" in str(error).lower() or isinstance(error, EOFError):
        return "the picture is cut short; copy or download it again"
    return "the picture is broken; open and save it in a picture editor, or leave it out"


def _check_size(width: int, height: int, called: str, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise UnreadableImage(f"{called}: a picture of {width}x{height} pixels holds nothing")
    if width * height > max_pixels:
        message = f"{called}: {width}x{height} is {width * height / 1e6:,.1f} megapixels"
        raise ImageTooLarge(f"{message}; at most {max_pixels / 1e6:,.6g} are read, make it smaller first")


def _upright_rgb(picture: Image.Image) -> NDArray[np.uint8]:
    turn = _TURNS.get(_orientation(picture))
    rgb = _rgb(picture)
    return np.array(rgb if turn is None else rgb.transpose(turn))


def _orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; damaged metadata is no reason to refuse a sound picture."""
    try:
        # 0x0112 is EXIF's tag for the orientation; 1 is upright.
        return int(picture.getexif().get(0x0112, 1))
    except Exception:
        return 1


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode in ("F", "I") or picture.mode.startswith("I;16"):
        return Image.fromarray(_eight_bits(np.asarray(picture))).convert("RGB")
    if picture.has_transparency_data:
        # Through RGBA also for palettes and single transparent colors: white is what a web page shows behind them.
        rgba = picture.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _eight_bits(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale deeper grey values by the range that their largest one fits into."""
    if values.dtype.kind == "u" and values.dtype.itemsize == 2:
        # 257 takes 65,535 to exactly 255.
        return np.round(values / 257).astype(np.uint8)
    finite = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    largest = float(finite.max())
    ranges = (1.0, 255.0, 65535.0) if np.issubdtype(values.dtype, np.floating) else (255.0, 65535.0)
    top = next((limit for limit in ranges if largest <= limit), largest)
    return np.round(np.clip(finite, 0, top) * (255 / top)).astype(np.uint8)


def _from_array(array: NDArray[Any], called: str, max_pixels: int) -> NDArray[np.uint8]:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise UnreadableImage(f"{called}: expected shape [H, W], [H, W, 3] or [H, W, 4], got {list(array.shape)}")
    _check_size(array.shape[1], array.shape[0], called, max_pixels)
    values = _array_bytes(array, called)
    if values.ndim == 2 or values.shape[2] == 1:
        return np.repeat(values.reshape(*values.shape[:2], 1), 3, axis=2)
    if values.shape[2] == 4:
        return np.array(_rgb(Image.fromarray(values)))
    return np.ascontiguousarray(values)


def _array_bytes(array: NDArray[Any], called: str) -> NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind == "u" and array.dtype.itemsize == 2:
        return _eight_bits(array)
    if np.issubdtype(array.dtype, np.floating) and np.isfinite(array).all() and array.min() >= 0 and array.max() <= 1:
        return np.round(array * 255).astype(np.uint8)
    raise UnreadableImage(f"{called}: expected uint8, uint16, bool or floats from 0 to 1, got {array.dtype}")
