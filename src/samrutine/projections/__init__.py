"""Everything that repeats decisions: the branches main and register, and the search index."""
