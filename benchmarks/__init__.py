"""How fast it is, compared with tools that people would use instead. Run `python -m benchmarks`; see README.md here."""
