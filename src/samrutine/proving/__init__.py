"""Proof for those who do not trust our server: what was in force, checkpoints that are signed, time stamps."""
