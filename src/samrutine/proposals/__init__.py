"""Draft, approval, and what a proposal becomes; policy as data."""
