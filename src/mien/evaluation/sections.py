"""How well a model reads, section by section of its report: figures and plots in, HTML out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from mien.evaluation import page
from mien.evaluation.attention import Attention
from mien.evaluation.corruptions import CORRUPTIONS
from mien.evaluation.faces import Card
from mien.labels import EMOTIONS, FER2013, SHAPE
from mien.models import Record

SPLIT_WORDS: Final = {
    "public": "FER2013's PublicTest",
    "private": "FER2013's PrivateTest",
    "train": "FER2013's Training rows",
    "test": "the test pictures",
    "all": "all pictures",
}
FOOTER: Final = (
    "A reading says what a look is called by people who see it, never what somebody feels. "
    "The pictures are FER2013's; their rights are unresolved, so do not publish pages that show them."
)


def subtitle(figures: Mapping[str, Any], notes: Sequence[str]) -> str:
    """Return one sentence about what was measured, and the notes that go with the data."""
    data = figures["data"]
    views = "several views of each picture" if figures["tta"] else "one view of each picture, no test-time augmentation"
    fitted = " These rows were fitted: the figures say nothing about new pictures." if data["split"] == "train" else ""
    said = "".join(f" Note: {note}." for note in notes)
    return f"{data['n']:,} pictures of {page.code(data['path'])}, {views}.{fitted}{said}"


def headline(figures: Mapping[str, Any], record: Record, latency: Mapping[str, Any] | None) -> str:
    """Return the four big figures."""
    fer2013, ferplus = figures["fer2013"], figures["ferplus"]
    tiles = [("Accuracy by FER2013's label", page.percent(fer2013["accuracy"]), _lines(fer2013))]
    if ferplus:
        majority = ferplus["majority"]
        also = f"majority rule {page.percent(majority['accuracy'])} of {majority['n']:,}"
        tiles.append(("Accuracy by people's votes", page.percent(ferplus["accuracy"]), [*_lines(ferplus), also]))
    tiles.append(("Calibration error (ECE)", page.number(fer2013["ece"]), _calibration(fer2013, ferplus)))
    size = [f"{record.facts['parameters'] / 1e6:.2f} M parameters"] if "parameters" in record.facts else []
    if latency:
        size.append(f"{latency['one_ms']:.2f} ms a face, {latency['batch_ms']:.2f} ms in batches, one thread")
    tiles.append(("Model file", f"{record.size / 1e6:.2f} MB", size))
    return page.figures(tiles)


def _lines(block: Mapping[str, Any]) -> list[str]:
    copies = block["without_train_copies"]
    return [
        page.interval(block["accuracy_ci95"]),
        f"balanced {page.percent(block['balanced_accuracy'])}, n {block['n']:,}",
        *([f"without copies of training pictures {page.percent(copies['accuracy'])}"] if copies else []),
    ]


def _calibration(fer2013: Mapping[str, Any], ferplus: Mapping[str, Any] | None) -> list[str]:
    lines = [f"noise floor {page.number(fer2013['ece_noise_floor'])}"]
    if ferplus:
        lines.append(f"votes {page.number(ferplus['ece'])}, noise floor {page.number(ferplus['ece_noise_floor'])}")
        lines.append(f"distance to the votes (JSD) {page.number(ferplus['votes_jsd'])}")
    return lines


def classes(figures: Mapping[str, Any], drawn: Mapping[str, str]) -> str:
    """Return the classes: table, dots, confusion matrices."""
    fer2013, ferplus = figures["fer2013"], figures["ferplus"]
    heads = {"fer2013": fer2013, "ferplus": ferplus} if ferplus else {"fer2013": fer2013}
    head = ["", *(f"{column}{words}" for words in _head_words(heads) for column in ("n", "precision", "recall", "F1"))]
    rows = [[page.named(label), *_class_cells(heads, label)] for label in (EMOTIONS if ferplus else FER2013)]
    average = ["all, evenly", *(cell for name, block in heads.items() for cell in _average_cells(name, block))]
    parts = [
        page.table(head, [*rows, average]),
        page.plot(drawn["confusion_fer2013"], f"FER2013's label. {_mistakes(fer2013['confusion'], FER2013)}"),
    ]
    if ferplus:
        words = f"The look that most of ten people chose. {_mistakes(ferplus['confusion'], EMOTIONS)}"
        parts.append(page.plot(drawn["confusion_ferplus"], words))
    lead = (
        "Recall: of the pictures with this truth, how many are read so. Precision: of those read so, how many are. "
        "FER2013's label is the search word that found the picture; the votes are ten people's (FER+)."
    )
    return page.section("Which looks it tells apart", lead, *parts)


def _head_words(heads: Mapping[str, Any]) -> list[str]:
    words = {"fer2013": "<br>label", "ferplus": "<br>votes"}
    return [words[head] for head in heads]


def _class_cells(heads: Mapping[str, Any], label: str) -> list[str]:
    cells = []
    for head, block in heads.items():
        row = block["per_class"].get(label, {"support": None, "precision": None, "recall": None, "f1": None})
        support = page.NOTHING if row["support"] is None else f"{row['support']:,}"
        cells += [support, *(page.bar(row[key], head) for key in ("precision", "recall", "f1"))]
    return cells


def _average_cells(head: str, block: Mapping[str, Any]) -> list[str]:
    precision = [row["precision"] for row in block["per_class"].values() if row["precision"] is not None]
    means = (float(np.mean(precision)), block["balanced_accuracy"], block["macro_f1"])
    return [f"{block['n']:,}", *(page.bar(mean, head) for mean in means)]


def _mistakes(matrix: Sequence[Sequence[int]], labels: Sequence[str], most: int = 3) -> str:
    """Name the commonest confusions in a sentence."""
    counts = np.asarray(matrix) * (1 - np.eye(len(labels), dtype=int))
    order = [divmod(int(at), len(labels)) for at in np.argsort(-counts.ravel(), kind="stable")[:most]]
    total = np.asarray(matrix).sum(axis=1)
    named = [
        f"{labels[truth]} read as {labels[read]} ({counts[truth, read]:,}, {counts[truth, read] / total[truth]:.0%})"
        for truth, read in order
        if counts[truth, read]
    ]
    return f"Most often mistaken: {'; '.join(named)}." if named else "Nothing is mistaken."


def shape(figures: Mapping[str, Any]) -> str:
    """Return how the face's shape goes with a face mesh's, or nothing where one of the two is not there."""
    block = figures["shape"]
    if block is None:
        return ""
    rows = [
        [page.named(name), page.number(block["correlation"][name], 2), page.number(block["mean_difference"][name], 2)]
        for name in SHAPE
    ]
    lead = (
        f"What the face itself does, against MediaPipe's Face Mesh on the same {block['n']:,} pictures. Right and left "
        "are the person's; 0 (eyes: 1) is at rest, 1 (eyes: 2) the highest of twenty faces; yaw and pitch in degrees."
    )
    return page.section("The face's shape", lead, page.table(["", "correlation", "mean difference"], rows))


def sureness(figures: Mapping[str, Any], drawn: Mapping[str, str], facts: Mapping[str, Any]) -> str:
    """Return calibration and coverage, and the rule for ``uncertain`` where the model has one."""
    lead = (
        "A score of 0.8 should hold in 8 of 10 cases. Where the line runs above the diagonal, the model is too modest."
    )
    noise = (
        "The votes are measured against the share of people who chose the label given. Even a perfectly calibrated "
        "model shows some error on so few pictures: that is the noise floor."
    )
    parts = [
        page.plot(
            drawn["reliability"], f"Size of a dot: how many pictures; bins of fewer than ten are not drawn. {noise}"
        ),
        page.plot(drawn["coverage"], "If only the surest answers are kept, how many of them are right.", narrow=True),
    ]
    rule, crossed = facts.get("uncertain") or {}, facts.get("ece_cross_fitted") or {}
    if rule.get("agreement"):
        parts.append(
            f"<p>The rule for <em>uncertain</em> leaves {rule['coverage']:.0%} of the pictures that it was fitted on "
            f"unmarked. Most of ten people agree with {page.percent(rule['agreement'])} of those (n {rule['n']:,}). "
            f"Held out: {page.percent(rule['held_out_agreement'])} of {rule['held_out_coverage']:.0%}.</p>"
        )
    if crossed:
        words = " and ".join(f"{page.number(value)} ({head})" for head, value in crossed.items())
        parts.append(
            "<p>The temperatures were fitted on PublicTest. Over five folds of it, each judged with the temperature of "
            f"the other four, the ECE is {words}.</p>"
        )
    heads = {"FER2013's label": figures["fer2013"]} | (
        {"people's votes": figures["ferplus"]} if figures["ferplus"] else {}
    )
    keys = {"ece": "ECE", "ece_noise_floor": "noise floor", "ece_plurality": "ECE by plurality", "nll": "NLL"}
    keys |= {"brier": "Brier", "votes_jsd": "JSD to the votes"}
    rows = [[words, *(page.number(block.get(key)) for key in keys)] for words, block in heads.items()]
    return page.section("How sure it may be", lead, *parts, page.table(["", *keys.values()], rows))


def balance(facts: Mapping[str, Any]) -> str:
    """Return what dividing the votes by the classes' shares gains and costs; empty where it was not measured."""
    found = facts.get("balance") or {}
    if not found:
        return ""
    rows = [
        [f"{line['strength']:g}", page.percent(line["accuracy"]), page.percent(line["balanced_accuracy"])]
        for line in found["table"]
    ]
    lead = (
        "Most of FER+'s faces are neutral or happy. Divided by each look's share to a power, the votes name rare "
        f"looks more readily: 0 is what is shown, {found['strength']:g} what <code>--labels balanced</code> shows, the "
        f" best by balanced accuracy (PublicTest, plurality of ten people, n {found['table'][0]['n']:,})."
    )
    table = page.table(["power", "accuracy", "balanced accuracy"], rows)
    return page.section("Were all looks equally common", lead, table)


