"""What readers say: that something is wrong, that a routine is missing, that they need it too."""
