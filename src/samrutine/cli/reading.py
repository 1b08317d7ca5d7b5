"""Reading: find, and show one routine. Who uses what is in `overview`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli import overview
from samrutine.cli.arguments import MaybeMunicipality, MaybeNetwork, MaybeVersion, Procedure
from samrutine.cli.files import form_of, write_out, write_whole
from samrutine.cli.naming import hurried_words, marked_instead, standing_of, who_acted, withdrawn_line
from samrutine.cli.overview import Day, wrapped
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import InvalidRequest

if TYPE_CHECKING:
    from samrutine.procedures.service import Event, VersionSummary
    from samrutine.search.model import Filter, Hit, LocalHit, Query
    from samrutine.search.service import HitStanding, SearchAnswer

_HIT, _END = "\ue000", "\ue001"
"""Stand for bold while a line is broken, since the terminal's codes are longer than they look. Private to a program."""


def register(app: Typer) -> None:
    """Add the commands."""
    for name, function in (
        ("search", search), ("suggest", suggest), ("list", procedures), ("show", show), ("document", document), ("matrix", overview.matrix),
        ("as-of", overview.as_of), ("account", overview.account), ("versions", versions), ("history", history),
    ):  # fmt: skip
        command(app, name, area="reading")(function)


# Search -----------------------------------------------------------------------------------------------------------------


def search(
    shell: Shell,
    words: Annotated[list[str], Argument(show_default=False)],
    municipality: MaybeMunicipality = None,
    mine: Annotated[str | None, Option("--mine")] = None,
    subject: Annotated[list[str] | None, Option("--subject")] = None,
    network: Annotated[list[str] | None, Option("--network")] = None,
    kind: Annotated[list[str] | None, Option("--kind")] = None,
    day: Day = None,
    limit: Annotated[int, Option("--limit", min=1, max=100)] = 10,
    facets: Annotated[bool, Option("--facets")] = False,  # noqa: FBT002 - so Typer takes a flag
) -> None:
    """Find routines by words."""
    with shell.library() as library:
        answer = library.search(
            " ".join(words), municipality=municipality, mine=mine, day=shell.read_day(day, "--day"), limit=limit,
            filters=_filters(shell, subject, network, kind), reader=shell.actor,
        )  # fmt: skip
        networks = library.networks() if facets else {}

    def text() -> None:
        _print_search(shell, answer)
        if facets:
            _print_facets(shell, answer, networks)

    shell.answer(_plain_search(answer), text)


def suggest(
    shell: Shell,
    words: Annotated[list[str], Argument(show_default=False)],
    municipality: MaybeMunicipality = None,
) -> None:
    """Say what somebody who is typing may be on the way to."""
    from samrutine.messages import say

    typed = " ".join(words)
    with shell.library() as library:
        completions = library.complete(typed)
        found = library.suggest(typed, municipality=municipality, reader=shell.actor)

    def text() -> None:
        for one in completions:
            shell.print(typed[: one.start] + one.text + typed[one.end :])
        for suggestion in found:
            where = f"  [{suggestion.procedure_id}]" if suggestion.procedure_id else ""
            shell.print(f"{suggestion.text}{where}")
        if not completions and not found:
            shell.print(say("search.no_suggestions", shell.language))

    shell.answer({"completions": completions, "suggestions": found}, text)


def _filters(
    shell: Shell, subject: Sequence[str] | None, network: Sequence[str] | None, kind: Sequence[str] | None
) -> "tuple[Filter, ...]":
    from samrutine.procedures.model import Kind
    from samrutine.search.model import Filter, FilterField

    kinds = [shell.choose(Kind, one, "--kind", "kind").value for one in kind or ()]
    asked = ((FilterField.SUBJECT, subject), (FilterField.NETWORK, network), (FilterField.KIND, kinds))
    return tuple(Filter(field, value) for field, values in asked for value in values or ())


