"""``mien web``: the page as a folder that any static host can serve."""

from __future__ import annotations

from pathlib import Path

import click

from mien.cli.console import say


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def web(folder: Path) -> None:
    """Write the page as a static site into DIR.

    The page finds faces, reads them and draws them in the visitor's browser; the host sends files and never sees a
    picture. All paths are relative, so DIR may be anywhere on the host. Browsers give a page the camera only on https
    or localhost; 'python -m http.server -d DIR' is enough to try it.
    """
    from mien.web import site

    written = site.build(folder)
    megabytes = sum(path.stat().st_size for path in written) / 1e6
    say(f"{len(written)} files, {megabytes:.1f} MB, in {folder}; open {folder / 'index.html'}")
