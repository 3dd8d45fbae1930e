"""A recognition over the pixels it was read from: boxes with labels, masks, cards, posts, contact sheets, explanations.

These take pixels, RGB uint8 [height, width, 3], with the recognition of them, and return Pillow images.
``mien.card`` and ``mien.mask`` do the same for a photo on disk.
"""

from mien.annotate.boxes import labelled
from mien.annotate.cards import card
from mien.annotate.crops import face_crop
from mien.annotate.heatmaps import explained
from mien.annotate.masks import mask
from mien.annotate.posts import post
from mien.annotate.sheets import contact_sheet

__all__ = ["card", "contact_sheet", "explained", "face_crop", "labelled", "mask", "post"]
