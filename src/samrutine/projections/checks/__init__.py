"""What `verify` asks, a room for each thing that is asked about. Every check gives pairs of code and detail, and changes nothing."""
