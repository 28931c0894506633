"""python -m matomari."""

from .cli import main

main()
