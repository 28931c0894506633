"""python -m matomari.cli, as in 0.1."""

from . import main

main()
