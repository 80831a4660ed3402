"""`python -m kb` is the command `kb`."""

from kb.cli import main

# Processes that read many files import this module again, under another name.
if __name__ == "__main__":
    main()
