"""Find the faces in a picture, read the look on each, and draw an emoji for it."""
