"""What a procedure is: its text as a value, the form it is stored in, its sections, and the checks of a text."""
