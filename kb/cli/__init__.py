"""The command `kb`: what can be typed (`app`), how it is served (`serving`), how it is printed (`printing`)."""

from kb.cli.app import main

__all__ = ["main"]
