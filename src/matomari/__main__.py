"""`python -m matomari` is the command `matomari`."""

from .cli import main

main()
