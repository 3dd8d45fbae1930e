"""Results read back: what was written comes back, and anything else is refused by the error tree alone."""

from __future__ import annotations

import contextlib
import copy
import io
import json
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from mien.cli import main
from mien.errors import UnreadableResult
from mien.results import Failure, Recognition, Result
from mien.writers import read, write
from sample_results import crowd, face

RESULTS: list[Result] = [
    crowd(2, 80, 60),
    Recognition((face((1, 2, 30, 40), reasons=("small",), sad=0.4),), 80, 60, "a.jpg"),
    Failure("b.jpg", UnreadableResult("b.jpg: broken")),
]
ROWS = [result.to_dict() for result in RESULTS]

odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**300),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.floats(), max_size=3),
)


def written(format_name: str) -> str:
    """Return the results as text."""
    stream = io.StringIO()
    write(RESULTS, stream, format=format_name)
    return stream.getvalue()


@pytest.mark.parametrize("format_name", ["json", "jsonl"])
def test_what_was_written_is_read(format_name: str) -> None:
    """JSON and JSON lines come back as the same results, from text and from bytes."""
    text = written(format_name)
    for data in (text, text.encode(), b"\xef\xbb\xbf" + text.encode()):
        assert [result.to_dict() for result in read(data)] == ROWS
    assert read(json.dumps(ROWS[0]))[0].to_dict() == ROWS[0]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value within a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


@given(st.sampled_from(ROWS), st.data())
def test_results_that_were_tampered_with_are_read_or_refused(row: dict[str, Any], data: st.DataObject) -> None:
    """Any value in a result replaced or taken out: it is read whole, or UnreadableResult says what is wrong."""
    changed = [copy.deepcopy(row)]
    *path, key = data.draw(st.sampled_from(places(changed)[1:]))
    inner: Any = changed
    for step in path:
        inner = inner[step]
    if data.draw(st.booleans()):
        inner[key] = data.draw(odd_values)
    else:
        del inner[key]
    with contextlib.suppress(UnreadableResult):
        for result in read(json.dumps(changed)):
            assert json.dumps(result.to_dict(), allow_nan=False)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | st.just(b"[" * 100_000) | st.just(b"9" * 5000))
def test_what_is_no_json_is_refused(data: bytes) -> None:
    """Bytes of any kind are refused by the error tree, or are no results at all."""
    with contextlib.suppress(UnreadableResult):
        assert read(data) == []


@pytest.mark.parametrize("data", [b"\xff\xfe", b"[" * 100_000, b'{"error": null}', b"[1]", b"[NaN]"])
def test_drawing_from_a_bad_result_is_one_line(data: bytes) -> None:
    """``mien draw --from`` names what is wrong with the file in one line, with exit code 1."""
    done = CliRunner().invoke(main, ["draw", "--from", "-"], input=data)
    assert done.exit_code == 1
    assert done.stderr.startswith("mien: expected")
    assert len(done.stderr.splitlines()) == 1
