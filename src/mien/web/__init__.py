"""The page: static files that find faces, read them and draw them in the browser. ``mien.web.site`` lists them."""