def _standing(shell: Shell, about: "HitStanding") -> str:
    words = [shell.say("withdrawn.alone")] if about.withdrawn else []
    if about.hurried is not None and about.hurried != "confirmed":
        words.append(hurried_words(shell, about.hurried))
    return ", ".join(words)


def _plain_search(answer: "SearchAnswer") -> dict[str, object]:
    return {
        "municipality": answer.municipality,
        "applies": answer.applies,
        "day": answer.day,
        "total": answer.result.total,
        "ignored": answer.query.ignored,
        "missing": answer.missing,
        "only_mentioned": answer.only_mentioned,
        "not_understood": answer.not_understood,
        "mine": answer.mine,
        "several_senses": answer.several_senses,
        "not_in_use": [hit.procedure_id for hit in answer.not_in_use],
        "local": [
            {
                "procedure": one.procedure_id,
                "title": one.title,
                "version": str(one.version),
                "section": one.section_key,
                "kind": one.kind,
                "snippet": "".join(part.text for part in one.snippet),
                "matched_words": one.matched_words,
                "score": round(one.score, 4),
            }
            for one in answer.local
        ],
        "hits": [
            {
                **_plain_hit(hit, answer.standings.get(hit.version_digest)),
                "in_force_in_mine": hit.version_digest in answer.in_force_in_mine,
            }
            for hit in answer.result.hits
        ],
        "facets": [{"field": one.field, "value": one.value, "count": one.count} for one in answer.result.facets],
    }


def _plain_hit(hit: "Hit", about: "HitStanding | None") -> dict[str, object]:
    return {
        "procedure": hit.procedure_id, "title": hit.title, "version": str(hit.version), "digest": hit.version_digest,
        "section": hit.section_key, "heading": hit.heading, "snippet": "".join(part.text for part in hit.snippet),
        "file": hit.file, "link": hit.link, "matched_words": hit.matched_words, "why": hit.why, "score": round(hit.score, 4),
        "lacking": hit.lacking, "in_passing": hit.in_passing,
        "hurried": about.hurried if about else None, "withdrawn": about is not None and about.withdrawn,
    }  # fmt: skip


def _print_search(shell: Shell, answer: "SearchAnswer") -> None:
    from samrutine.messages import say
    from samrutine.search.model import LocalHit

    _print_how_understood(shell, answer)
    total = answer.result.total
    if not total:
        for local in answer.local:
            _print_local(shell, answer, local)
        _print_missing(shell, answer)
        if not answer.local:
            one_word = len(answer.query.words) == 1 and not answer.query.phrases
            name = "found_none_word" if one_word else "found_none"
            shell.print(say(f"search.{name if answer.query.asks_for_words else 'none_so'}", shell.language))
        if answer.not_in_use:
            _print_not_in_use(shell, answer)
        elif not answer.local and _may_be_unwritten(answer.query):
            shell.print(shell.say("search.wish"))
        return
    found = (
        say("search.found_one", shell.language) if total == 1 else say("search.found_many", shell.language, count=total)
    )
    shell.print(f"{found} ({_where(shell, answer)})" if answer.municipality else found)
    _print_missing(shell, answer)
    _print_not_in_use(shell, answer)
    if answer.only_mentioned:
        shell.print(say("search.only_mentioned", shell.language))
    for hit in answer.in_order:
        shell.print("")
        if isinstance(hit, LocalHit):
            _print_local(shell, answer, hit)
        else:
            _print_hit(shell, answer, hit)
    if total > (shown := len(answer.result.hits)):
        shell.print("", shell.say("search.more", shown=shown, count=total))


def _where(shell: Shell, answer: "SearchAnswer") -> str:
    """Say where what was found applies, or does not, as it was asked; and when, if that is not today."""
    name = "search.in" if answer.applies else "search.not_in"
    if answer.day is None:
        return shell.say(name, municipality=answer.municipality)
    return shell.say(f"{name}_on", municipality=answer.municipality, day=shell.day(answer.day))


