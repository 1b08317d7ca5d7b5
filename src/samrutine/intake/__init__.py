"""What municipalities have sent in: which of it is the same routine, what the variants say, and what is kept of each."""
