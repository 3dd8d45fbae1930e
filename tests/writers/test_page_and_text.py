"""The page and the table for people."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from mien.errors import UnreadableImage
from mien.images import Picture
from mien.results import Failure, Recognition, Result
from mien.writers import illustrated, write
from sample_results import crowd, face, noise

NASTY = "<script>alert(1)</script>\"'&.jpg"

RESULTS: list[Result] = [
    Recognition((face((10, 10, 40, 50)),), 80, 60, NASTY),
    Recognition((face((10, 10, 40, 50), reasons=("low_score",), sad=0.3, fear=0.3),), 80, 60, "b.jpg"),
    Recognition((), 20, 30, "nobody.png"),
    Failure(NASTY, UnreadableImage(f"{NASTY}: the file is empty")),
    crowd(3, 80, 60),
]


def with_thumbnails(result: Result) -> Result:
    """Return a recognition with thumbnails of a picture of noise, and a failure as it is."""
    return result if isinstance(result, Failure) else illustrated(Picture(noise(80, 60)), result)


class Reader(HTMLParser):
    """Collects the tags of a page with their attributes, and the text outside style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("style", "script"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.text += data


@pytest.fixture(scope="module")
def page() -> str:
    """The page of all the sample results."""
    stream = io.StringIO()
    write(map(with_thumbnails, RESULTS), stream, format="html")
    return stream.getvalue()


def test_page_escapes_names_from_outside(page: str) -> None:
    """A file name made of markup is shown as text: the page has one script and no tag that the name would make."""
    reader = Reader(page)
    assert [tag for tag, _ in reader.tags].count("script") == 1
    assert reader.text.count("script>") == 2
    assert {attributes.get("data-source") for tag, attributes in reader.tags if "data-kind" in attributes} == {
        *(NASTY, "b.jpg", "nobody.png", "crowd-3.png")
    }
    assert f"{NASTY}: the file is empty" in [attributes.get("data-why") for _, attributes in reader.tags]


def test_page_needs_nothing_else(page: str) -> None:
    """No attribute, style or script names another file or address; pictures are inside the page."""
    for tag, attributes in Reader(page).tags:
        assert tag not in ("link", "iframe", "object", "embed", "base")
        assert "href" not in attributes
        assert (attributes.get("src") or "data:image/").startswith("data:image/")
        assert not [name for name in attributes if name.startswith("on")]
    # Inside a drawing, url(#...) names a part of the same drawing.
    assert set(re.findall(r"url\(.{3}", page)) <= {"url(%23"}
    assert "@import" not in page


def test_page_lets_only_its_own_style_and_script_run(page: str) -> None:
    """The policy in the page carries the hashes of exactly its style and its script."""
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'")
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert text is not None
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]


def test_page_shows_each_face_with_thumbnail_and_emoji(page: str) -> None:
    """Each face has its thumbnail, no larger than it is in the picture, its emoji with words for it, and its scores."""
    reader = Reader(page)
    images = [attributes for tag, attributes in reader.tags if tag == "img"]
    thumbnails = [image["src"] or "" for image in images if image["class"] == "photo"]
    emoji = [image for image in images if image["class"] == "emoji"]
    assert (len(thumbnails), len(emoji)) == (5 + 1, 5)
    sizes = [
        Image.open(io.BytesIO(base64.b64decode(src.removeprefix("data:image/webp;base64,")))).size for src in thumbnails
    ]
    assert sizes[0] == (56, 56)
    assert sizes[2] == (60, 60)
    for image in emoji:
        svg = unquote((image["src"] or "").removeprefix("data:image/svg+xml,"))
        assert ElementTree.fromstring(svg).tag.endswith("svg")
        assert image["alt"]
    faces = [attributes for tag, attributes in reader.tags if "data-scores" in attributes]
    scores = [dict(pair.split(":") for pair in (face["data-scores"] or "").split()) for face in faces]
    assert [len(one) for one in scores] == [8] * 5
    assert all(sum(map(float, one.values())) == pytest.approx(1, abs=0.001) for one in scores)
    assert [face.get("data-which") for face in faces][2:] == [f"face {n} of 3" for n in (1, 2, 3)]