def camera(rows: Sequence[Mapping[str, Any]] | None, drawn: Mapping[str, str]) -> str:
    """Return robustness: plot and table; empty where it was not measured."""
    if not rows:
        return ""
    clean = rows[0]
    heads = [head for head in ("fer2013", "ferplus") if clean[head] is not None]
    body = [_camera_row(corruption.name, corruption.unit, rows, heads) for corruption in CORRUPTIONS]
    words = {"fer2013": "label", "ferplus": "votes"}
    head = ["", "strengths", *(f"{words[name]}<br>{step}" for name in heads for step in ("weak", "medium", "strong"))]
    lead = (
        f"Accuracy after what a camera or a crop does to a face, on {clean['n']:,} pictures. Clean: "
        + ", ".join(f"{page.percent(clean[name])} by {words[name]}" for name in heads)
        + ". Dotted: the clean accuracy."
    )
    plot = page.plot(drawn["robustness"], "Blue: FER2013's label. Orange: people's votes.")
    return page.section("What a camera does to it", lead, plot, page.table(head, body))


def _camera_row(name: str, unit: str, rows: Sequence[Mapping[str, Any]], heads: Sequence[str]) -> list[str]:
    own = [row for row in rows if row["corruption"] == name]
    strengths = ", ".join(f"{row['strength']:g}" for row in own)
    cells = [page.heat(row[head], rows[0][head]) for head in heads for row in own]
    return [name, f"{strengths} {unit}", *cells]


