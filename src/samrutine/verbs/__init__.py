"""The verbs of `Library`, a file for each concept: thin methods that only delegate."""