def _may_be_unwritten(query: "Query") -> bool:
    """Whether a routine may be lacking where nothing was found: a number is no subject, and a condition may have hidden it."""
    narrowed = query.filters or query.applying or query.excluded_words or query.excluded_phrases
    typed = [*(one.typed for one in query.words), *(one.typed for one in query.phrases)]
    return not narrowed and not all(one.replace(" ", "").isdigit() for one in typed)


def _print_not_in_use(shell: Shell, answer: "SearchAnswer") -> None:
    """Say which routines answer as well, and are not in use there."""
    if not answer.not_in_use:
        return
    titles = ", ".join(f"«{hit.title}»" for hit in answer.not_in_use)
    if answer.day is None:
        words = shell.say("search.elsewhere", titles=titles, municipality=answer.municipality)
    else:
        day = shell.day(answer.day)
        words = shell.say("search.elsewhere_on", titles=titles, municipality=answer.municipality, day=day)
    shell.print(words)


def _print_missing(shell: Shell, answer: "SearchAnswer") -> None:
    """Say which words nothing that is shown has."""
    from samrutine.search.telling import missing

    if said := missing(answer, shell.language):
        shell.print(shell.visible(said))


def _print_how_understood(shell: Shell, answer: "SearchAnswer") -> None:
    """Say what was left out of the search, and which words could mean something else."""
    from samrutine.search.telling import how_understood

    for said in how_understood(answer, shell.language):
        shell.tell(said)
    for several in answer.several_senses:
        shell.print(shell.say("search.several", typed=several.typed))
        for sense in several.senses:
            words = shell.say("search.sense", label=sense.label, explanation=sense.explanation, query=sense.query)
            shell.print("\n".join(wrapped(words, shell.width - 2)))


def _print_hit(shell: Shell, answer: "SearchAnswer", hit: "Hit") -> None:
    heading = f" › {hit.heading}" if hit.heading else ""
    shell.print(f"{shell.bold(hit.title)}{heading}  [{hit.procedure_id} {hit.version}]")
    for line in _about_hit(shell, answer, hit):
        shell.print(f"  {line}")
    if hit.snippet:
        _print_snippet(shell, hit)


def _print_local(shell: Shell, answer: "SearchAnswer", hit: "LocalHit") -> None:
    """Show what the municipality has added or filled in, as its own."""
    mark = shell.say("search.local", municipality=answer.municipality or answer.mine)
    shell.print(f"{shell.bold(hit.title)}  [{hit.procedure_id} {hit.version}]", f"  {mark}")
    _print_snippet(shell, hit)


def _print_snippet(shell: Shell, hit: "Hit | LocalHit") -> None:
    snippet = "".join(f"{_HIT}{part.text}{_END}" if part.hit else part.text for part in hit.snippet)
    lines = "\n".join(wrapped(" ".join(snippet.split()), shell.width - 2))
    begin, _, end = shell.bold("|").partition("|")
    shell.print(lines.replace(_HIT, begin).replace(_END, end))


def _about_hit(shell: Shell, answer: "SearchAnswer", hit: "Hit") -> Iterator[str]:
    """Give the lines between a hit's title and its snippet."""
    from samrutine.search.telling import lacking, why

    about = answer.standings.get(hit.version_digest)
    if about is not None and (words := _standing(shell, about)):
        yield words
    if answer.mine and hit.version_digest in answer.in_force_in_mine:
        yield shell.say("search.in", municipality=answer.mine)
    if hit.file is not None:
        yield shell.say("search.file", procedure=hit.procedure_id, file=shell.visible(hit.file))
        if not hit.snippet:
            yield shell.say("search.file_not_read")
    if hit.why:
        yield why(hit, shell.language)
    if said := lacking(answer, hit, shell.language):
        yield shell.visible(said)


