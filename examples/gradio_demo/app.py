"""A demo as hubs host it: a photo in, its emoji and scores out. python examples/gradio_demo/app.py.

Copy this folder to a hub's Space; requirements.txt names what it installs.
"""

from __future__ import annotations

from typing import Any

from PIL import Image

import mien

SIZE = 320
RECOGNIZER = mien.Recognizer()


def read(photo: Image.Image | None) -> tuple[list[tuple[Image.Image, str]], dict[str, float]]:
    """Return an emoji for each face with its words, and the mean scores of all faces."""
    faces = RECOGNIZER(photo).faces if photo is not None else ()
    drawings = [(mien.draw(face).to_image(SIZE), face.looks) for face in faces]
    scores = (
        {label: sum(face.scores[label] for face in faces) / len(faces) for label in faces[0].scores} if faces else {}
    )
    return drawings, scores


def demo() -> Any:
    """Return the page; Gradio is only needed from here on."""
    import gradio as gr

    return gr.Interface(
        read,
        inputs=gr.Image(type="pil", sources=["upload", "webcam", "clipboard"], label="A photo"),
        outputs=[gr.Gallery(label="Emoji", format="png"), gr.Label(label="Mean scores", num_top_classes=4)],
        title="mien",
        description="An emoji for every face. A score says how people would name an expression, not what is felt.",
        flagging_mode="never",
    )


if __name__ == "__main__":
    demo().launch()
