"""A network asks the municipalities for the routines that they have, and makes one of those that are the same."""
