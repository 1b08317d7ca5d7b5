"""Invented bodies of routines, and edits of them: for tests that must hold for whatever is written."""

WORDS = (
    *("vask", "hendene", "godt", "med", "såpe", "før", "og", "etter", "stell", "av", "pasienten", "ikke", "glem"),
    *(
        "ringer",
        "klokke",
        "5 ml",
        "10 mg/kg",
        "75 00 00 00",
        "uten",
        "{{vakttelefon}}",
        "**straks**",
        "«smitte»",
        "æøå",
    ),
    *(
        "čáhci",
        "e\N{COMBINING ACUTE ACCENT}",
        "🧤",
        "`kode`",
        "~~nei~~",
        "[lenke](https://provevik.example/a)",
        "1 000 kr",
        "§ 7-1",
    ),
)


def words(chance, most=9):
    """Give a sentence."""
    return " ".join(chance.choices(WORDS, k=chance.randint(2, most))) + f" {chance.randint(0, 99)}."


def a_random_block(chance):
    """Give a paragraph, a list, a table, a quotation or code."""
    match chance.randint(0, 8):
        case 0:
            return "\n".join(f"- {words(chance)}" for _ in range(chance.randint(1, 5)))
        case 1:
            return "\n".join(f"{n}. {words(chance)}" for n in range(1, chance.randint(2, 6)))
        case 2:
            columns = chance.randint(1, 3)
            rows = [[f"Kolonne {chance.randint(0, 9)}" for _ in range(columns)], ["---"] * columns]
            rows += [[words(chance, 3) for _ in range(columns)] for _ in range(chance.randint(1, 4))]
            return "\n".join(f"| {' | '.join(row)} |" for row in rows)
        case 3:
            return f"> {words(chance)}"
        case 4:
            return f"```\n{words(chance)}\n  {words(chance)}\n```"
        case _:
            return " ".join(words(chance) for _ in range(chance.randint(1, 4)))


def a_random_body(chance):
    """Give sections of such blocks."""
    pieces = []
    for n in range(chance.randint(1, 5)):
        pieces.append(f"{'#' * chance.choice((2, 2, 3))} Del {n}")
        pieces += [a_random_block(chance) for _ in range(chance.randint(0, 5))]
    return "\n\n".join(pieces) + "\n"


def edited(body, chance):
    """Change a body here and there: words, lines of lists and tables, whole blocks and where they stand."""
    pieces = body.rstrip("\n").split("\n\n")
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(pieces))
        match chance.randint(0, 6):
            case 0 if len(pieces) > 1:
                del pieces[at]
            case 1:
                pieces.insert(at, a_random_block(chance))
            case 2:
                pieces.insert(at, f"## Nytt {words(chance, 3)}")
            case 3:
                pieces.insert(chance.randrange(len(pieces)), pieces.pop(at))
            case 4:
                lines = pieces[at].split("\n")
                lines.insert(chance.randrange(len(lines)), lines[-1])
                pieces[at] = "\n".join(lines)
            case _:
                lines = pieces[at].split("\n")
                line = chance.randrange(len(lines))
                if not set(lines[line]) <= set("|- `"):
                    lines[line] = lines[line].replace(" ", f" {chance.choice(WORDS)} ", 1).replace(".", " nå.", 1)
                pieces[at] = "\n".join(lines)
    return "\n\n".join(pieces) + "\n"
