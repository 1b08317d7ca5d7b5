"""The words of a file that belongs to a text, read by a process of its own."""


def file_words(data: bytes, name: str) -> str:
    """
    Give the words of a document with its title, as Markdown; empty where it has none, as a picture of a page.

    Raises:
        DocumentRefused: It is nothing that we read, or cannot be read.
    """
    # Imported here: hardly any act is about a file.
    from samrutine.exchange.incoming.reading import read_document

    found = read_document(data, name)
    return f"{found.title}\n\n{found.markdown}" if found.markdown else ""
