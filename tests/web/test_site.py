"""The page as files: what belongs to it, of what types, and as a folder for a static host."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from mien import models
from mien.cli import main
from mien.errors import PageIncomplete
from mien.web import packing, release, site

ROOT = Path(__file__).parents[2]

needs_runtime = pytest.mark.skipif(site.runtime_missing(), reason="needs the page's runtime: make web")

IMPORT = re.compile(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"|new URL\("(\./[^"]+)"')


def test_files() -> None:
    """Everything that the page needs is in the list, and there; the emoji's definition is the one of Python."""
    files = site.files()
    needed = {
        "index.html",
        "styles/base.css",
        "emoji/index.js",
        "reading/reader.js",
        "reading/worker.js",
        "emoji/face.json",
    }
    assert needed | {"models/mien-s.onnx", "models/mien-s.json", "models/yunet.onnx", "models/yunet.json"} <= set(files)
    assert all(path.is_file() for path in files.values())
    assert files["emoji/themes.json"].parent == Path(models.__file__).parents[1] / "emoji"


def test_modules_find_each_other() -> None:
    """Every module that another one names by a relative path is in the list."""
    files = site.files()
    for url, path in files.items():
        if path.suffix == ".js":
            for first, second in IMPORT.findall(path.read_text(encoding="utf-8")):
                named = (Path("/") / url).parent / (first or second)
                assert str(named.resolve()).lstrip("/") in files, f"{url} names {first or second}"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("runtime/ort.wasm.min.mjs", "text/javascript; charset=utf-8"),
        ("a.mjs.br", "text/javascript; charset=utf-8"),
        ("a.wasm", "application/wasm"),
        ("a.wasm.gz", "application/wasm"),
        ("a.onnx", "application/octet-stream"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_media_types(name: str, kind: str) -> None:
    """Types are the same on every system, also for what its own table does not know."""
    assert site.media_type(name) == kind


@needs_runtime
def test_build(tmp_path: Path) -> None:
    """``mien web DIR`` writes every file, and the compressed forms are those of their files."""
    result = CliRunner().invoke(main, ["web", str(tmp_path / "page")])
    assert result.exit_code == 0, result.output
    written = {
        path.relative_to(tmp_path / "page").as_posix() for path in (tmp_path / "page").rglob("*") if path.is_file()
    }
    packed = {url for url in written - set(site.files()) if url.endswith(".gz")}
    assert written == set(site.files()) | packed | {"release.js"}
    assert {"runtime/ort-wasm-simd-threaded.wasm.br", "models/mien-s.onnx.gz", "ui/main.js.gz"} <= written
    for url in packed:
        plain = tmp_path / "page" / url.removesuffix(".gz")
        assert gzip.decompress((tmp_path / "page" / url).read_bytes()) == plain.read_bytes()


def test_release_names_every_file_by_its_bytes(tmp_path: Path) -> None:
    """The release changes with any file of the page, and only then; compressed forms are not in it."""
    (tmp_path / "a.js").write_text("1")
    (tmp_path / "a.js.gz").write_bytes(b"")
    files = {name: tmp_path / name for name in ("a.js", "a.js.gz")}
    first = release.source(files)
    assert json.loads(first.removeprefix(b"self.RELEASE = ").removesuffix(b";\n"))["files"] == {
        "a.js": hashlib.sha256(b"1").hexdigest()[:20]
    }
    assert release.source(files) == first
    (tmp_path / "a.js").write_text("22")
    assert release.source(files) != first


def test_preloads_are_what_the_page_needs() -> None:
    """The page asks at once for every module that its first one needs: the lines are those that the tool writes."""
    tool = runpy.run_path(str(ROOT / "tools" / "make_page_preloads.py"))
    assert tool["page"]() == tool["INDEX"].read_text(encoding="utf-8")
    listed = set(tool["imported"]("ui/main.js")) | set(tool["DATA"])
    assert {"ui/stage.js", "emoji/drawing.js", "reading/reader.js", "constants.js"} <= listed <= set(site.files())


def test_manifest_and_icons() -> None:
    """The page can be put on a home screen: its manifest names icons that are there, in the sizes that it says."""
    files = site.files()
    manifest = json.loads(files["site.webmanifest"].read_text(encoding="utf-8"))
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("./", "./", "standalone")
    sizes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    for icon in manifest["icons"]:
        assert icon["type"] == site.media_type(icon["src"])
        if icon["type"] == "image/png":
            with Image.open(files[icon["src"]]) as drawn:
                assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
                # What systems cut off of a maskable icon must be ground, not holes.
                assert (drawn.convert("RGBA").getextrema()[3][0] == 255) == (icon["purpose"] == "maskable")


def test_samples_are_light() -> None:
    """The sample photos weigh under 60 kB together, and so does the film; NOTICE says whose they are."""
    samples = {url: path for url, path in site.files().items() if url.startswith("samples/")}
    film = samples.pop("samples/acting.mp4")
    assert len(samples) == 3
    assert sum(path.stat().st_size for path in samples.values()) < 60_000
    assert film.stat().st_size < 60_000
    assert "src/mien/web/static/samples/astronaut.jpg and acting.mp4" in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_links_show_a_picture() -> None:
    """A link to the page comes with title, text and a picture of 1200x630 that is there."""
    html = site.files()["index.html"].read_text(encoding="utf-8")
    facts = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]+)">', html))
    assert {"title", "description", "image:alt"} <= set(facts)
    with Image.open(site.files()[facts["image"]]) as picture:
        assert picture.size == (int(facts["image:width"]), int(facts["image:height"])) == (1200, 630)


