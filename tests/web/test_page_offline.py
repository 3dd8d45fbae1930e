"""The page in a real browser: kept for when there is no network, and renewed when its host has a newer one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from film import EXAMPLE, opened
from mien.web import release, site

KEPT = """async () => {
  const keys = (await caches.keys()).filter((key) => key.startsWith("mien "));
  const files = await Promise.all(keys.map(async (key) => (await (await caches.open(key)).keys()).length));
  return keys.map((key, place) => [key, files[place]]);
}"""
"""The caches of the page, each with the number of files in it."""

REFUSED = """async () => {
  const known = await navigator.serviceWorker.getRegistration();
  await known.update();
  const newer = known.installing ?? known.waiting;
  for (let tries = 0; newer?.state !== "redundant" && tries < 600; tries += 1)
    await new Promise((done) => setTimeout(done, 100));
  return newer.state === "redundant";
}"""
"""Whether a newer version was looked at, and not taken."""

COMES_TO = """async (state) => {
  for (let tries = 0; tries < 1200; tries += 1) {
    const known = await navigator.serviceWorker.getRegistration();
    if (state === "kept" ? known?.active?.state === "activated" && navigator.serviceWorker.controller
      : known?.waiting) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}"""
"""Whether the page comes to be kept, or a newer version of it to be ready."""


DROPPED = """async (key) => {
  for (let tries = 0; tries < 600; tries += 1) {
    if (!(await caches.has(key))) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}"""
"""Whether the browser comes to drop a version."""

OLD, NEW = "Drop photos here", "Drop pictures here"
WORDS = """async () => (await (await fetch("text/en.json")).text()).match(/Drop (photos|pictures) here/)[0]"""
"""The words that the page would load now."""


@pytest.fixture
def own_host(site_folder: Path, tmp_path: Path) -> Iterator[Any]:
    """Serve a copy of the page that a test may change."""
    from serving import serving

    if site.runtime_missing():
        pytest.skip("needs the page's runtime: make web")
    shutil.copytree(site_folder, tmp_path / "site")
    with serving(tmp_path / "site") as host:
        yield host


@pytest.fixture
def kept_page(page_factory: Any, own_host: Any) -> Any:
    """Return the page after a first visit, with everything kept."""
    page = opened(page_factory(service_workers="allow"), own_host.url, "photos", reader=True)
    assert page.evaluate(COMES_TO, "kept")
    return page


def test_second_visit_needs_no_network(kept_page: Any, own_host: Any) -> None:
    """With the network off the page opens again, below any path, and reads a photo; the service is never kept."""
    page = kept_page
    ((name, count),) = page.evaluate(KEPT)
    assert own_host.url in name
    plain = [url for url in site.files() if not url.endswith(tuple(site.ENCODINGS))]
    assert count == len(set(plain) - set(release.NOT_KEPT))
    assert page.evaluate("fetch('v1/recognize').then((answer) => answer.status)") == 404
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("html[data-reader=browser]", state="attached")
    page.set_input_files("#files", [str(EXAMPLE)])
    page.locator("article.photo").get_by_text("looks happy").wait_for()
    assert page.evaluate("fetch('v1/recognize').then(() => 'answered', () => 'refused')") == "refused"
    own_host.shutdown()
    page.goto(f"{own_host.url}index.html#play")
    page.wait_for_selector("html[data-page=ready]", state="attached")
    assert page.is_visible("#play-drawing svg")


def test_first_visit_loads_nothing_twice(kept_page: Any, own_host: Any) -> None:
    """What the page has loaded is kept from there: the networks came over the wire once."""
    for name in ("runtime/ort-wasm-simd-threaded.wasm", "models/mien-s.onnx", "models/yunet.onnx"):
        assert own_host.asked[name] == 1, name
    assert kept_page.problems == []


def test_newer_version_takes_over(kept_page: Any, own_host: Any) -> None:
    """Where a file changes on the host, a reload shows the new page, whole; the old one is dropped, the rest kept."""
    page = kept_page
    (before,) = page.evaluate(KEPT)
    _renew(own_host)
    own_host.asked.clear()
    page.reload()
    assert page.evaluate(COMES_TO, "renewed")
    assert page.evaluate(WORDS) == OLD
    page.reload()
    page.locator(".drop-big").get_by_text(NEW).wait_for()
    page.wait_for_selector("html[data-reader=browser]", state="attached")
    assert page.evaluate(DROPPED, before[0])
    (after,) = page.evaluate(KEPT)
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert own_host.asked["text/en.json"] >= 1
    assert own_host.asked["models/mien-s.onnx"] == 0
    page.context.set_offline(True)
    page.reload()
    page.locator(".drop-big").get_by_text(NEW).wait_for()


def test_every_window_stays_of_one_version(kept_page: Any, own_host: Any) -> None:
    """A window that is reloaded shows the newer page; another stays the older one, even after its worker was ended."""
    page, other = kept_page, opened(kept_page.context.new_page(), own_host.url, "play")
    _renew(own_host)
    page.reload()
    assert page.evaluate(COMES_TO, "renewed")
    page.reload()
    page.locator(".drop-big").get_by_text(NEW).wait_for()
    browser = page.context.new_cdp_session(page)
    browser.send("ServiceWorker.enable")
    browser.send("ServiceWorker.stopAllWorkers")
    assert other.evaluate(WORDS) == OLD
    assert other.is_visible("#play-drawing svg")
    assert page.evaluate(WORDS) == NEW
    other.reload()
    other.locator(".drop-big").get_by_text(NEW).wait_for(state="attached")


def test_half_a_version_is_not_taken(kept_page: Any, own_host: Any) -> None:
    """While the host has new files and an old list, or the other way round, the page stays as it was."""
    page = kept_page
    before = page.evaluate(KEPT)
    texts = own_host.folder / "text" / "en.json"
    known = hashlib.sha256(texts.read_bytes()).hexdigest()[: release.DIGITS]
    _change(own_host.folder / release.NAME, known, "0" * release.DIGITS)
    assert page.evaluate(REFUSED)
    page.reload()
    page.locator(".drop-big").get_by_text(OLD).wait_for()
    assert before[0] in page.evaluate(KEPT)


def _renew(host: Any) -> None:
    """Give the host a newer version of the page, with other words on it."""
    _change(host.folder / "text" / "en.json", OLD, NEW)
    files = {url: host.folder / url for url in site.files()}
    (host.folder / release.NAME).write_bytes(release.source(files))


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.with_name(f"{path.name}.gz").unlink(missing_ok=True)
    path.write_text(text.replace(old, new), encoding="utf-8")
