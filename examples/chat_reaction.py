"""A chat bot that reacts to photos with their faces' emoji: python examples/chat_reaction.py < message.json.

The message is one of Discord's, with local paths for the addresses of its attachments; printed is the request with
which a bot reacts. A bot of yours hands its own ``download``, which gets the bytes at an attachment's address.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mien


def reaction(picture: bytes) -> mien.Emoji | None:
    """Return the emoji that most faces in a picture have; None without a face of which mien is sure."""
    try:
        faces = mien.recognize(picture)
    except mien.InputError:
        return None
    found = Counter(face.emoji for face in faces if not face.uncertain)
    return found.most_common(1)[0][0] if found else None


def on_message(message: Mapping[str, Any], download: Callable[[str], bytes]) -> str | None:
    """Return the request that reacts to a message with a picture, or None for any other message."""
    for file in message.get("attachments", ()):
        if str(file.get("content_type", "")).startswith("image/"):
            emoji = reaction(download(file["url"]))
            if emoji is not None:
                path = f"/channels/{message['channel_id']}/messages/{message['id']}/reactions"
                return f"PUT {path}/{quote(str(emoji))}/@me"
    return None


if __name__ == "__main__":
    print(on_message(json.load(sys.stdin), lambda address: Path(address).read_bytes()) or "no reaction")
