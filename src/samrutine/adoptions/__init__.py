"""A municipality's decision about a procedure, what is in force from when to when, and the local layer."""
