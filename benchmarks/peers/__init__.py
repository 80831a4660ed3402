"""Engines that do the same work over the same texts, each as a good user of it would have it done.

The work: how many documents match, the ten best of them, and for every facet the number of matching documents per
value, where a facet's own filter is left out of its counts. What can be done before a query comes (indexing, opening)
and what a program would have ready (its query as the engine's own object) is not timed, for any of them.
"""