def pictures(chosen: Mapping[str, list[Card]]) -> str:
    """Return samples, worst errors and disagreements as grids; empty where no pictures are wanted."""
    if not chosen:
        return ""
    parts = [
        "<h3>A sample: four of each class</h3>",
        page.grid(chosen["samples"], columns=len(FER2013)),
        "<h3>The worst errors: least probability for FER2013's label</h3>",
        page.grid(chosen["worst_errors"], people=True),
    ]
    if chosen["disagreements"]:
        parts += [
            "<h3>Surest disagreements with most of ten people</h3>",
            page.grid(chosen["disagreements"], people=True),
        ]
    lead = (
        "Under each picture its truth and how ten people voted; below that the three likeliest readings in per "
        "cent. Blue: right. Orange: wrong. Many of the worst errors are wrong labels. Point at a picture for its row."
    )
    return page.section("Look for yourself", lead, *parts)


def attention(seen: Sequence[Attention]) -> str:
    """Return where the network looks; empty where no faces were covered."""
    if not seen:
        return ""
    pictures = [
        (
            f"mean of {one.n} faces read as {one.label}",
            one.picture,
            one.label,
            f"{one.n} faces, up to {100 * one.largest_drop:.0f} points",
        )
        for one in seen
    ]
    lead = (
        "Each place of a face is covered in turn, and the fall of its score is painted over the mean of the faces read "
        "best: red holds the score up, blue holds it down. Beneath, the largest mean fall (Zeiler and Fergus 2014)."
    )
    return page.section("Where it looks", lead, page.gallery(pictures))
