"""What leaves the library for good: a message to a municipality's archive, and all that is a municipality's own."""
