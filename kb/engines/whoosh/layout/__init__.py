"""How an index is laid out in files, in terms of Whoosh."""
