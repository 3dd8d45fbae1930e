"""``python -m mien`` is ``mien``."""

from mien.cli import main

if __name__ == "__main__":
    main(prog_name="mien")
