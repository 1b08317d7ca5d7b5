"""Documents in and out: the effective document as HTML, Markdown and PDF."""