def _print_facets(shell: Shell, answer: "SearchAnswer", networks: Mapping[str, str]) -> None:
    from samrutine.messages import say

    by_field: dict[str, list[str]] = {}
    for one in answer.result.facets:
        name = networks.get(one.value, one.value) if one.field == "network" else one.value
        if one.field == "kind":
            name = shell.label("kind", one.value)
        by_field.setdefault(one.field.value, []).append(f"{name} ({one.count})")
    for field, values in by_field.items():
        shell.print("", f"{say(f'search.field.{field}', shell.language)}: {', '.join(values)}")


# One procedure ----------------------------------------------------------------------------------------------------------


def procedures(shell: Shell, network: MaybeNetwork = None) -> None:
    """List every routine that is faglig godkjent."""
    with shell.library() as library:
        every = library.procedures(reader=shell.actor)
        found = library.procedures(network=network, reader=shell.actor) if network else every
        networks = library.networks()
    titles = {str(one.id): one.title for one in every}
    shell.answer(
        {"procedures": found},
        lambda: shell.table(
            ("id", "title", "kind", "version", "network", "review"),
            [
                (
                    one.id, _marked(one.title, standing_of(shell, one, titles)), shell.label("kind", one.kind.value),
                    str(one.version), networks.get(one.network, one.network),
                    "–" if one.withdrawn else shell.day(one.next_review),
                )
                for one in found
            ],
            whole=(0, 3),
        ),
    )  # fmt: skip


def _marked(title: str, mark: str) -> str:
    return f"{title} ({mark})" if mark else title


def show(
    shell: Shell,
    procedure: Procedure,
    municipality: MaybeMunicipality = None,
    version: MaybeVersion = None,
    day: Day = None,
) -> None:
    """Show a routine in the terminal."""
    from samrutine.adoptions.effective import effective_digest

    with shell.library() as library:
        found = library.document(
            procedure, municipality, version=version, day=shell.read_day(day, "--day"), reader=shell.actor
        )
        text = library.render(found, "md").decode()
    header = found.header

    def rendered() -> None:
        import sys

        if not sys.stdout.isatty():
            shell.print(text)
            return
        from rich.markdown import Markdown

        shell.console().print(Markdown(text, hyperlinks=False))

    shell.answer(
        {
            "procedure": header.procedure_id, "title": header.title, "version": str(header.version), "status": header.status,
            "municipality": header.municipality.number if header.municipality else None,
            "in_force_from": header.in_force_from, "next_review": header.next_review, "digest": header.version_digest,
            "effective_digest": effective_digest(found), "demo": header.demo, "hurried": header.hurried,
            "withdrawn": header.withdrawn, "replaced_by": header.replaced_by, "markdown": text,
        },
        rendered,
    )  # fmt: skip


def document(
    shell: Shell,
    procedure: Procedure,
    municipality: MaybeMunicipality = None,
    form: Annotated[str | None, Option("--format")] = None,
    output: Annotated[str | None, Option("--output", "-o")] = None,
    version: MaybeVersion = None,
    day: Day = None,
    copy: Annotated[bool, Option("--copy")] = False,  # noqa: FBT002 - so Typer takes a flag
) -> None:
    """Make a controlled document as PDF, Word, HTML or Markdown."""
    from samrutine.adoptions.effective import effective_digest
    from samrutine.exchange.formats import FORMATS

    chosen = form_of(shell, output, sorted(FORMATS, key="pdf".__ne__), option="--output", said=form)
    if output == "-" and shell.as_json:
        raise InvalidRequest(what="--output", value="-", expected=shell.say("expected.file_with_json"))
    with shell.library() as library:
        found = library.document(
            procedure, municipality, version=version, day=shell.read_day(day, "--day"), reader=shell.actor
        )
        data = library.render(found, chosen, copy=copy)
    marked_instead(shell, [found], copy=copy and chosen != "md")
    if output == "-":
        write_out(data)
        return
    header = found.header
    where = f"-{header.municipality.slug}" if header.municipality else ""
    path = Path(output) if output else Path(f"{header.procedure_id}-{header.version}{where}.{chosen}")
    write_whole(shell, path, data, "--output")
    shell.answer(
        {"path": path.resolve(), "size_bytes": len(data), "version": str(header.version), "status": header.status,
         "effective_digest": effective_digest(found)},
        shell.say("done.document", path=path, size=len(data)),
    )  # fmt: skip


