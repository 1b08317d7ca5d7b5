"""The bench that says how good search is must itself be right: its figures are what a ranking is chosen by."""

import json
import math

import pytest

from bench.relevance import Judged, Outcome, lead, main, means, queries_of, summary
from bench.search_files import file_of, files_in
from bench.search_peers import trigrams_of_text, trigrams_of_words, words_of

RELEVANT = {"a.md": 2, "b.md": 1}


def an_outcome(*found, relevant=RELEVANT, kind="plain"):
    return Outcome(Judged("vask", kind, relevant), found)


class TestTheFigures:
    def test_the_best_order_is_one(self):
        """
        Whatever stands after the relevant ones costs nothing.
        """
        figures = means([an_outcome("a.md", "b.md", "c.md")])

        assert figures["ndcg@10"] == figures["mrr"] == figures["success@3"] == figures["recall@10"] == 1.0

    def test_a_lesser_answer_before_a_better_one_costs_what_it_should(self):
        """
        By hand: the gains are 1 and 3, and the second place counts 1/log2(3).
        """
        swapped = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))

        figures = means([an_outcome("b.md", "a.md")])

        assert figures["ndcg@10"] == round(swapped, 4) == 0.7967
        assert figures["mrr"] == 1.0

    def test_the_ideal_is_of_all_that_was_judged(self):
        """
        A search that finds one of two is not perfect because it found no more.
        """
        figures = means([an_outcome("c.md", "d.md", "e.md", "a.md")])

        assert figures["ndcg@10"] == round((3 / math.log2(5)) / (3 + 1 / math.log2(3)), 4)
        assert (figures["mrr"], figures["success@3"], figures["recall@10"]) == (0.25, 0.0, 0.5)

    def test_nothing_found_is_naught_and_is_counted(self):
        """
        An empty page is what a user remembers.
        """
        figures = means([an_outcome(), an_outcome("c.md")])

        assert figures["ndcg@10"] == figures["mrr"] == figures["recall@10"] == 0.0
        assert (figures["without_hit"], figures["without_relevant"]) == (1, 2)

    def test_a_question_without_an_answer_is_told_apart(self):
        """
        It has no best order, so it is in no mean; what counts is whether it got an answer all the same.
        """
        got_one = an_outcome("c.md", relevant={}, kind="no-answer")
        got_none = an_outcome(relevant={}, kind="no-answer")

        result = summary([an_outcome("a.md", "b.md"), got_one, got_none])

        assert result["overall"]["ndcg@10"] == 1.0
        assert result["kinds"]["no-answer"]["ndcg@10"] is None
        assert result["kinds"]["no-answer"]["no_answer_answered"] == 1

    def test_the_lead_is_over_the_best_peer_of_each_kind(self):
        """
        Being best on the whole must not hide a kind in which somebody else is better.
        """
        ours = summary([an_outcome("a.md", "b.md"), an_outcome("c.md", kind="typo")])
        theirs = summary([an_outcome("c.md"), an_outcome("a.md", "b.md", kind="typo")])

        result = lead({**ours, "peers": {"theirs": theirs}})

        assert result["lead"] == 0.0
        assert {kind: one["lead"] for kind, one in result["lead_per_kind"].items()} == {"plain": 1.0, "typo": -1.0}


class TestReadingAnyFolder:
    @pytest.mark.parametrize(
        ("data", "title", "words"),
        [
            (b"", "min fil", "min fil"),
            (b"bare tekst", "min fil", "bare tekst"),
            ("\ufeff# Håndvask\r\n\r\nSåpe og vann.\r\n".encode(), "Håndvask", "Såpe og vann."),
            (b"Vask\n====\n\nS\xe5pe og vann.", "Vask", "Såpe og vann."),
            (b"---\ntitle: 'Vask: hender'\ntags: [s\xc3\xa5pe]\n---\nTekst", "Vask: hender", "Tekst"),
            (b"---\ntitle: [uferdig\nx: {y\n---\n## Del\n\nTekst", "[uferdig", "Tekst"),
            (b"---\ntitle: aldri lukket\n\nTekst", "min fil", "aldri lukket"),
            (b'+++\ntitle = "Toml"\n+++\nTekst', "Toml", "Tekst"),
            (b"\x00\xff\xfe\x00", "min fil", ""),
            (b"```\n# ikke dette\n```\n\n# Dette\n\nTekst", "Dette", "ikke dette"),
        ],
        ids=[
            "empty",
            "no heading",
            "BOM and CRLF",
            "Latin letters",
            "head",
            "broken head",
            "open head",
            "TOML",
            "bytes",
            "code",
        ],
    )
    def test_keeps_what_can_be_understood(self, data, title, words):
        """
        Folders are as people left them, and a file that is left out can never be found.
        """
        file = file_of("mappe/min-fil.md", data)

        assert {entry.title for entry in file.entries} == {title}
        assert words in " ".join(entry.text for entry in file.entries)

    def test_cuts_a_text_of_megabytes_and_loses_no_word(self):
        """
        The product refuses such a text; in somebody else's folder it is one file among others.
        """
        data = "# Stor\n\n" + "ord " * 300_000 + "\n\n## Del\n\nslutten"

        file = file_of("stor.md", data.encode())

        assert sum(entry.text.count("ord") for entry in file.entries) == 300_000
        assert (file.entries[-1].heading, file.entries[-1].text) == ("Del", "slutten")
        assert len({entry.section_key for entry in file.entries}) == len(file.entries)

    def test_two_files_of_one_name_are_two(self, tmp_path):
        """
        A municipality's README and another's are not the same, and hits must lead to the right one.
        """
        for name in ("en/README.md", "to/README.md", "to/notat.txt", "to/STOR.MD"):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("# Likt\n\nLikt.\n")

        files = list(files_in(tmp_path))

        assert [file.path for file in files] == ["en/README.md", "to/README.md", "to/STOR.MD"]
        assert len({file.procedure_id for file in files}) == 3
        assert len({file.entries[0].version_digest for file in files}) == 3


