"""Documents in: the bytes that somebody sent become canonical Markdown, and a report of what did not come along."""