def versions(shell: Shell, procedure: Procedure) -> None:
    """List a routine's approved versions."""
    with shell.library() as library:
        found = library.versions(procedure, reader=shell.actor)
        every = {str(one.id): one for one in library.procedures(reader=shell.actor)}
        networks = library.networks()
    line = withdrawn_line(shell, every[procedure], {one: its.title for one, its in every.items()})

    def text() -> None:
        if line:
            shell.print(line, "")
        shell.table(
            ("version", "numbered", "approved", "network", "significance", "meaning", "digest"),
            [
                (
                    str(one.version), shell.day(one.approved_on), _approved(shell, one),
                    networks.get(one.approved_by, one.approved_by), shell.label("significance", one.significance),
                    one.meaning or "–", one.digest.partition(":")[2][:12],
                )
                for one in found
            ],
            whole=(0, 1),
        )  # fmt: skip

    shell.answer({"procedure": procedure, "versions": found, "withdrawn": line is not None}, text)


def _approved(shell: Shell, one: "VersionSummary") -> str:
    """Say on which day a version was faglig godkjent; of a hasteversjon how far it has come."""
    if one.hurried is None:
        return shell.day(one.approved_on)
    words = hurried_words(shell, one.hurried)
    return f"{shell.day(one.confirmed_on)}, {words}" if one.confirmed_on else words


def history(shell: Shell, procedure: Procedure, municipality: MaybeMunicipality = None) -> None:
    """List every decision about a routine."""
    with shell.library() as library:
        found = library.history(procedure, municipality=municipality, reader=shell.actor)
        names = {str(one.number): one.name for one in library.municipalities()}
    shell.answer(
        {"procedure": procedure, "events": found},
        lambda: shell.table(
            ("decision", "at", "who", "what"),
            [
                (str(one.number), shell.instant(one.at), _who(shell, one, names), _what(shell, one, names))
                for one in found
            ],
            whole=(0, 1),
        ),
    )


def _who(shell: Shell, event: "Event", names: dict[str, str]) -> str:
    body = event.body.partition(":")[2]
    name = who_acted(shell, event.by, event.name, event.standing_number)
    return f"{name} ({names.get(body, body)})" if body else name


def _what(shell: Shell, event: "Event", names: dict[str, str]) -> str:
    from samrutine.messages import catalogue

    body = event.body.partition(":")[2]
    places = {
        **event.facts, "municipality": names.get(body, body), "body": body,
        "from_day": shell.day(date.fromisoformat(event.facts["from"])) if event.facts.get("from") else "", "procedure": event.facts.get("procedure", ""),
    }  # fmt: skip
    text = catalogue(shell.language, "register").get(event.kind, event.kind)
    reasons = "; ".join(f"{_named(shell, name, names)}: {words}" for name, words in event.texts.items())
    sentence = text.format_map(places)
    if event.kind == "ended" and event.facts["state"] == "to-consider":
        sentence = shell.say("history.called_off", sentence=sentence)  # it never began, so it had no last day
    elif event.kind == "ended" and event.facts.get("until"):
        last = date.fromisoformat(event.facts["until"]) - timedelta(days=1)
        sentence = shell.say("history.ended", sentence=sentence, last_day=shell.day(last))
    return f"{sentence}. {reasons}" if reasons else sentence


def _named(shell: Shell, name: str, names: dict[str, str]) -> str:
    """Say what a text of a decision is; one of several sources by whose routine it was: "source_1841-1"."""
    if name.startswith("source_"):
        number = name.removeprefix("source_").partition("-")[0]
        return shell.say("text.own_routine", municipality=names.get(number, number))
    return shell.label("text", name)
