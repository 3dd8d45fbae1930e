"""Scores become drawing controls, controls become a drawing; nothing here knows what found the face."""
