"""Backup and restore: everything out of a home, and back into an empty one, also from the register alone."""