@needs_runtime
def test_packed_forms() -> None:
    """The manifest tells the sizes that are there, and the first visit stays under 6 MB over the wire."""
    files = site.files()
    packed = json.loads(files["runtime/files.json"].read_text(encoding="utf-8"))["files"]
    for url, facts in packed.items():
        assert files[url].stat().st_size == facts["bytes"]
        for form in ("br", "gz"):
            assert files[f"{url}.{form}"].stat().st_size == facts[form]
    # Icons are for home screens and links: a visit asks for none of these pictures.
    visited = [url for url in files if not url.endswith((*site.ENCODINGS, ".png")) and url != "icons/preview.jpg"]
    assert sum(_wire(url, files) for url in visited) < 6_000_000


def _wire(url: str, files: dict[str, Path]) -> int:
    """Return the bytes that a browser is sent for a file."""
    if packing.worth_it(url, files[url], files):
        return len(packing.gzipped(files[url]))
    return files.get(f"{url}.br", files[url]).stat().st_size


def test_without_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the runtime a static site cannot read: nothing is written, and the error says ``make web``."""
    monkeypatch.setattr(site, "RUNTIME", tmp_path / "nothing")
    assert site.runtime_missing()
    assert not any(url.startswith("runtime/") for url in site.files())
    with pytest.raises(PageIncomplete, match="make web"):
        site.build(tmp_path / "page")
    result = CliRunner().invoke(main, ["web", str(tmp_path / "page")])
    assert result.exit_code == 1
    assert "make web" in result.output
    assert not (tmp_path / "page").exists()


def test_no_foreign_addresses() -> None:
    """No file of the page names another host, save in names of formats and in comments of the license."""
    for url, path in site.files().items():
        if path.suffix in (".js", ".html", ".css") and not url.startswith("runtime/"):
            found = re.findall(r"https?://[^\s\"'`<>)]+", path.read_text(encoding="utf-8"))
            assert set(found) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"}, url


def test_lines_are_short() -> None:
    """No line of the page's own code is longer than 120 characters."""
    for url, path in site.files().items():
        if path.suffix in (".js", ".css") and not url.startswith("runtime/"):
            long = [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 120]
            assert long == [], url


def test_lightness() -> None:
    """The list of files is made without ONNX Runtime and without a web framework."""
    code = "import sys; from mien.web import site; site.files(); print({'onnxruntime', 'fastapi'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"
