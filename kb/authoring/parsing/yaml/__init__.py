"""Front matter as YAML: each value with its place, and what can be read of it when it is broken."""
