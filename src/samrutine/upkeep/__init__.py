"""What keeps a home sound: maintenance, what endangers it, room on the disk."""
