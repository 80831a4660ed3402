"""How fast it is, beside others that people would reach for. Run `python -m benchmarks`; see README.md here."""
