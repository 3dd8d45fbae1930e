"""The frame of the command line: verbs, help, exit codes, quick starts."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from film import EXAMPLE
from mien import models
from mien.cli import VERBS, main

HEAVY = ("onnxruntime", "rich", "torch", "matplotlib", "PIL", "sklearn", "pyarrow")


def python(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a person would."""
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=120, check=False)


def test_bare_command_prints_help() -> None:
    """Without a word, help goes to stdout and all is well."""
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 0
    assert all(verb in result.stdout for verb in VERBS)


@pytest.mark.parametrize("word", ["-h", "--help"])
@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_verb_has_help(verb: str, word: str) -> None:
    """-h and --help work everywhere, and every verb takes --quiet."""
    result = CliRunner().invoke(main, [*verb.split(), word])
    assert result.exit_code == 0
    assert "Usage:" in result.stdout
    if verb:
        assert "--quiet" in result.stdout


def test_version_is_that_of_the_package() -> None:
    """--version prints the installed version."""
    assert CliRunner().invoke(main, ["--version"]).stdout == f"mien {version('mien')}\n"


def test_python_m_mien_is_the_same_command() -> None:
    """``python -m mien`` speaks as ``mien``."""
    result = python("-m", "mien", "--version")
    assert (result.returncode, result.stdout) == (0, f"mien {version('mien')}\n")


@pytest.mark.parametrize("code", ["import mien", "import mien.cli"])
def test_import_is_light(code: str) -> None:
    """Importing the package or the command line loads nothing heavy and prints nothing."""
    result = python("-c", f"{code}; import sys; print([name for name in {HEAVY} if name in sys.modules])")
    assert result.stdout == "[]\n"
    assert result.stderr == ""


@pytest.mark.parametrize("words", [["--version"], ["--help"], []])
def test_version_and_help_load_no_verb(words: list[str]) -> None:
    """Version and help come from the frame alone: no verb is loaded for them."""
    code = (
        "import sys\nfrom mien.cli import main\n"
        f"try: main({words})\nexcept SystemExit as end: code = end.code\n"
        f"print(code, [name for name in sys.modules if name in {HEAVY} or name.startswith('mien.cli.')])"
    )
    result = python("-c", code)
    assert result.stdout.splitlines()[-1] == "0 ['mien.cli.console']"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["recognize"], "Missing argument"),
        (["a.jpg", "--format", "xml"], "'xml' is not one of"),
        (["a.jpg", "--nonsense"], "No such option"),
        (["a.jpg", "-o", "faces.png"], "ends in .txt, .json, .jsonl, .ndjson, .csv, .html, .htm, not 'faces.png'"),
        (["a.jpg", "b.jpg", "--card", "card.png"], "--card names a folder where there are several pictures"),
        (["a.jpg", "--mask", "out.tiff"], "--mask writes .png"),
        (["-", "-"], "'-' was given twice"),
        (["a.jpg", "--threads", "0"], "0 is not in the range"),
        (["models", "frobnicate"], "No such command"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(words: list[str], message: str) -> None:
    """Wrong usage is reported before any work is done, in words, with exit code 2."""
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_missing_model_is_one_line_and_exit_1() -> None:
    """An error of mien is one clear line on stderr, without a traceback."""
    result = CliRunner().invoke(main, ["models", "show", "nobody"])
    assert result.exit_code == 1
    assert result.stderr.startswith("mien: there is no model 'nobody'")
    assert len(result.stderr.splitlines()) == 1


def test_verbose_shows_where_an_error_came_from() -> None:
    """With --verbose the traceback stands above the line, whichever side of the verb it is given on."""
    for words in (["-v", "models", "show", "nobody"], ["models", "show", "nobody", "--verbose"]):
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 1
        assert "Traceback" in result.stderr


def test_models_are_listed_and_verified() -> None:
    """``models`` names the models that are installed, ``verify`` finds their weights whole, ``show`` describes one."""
    listed = CliRunner().invoke(main, ["models"])
    assert "yunet" in listed.stdout
    verified = CliRunner().invoke(main, ["models", "verify"])
    assert verified.exit_code == 0
    assert "yunet            whole  sha256" in verified.stdout
    shown = CliRunner().invoke(main, ["models", "show", "yunet"])
    assert "yunet, version 2023mar: finds faces" in shown.stdout
    assert "53,121 parameters" in shown.stdout


def test_a_model_is_shown_in_a_few_lines() -> None:
    """``show`` says how good a model is and where it comes from, on a screen; as JSON it gives the whole record."""
    shown = CliRunner().invoke(main, ["models", "show", "mien-s"]).stdout
    recorded = json.loads(CliRunner().invoke(main, ["models", "show", "mien-s", "--format", "json"]).stdout)
    assert len(shown.splitlines()) < 15
    assert f"{recorded['metrics']['public']['fer2013']['accuracy']:.1%} by FER2013's label" in shown
    assert recorded["training"]["command"] in shown
    assert recorded["reference"]["input"] not in shown


def test_a_record_of_others_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    """What a foreign record holds in other forms is left out; the rest is shown."""
    facts = json.loads(models.record("mien-s").path.with_suffix(".json").read_text())
    facts |= {"metrics": {"public": {"fer2013": {"accuracy": "high"}}}, "training": {"date": None}}
    (tmp_path / "odd.json").write_text(json.dumps(facts))
    shown = CliRunner().invoke(main, ["models", "show", str(tmp_path / "odd.onnx")])
    assert shown.exit_code == 0, shown.stderr
    assert facts["sha256"] in shown.stdout


def test_a_misspelled_command_is_not_taken_for_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`mien drw` asks whether `mien draw` was meant; a file of that name is read, whatever it is called."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["drw", "happy=1"])
    assert done.exit_code == 2
    assert "did you mean `mien draw`?" in done.stderr
    (tmp_path / "drw").write_bytes(EXAMPLE.read_bytes())
    assert CliRunner().invoke(main, ["drw"]).exit_code == 0


@pytest.mark.parametrize("head", [b"\0\0\0\x18ftypmp42", b"\x1aE\xdf\xa3", b"RIFF\0\0\0\0AVI "])
def test_a_video_is_sent_to_the_command_for_videos(tmp_path: Path, head: bytes) -> None:
    """A video among pictures fails with the command that reads it."""
    (tmp_path / "film.mp4").write_bytes(head + bytes(100))
    done = CliRunner().invoke(main, [str(tmp_path / "film.mp4")])
    assert done.exit_code == 1
    assert "`mien video`" in done.stderr


def test_interrupt_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with 130 and one word about it."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mien.models.names", interrupted)
    result = CliRunner().invoke(main, ["models"])
    assert result.exit_code == 130
    assert result.stderr == "mien: stopped\n"
