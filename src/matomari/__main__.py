"""`python -m matomari` is the command `matomari`."""

from .cli.app import main

main()
