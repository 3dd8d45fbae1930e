"""The REST service and the page, over HTTP. Needs the extra ``[server]``; ``mien serve`` starts it."""
