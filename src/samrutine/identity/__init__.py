"""Who somebody is: local accounts, and where they are signed in."""