def test_page_says_what_it_is_sure_of(page: str) -> None:
    """What is sorted and filtered stands on each entry: kind, score, the reading in words, and why it is unsure."""
    entries = [attributes for tag, attributes in Reader(page).tags if "data-kind" in attributes]
    assert [entry["data-kind"] for entry in entries][:4] == ["happy", "unsure", "nobody", "failed"]
    assert float(entries[0]["data-score"] or 0) == pytest.approx(0.8)
    assert entries[0]["data-looks"] == "looks happy 80 %"
    assert entries[1]["data-looks"] == "perhaps neutral, perhaps afraid"
    assert entries[1]["data-why"] == "too low a score to be sure"
    assert entries[2]["data-looks"] == "no face found"


def test_page_of_many_pictures_holds_them_back() -> None:
    """Of many pictures the first stand in the list, the others beside it until they are asked for; none is lost."""
    stream = io.StringIO()
    results = [Recognition((face((10, 10, 40, 50)),), 80, 60, f"{n:03d}.jpg") for n in range(100)]
    write(map(with_thumbnails, results), stream, format="html")
    listed, held = stream.getvalue().split('<template id="rest">')
    numbers = [re.findall(r'data-source="(\d+)\.jpg"', part) for part in (listed, held)]
    assert [int(n) for part in numbers for n in part] == list(range(100))
    assert 0 < len(numbers[0]) < 100
    assert held.index("</template>") > held.index('data-source="099.jpg"')


def text_of(results: list[Result], stream: io.StringIO | None = None) -> str:
    """Return the table of results."""
    stream = stream or io.StringIO()
    write(results, stream, format="text")
    return stream.getvalue()


def test_table_says_what_faces_look_like() -> None:
    """A face's line has its emoji, the reading in words, the score as bar and number, the runner-up and the box."""
    line = text_of([Recognition((face((10, 10, 40, 50), happy=0.8, surprise=0.15),), 80, 60, "a.jpg")]).splitlines()[1]
    for part in ("looks happy", "█████████▋", " 80 %", "then surprised 15 %", "at 10,10 size 30x40"):
        assert part in line
    assert " is happy" not in line


def test_table_says_why_it_is_not_sure() -> None:
    """An unsure reading names its guesses, one of an unclear face is hard to say; the reasons follow in words."""
    assert "hard to say, perhaps sad: the face is small" in text_of(
        [Recognition((face((10, 10, 40, 50), reasons=("small",), sad=0.6),), 80, 60, "a.jpg")]
    )
    text = text_of(RESULTS[1:2])
    assert "perhaps neutral, perhaps afraid" in text
    assert "too low a score to be sure" in text
    assert "low_score" not in text


def test_table_names_nobody_and_failures() -> None:
    """A picture without faces and one that could not be read have a line too, and markup in a name is left alone."""
    text = text_of([Recognition((), 20, 30, "[bold]n[/bold].png"), RESULTS[3]])
    assert "[bold]n[/bold].png  20 x 30, no face found" in text
    assert f"{NASTY}: the file is empty" in text


def test_table_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal no line is wider than it; elsewhere lines are whole, and without colors."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = text_of([RESULTS[4]], Terminal())
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert shown != plain
    assert max(map(len, plain.splitlines())) <= 60
    whole = text_of([RESULTS[4]])
    assert "\x1b" not in whole
    assert max(map(len, whole.splitlines())) > 60


def test_every_reading_gives_an_entry_of_noise() -> None:
    """A page over faces that reach out of their picture is written without an error."""
    stream = io.StringIO()
    out = Recognition((face((-20, -20, 10, 10)), face((70, 50, 120, 90))), 80, 60, "edge.png")
    write([illustrated(Picture(np.zeros((60, 80, 3), np.uint8)), out)], stream, format="html")
    entries = [attributes for tag, attributes in Reader(stream.getvalue()).tags if "data-kind" in attributes]
    assert [entry["data-looks"] for entry in entries] == ["looks happy 80 %"] * 2
