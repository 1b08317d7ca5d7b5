"""What waits for whom, and who is told of what. Rows only: nothing is sent from here."""
