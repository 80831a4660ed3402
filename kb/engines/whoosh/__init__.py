"""The Whoosh engine: the only place that knows Whoosh.

`schema` says how documents are laid out, `codec` how their postings are stored in files, `records` how
what they are counted and sorted by is stored, `mapped` how files are read. `write` makes an index (`lexicon` is its
list of words), `postings` decodes Whoosh's postings to arrays, `snapshot` is an opened index that caches what was read
(`cache`), `matching` evaluates a query on it, `facets` counts, `engine` puts these together.
"""
