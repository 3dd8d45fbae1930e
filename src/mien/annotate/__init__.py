"""A recognition over its picture: boxes with labels, masks, contact sheets, cards, and what the network looked at."""

from mien.annotate.boxes import labelled
from mien.annotate.cards import card
from mien.annotate.crops import face_crop
from mien.annotate.heatmaps import explained
from mien.annotate.masks import masked
from mien.annotate.sheets import contact_sheet

__all__ = ["card", "contact_sheet", "explained", "face_crop", "labelled", "masked"]
