"""The Whoosh engine: the only place that knows Whoosh.

`write` makes an index, `snapshot` reads one into arrays, `matching` evaluates a query on them,
`facets` counts, `engine` puts these together.
"""
