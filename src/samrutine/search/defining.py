"""
Whether a text says what a short form stands for: "VAS (visuell analog skala)" does, and so does "Visuell analog skala, som vi kaller VAS".

That words begin with the letters says nothing: "barn utenlands pass" is no BUP.
"""

from collections.abc import Sequence


def says(spoken: str, words: Sequence[str], short: str) -> bool:
    """
    Whether a text has both the words, beside each other, and their short form.

    Args:
        spoken: The text in plain small words, with one space between, before and after; see `Opened.spoken`.
        words: What the short form is to stand for, folded.
        short: The short form, folded.
    """
    return f" {' '.join(words)} " in spoken and f" {short} " in spoken