class TestTheProgram:
    @pytest.fixture
    def folder(self, tmp_path):
        """Three files, and queries beside them."""
        texts = tmp_path / "texts"
        texts.mkdir()
        (texts / "vask.md").write_text("# Håndvask\n\nSåpe og vann.\n")
        (texts / "fall.md").write_text("# Fallforebygging\n\nSe etter løse ledninger.\n")
        (texts / "tom.md").write_text("")
        return texts

    def run(self, folder, *lines):
        """Give the exit code for a file with these lines of queries."""
        queries = folder.parent / "queries.jsonl"
        queries.write_text("\n".join(lines))
        return main(["--collection", str(folder), "--queries", str(queries), "--json", "--per-query"])

    def test_prints_the_figure_where_it_is_looked_for(self, folder, capsys):
        """
        What reads the figure knows it as `overall.ndcg@10`.
        """
        code = self.run(
            folder,
            '{"query": "såpe", "kind": "plain", "relevant": {"vask.md": 2}}',
            "",
            '{"query": "kvantefysikk", "kind": "no-answer", "relevant": {}}',
        )

        result = json.loads(capsys.readouterr().out)
        assert code == 0
        assert result["overall"]["ndcg@10"] == 1.0
        assert result["overall"]["queries"] == 2
        assert result["collection"]["files"] == 3
        assert result["per_query"][0]["found"][0] == "vask.md"

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("dette er ikke JSON", "line 1: this is not JSON"),
            ('["query"]', "line 1: a line must be"),
            ('{"query": "vask", "relevant": {"borte.md": 2}}', "'borte.md' is not a Markdown file in the folder"),
            ('{"query": "vask", "relevant": {"../queries.jsonl": 2}}', "is not a Markdown file in the folder"),
            ('{"query": "vask", "relevant": {"vask.md": "ja"}}', "must be a number"),
            ("", "there is no query"),
        ],
    )
    def test_says_what_is_wrong_with_the_queries(self, folder, capsys, line, told):
        """
        A wrong judgement that goes by unseen is a wrong figure.
        """
        code = self.run(folder, line)

        assert code == 2
        assert told in capsys.readouterr().err

    def test_says_that_a_folder_is_not_there(self, folder, capsys):
        """
        No files and no answers would look like a search that finds nothing.
        """
        code = self.run(folder / "borte", "{}")

        assert code == 2
        assert "there is no such folder" in capsys.readouterr().err

    def test_a_path_may_be_written_in_decomposed_letters(self, tmp_path):
        """
        Some systems take å apart in the names of files.
        """
        queries = tmp_path / "queries.jsonl"
        queries.write_text('{"query": "x", "relevant": {"./ha\u030andvask.md": 1}}')

        (judged,) = queries_of(queries, ["håndvask.md"])

        assert judged.relevant == {"håndvask.md": 1}


def test_a_peer_is_asked_for_words_and_no_grammar_of_its_own():
    """
    A bracket or a quotation mark must not make a peer look worse than it is.
    """
    query = 'vask "hender" AND (såpe* OR'

    assert words_of(query) == ["vask", "hender", "AND", "såpe", "OR"]
    assert trigrams_of_words("så vask") == ["vas", "ask"]
    assert trigrams_of_text("så vask") == ["så ", "å v", " va", "vas", "ask"]
