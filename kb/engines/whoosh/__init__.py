"""The Whoosh engine: the only place that knows Whoosh.

`layout` says how an index is laid out in files: documents (`schema`), their postings (`codec`), what they are counted
and sorted by (`records`), the list of words (`lexicon`), and how files are read (`mapped`). `write` makes an index,
`postings` decodes Whoosh's postings to arrays, `snapshot` is an opened index that caches what was read (`cache`),
`matching` evaluates a query on it, `facets` counts, `engine` puts these together.
"""
