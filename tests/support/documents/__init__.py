"""
Documents as municipalities send them in, made here, each with what it holds written down beside it.

    truth.py      what a document holds, and what must come of reading it
    seen.py       what a reader of the resulting Markdown sees, counted without the product
    verdict.py    a document's truth held against what came of it: a list of faults, empty when all is well
    content.py    the same content for every format: headings, paragraphs, items, tables, pictures, notes
    word.py       Word, built mark by mark, so that a document may hold what no library writes
    odt.py, web.py, rich.py, paper.py   ODT, HTML, RTF and PDF
    rows_*.py     the rows of the taxonomy, by kind
    taxonomy.py   all of them, and those that do not hold yet
"""
