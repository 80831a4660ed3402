"""The web: pages and JSON over the core. Knows `kb` by its public names, and never which engine is at work."""
