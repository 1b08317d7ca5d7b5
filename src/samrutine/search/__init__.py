"""Search: Norwegian words, our own query grammar, and the engine that keeps the index."""
