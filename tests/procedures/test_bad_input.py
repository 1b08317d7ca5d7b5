"""What must be refused: with line and remedy, in bounded time, and never by an error of another kind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samrutine.errors import InvalidText
from samrutine.procedures.checks import Known, findings
from samrutine.procedures.text import canonical, read
from tests.procedures.texts import HEAD, a_file, a_head
from tests.support.effort import times

MOST = 50
"""So many times the work of an ordinary routine of some pages may a hostile file of the most that is allowed take."""


def an_ordinary_one() -> None:
    """Take in a routine of 145 paragraphs, a twentieth of the lines that are allowed."""
    data = a_file("Vask hendene før du rører pasienten.\n\n" * 145)
    canonical(data, "prøve.md")
    findings(read(data, "prøve.md"), data, Known())


def refused(data: bytes) -> list[tuple[str, int]]:
    """Key and line of each finding of a text that cannot be read; each must have words in both languages."""
    with pytest.raises(InvalidText) as error:
        read(data, "prøve.md")
    assert all(finding.text("nb").startswith("linje ") for finding in error.value.findings)
    assert all(finding.text("en").startswith("line ") for finding in error.value.findings)
    return [(finding.key, finding.line) for finding in error.value.findings]


class TestTheFile:
    def test_bytes_that_are_no_utf_8_are_told_by_line(self):
        """
        An old file in Latin-1 must not come in with broken letters.
        """
        assert refused(a_file("En\r\nto\r\ntre ").rstrip() + b" \xe6\n") == [("not-utf-8", 27)]

    @pytest.mark.parametrize("character", ["\x00", "\x1b", "\x0c", "\x7f", "\x85", "\u2028", "\u202e"])
    def test_an_invisible_control_character_is_told_by_line(self, character):
        """
        It can end a line for some programs, or turn the words around on the screen.
        """
        assert refused(a_file(f"En\n\nto{character}\n")) == [("control-character", 27)]

    def test_a_text_over_a_mebibyte_is_refused_before_it_is_read(self):
        """
        No routine is that long; something else was sent.
        """
        assert refused(b"x" * (1024 * 1024 + 1)) == [("too-large", 1)]

    @pytest.mark.parametrize("data", [b"", b"\n", b"# Rutine\n", b"--- a\n", b" ---\n"])
    def test_a_text_without_front_matter_is_refused(self, data):
        """
        Nobody could say which network owns it.
        """
        assert refused(data) == [("front-matter-missing", 1)]

    def test_front_matter_that_never_ends_is_refused(self):
        """
        The whole routine would be read as its facts.
        """
        assert refused(b"---\nid: a\n") == [("front-matter-open", 1)]

    @pytest.mark.parametrize("head", ["---\n---\n", "---\n- a\n---\n", "---\nbare tekst\n---\n"])
    def test_front_matter_without_keys_is_refused(self, head):
        """
        It must say what the routine is.
        """
        assert [key for key, _ in refused(a_file(head=head))] == ["front-matter-missing"]


class TestYaml:
    @pytest.mark.parametrize(
        ("rows", "key", "line"),
        [
            ("a: &x 1\n", "yaml-alias", 2),
            ("a: 1\nb: *x\n", "yaml-alias", 3),
            ("a: !!python/object:os.system x\n", "yaml-tag", 2),
            ("a: !egen x\n", "yaml-tag", 2),
            ("a: 1\nid: b\nid: c\n", "key-twice", 4),
            ("a: [1, 2\n", "yaml-broken", 2),
            ("a: b: c\n", "yaml-broken", 2),
            ("a: 'x\n", "yaml-broken", 2),
            ("\ta: 1\n", "yaml-broken", 2),
            ("? [a, b]\n: c\n", "yaml-broken", 2),
            ("%YAML 1.1\na: b\n", "yaml-broken", 3),
            ("... \na: b\n", "yaml-broken", 2),
            ("a: b\n...\nid: d\n", "yaml-directive", 3),
            ("a: " + "[" * 10_000 + "\n", "yaml-too-large", 2),
            ("a: " + "{a: " * 10_000 + "\n", "yaml-too-large", 2),
            ("- " * 10_000 + "a\n", "yaml-too-large", 2),
            ("a: [" + "1, " * 9_000 + "1]\n", "yaml-too-large", 2),
            ("a: |\n  " + "x" * 100_000 + "\n", "front-matter-too-large", 1),
        ],
    )
    def test_yaml_that_no_routine_needs_is_refused(self, rows, key, line):
        """
        Aliases grow to billions, tags run code, and of doubled keys nobody knows which counts.
        """
        data = f"---\n{rows}---\n".encode()

        assert refused(data) == [(key, line)]
        assert times(lambda: refused(data), an_ordinary_one) < MOST

    def test_a_bomb_of_aliases_is_refused_at_the_first(self):
        """
        Nine lines of it would fill all memory.
        """
        rows = "a: &a [x, x]\n" + "".join(
            f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )

        assert refused(f"---\n{rows}---\n".encode()) == [("yaml-alias", 2)]

    def test_a_value_of_ten_megabytes_is_refused(self):
        """
        It is refused by its size, before anything looks at it.
        """
        assert refused(a_file(head=a_head(title="x" * 10_000_000))) == [("too-large", 1)]


class TestFrontMatter:
    def test_all_faults_are_told_at_once(self):
        """
        Nobody should have to import three hundred files five times.
        """
        head = "---\nid: ..\ntitel: A\nkind: rutine\nlanguage: nb\nnetwork: smittevern\naccess: open\nreview_interval_months: 0\n---\n"

        assert refused(a_file(head=head)) == [
            ("id-illegal", 2),
            ("key-missing", 2),
            ("key-missing", 2),
            ("key-missing", 2),
            ("key-unknown-near", 3),
            ("value-unknown", 4),
            ("value-wrong", 8),
        ]

    @pytest.mark.parametrize(
        "key", ["status", "approved_by", "approved", "version", "godkjent_av", "in_force_since", "digest"]
    )
    def test_a_file_cannot_approve_itself(self, key):
        """
        What is faglig godkjent, and where it applies, is decided in the library by people with the right to.
        """
        assert refused(a_file(head=a_head(**{key: "approved"}))) == [("key-decided", 23)]

    def test_an_unknown_key_names_the_nearest_known_one(self):
        """
        Most unknown keys are misspelled ones.
        """
        with pytest.raises(InvalidText) as error:
            read(a_file(head=a_head(responsible_roles="leder")), "prøve.md")

        assert "Mente du responsible_role?" in error.value.text("nb")

    @pytest.mark.parametrize("value", ["..", ".git", "con", "A", "æ", "a/b", "e\u0301", "é", "a--b"])
    def test_an_id_that_could_leave_its_folder_is_refused(self, value):
        """
        The id becomes a path.
        """
        assert refused(a_file(head=a_head(id=value))) == [("id-illegal", 2)]

    @pytest.mark.parametrize(
        ("key", "value", "found"),
        [
            ("title", "", "key-missing"),
            ("title", "~", "key-missing"),
            ("title", "[a]", "not-text"),
            ("title", "x" * 301, "value-too-long"),
            ("subjects", "smittevern", "not-a-list"),
            ("subjects", "[../x]", "value-wrong"),
            ("network", "../x", "value-wrong"),
            ("language", "norsk", "value-unknown"),
            ("prevention_level", "4", "value-wrong"),
            ("review_interval_months", "1e3", "value-wrong"),
            ("access", "exempt", "access-basis-missing"),
            ("access_basis", "offl. § 24", "access-basis-unneeded"),
            ("sources", "[{body: A, title: B}]", "key-missing"),
            ("sources", "[{body: A, title: B, read_on: 2026-02-30}]", "value-wrong"),
            ("sources", "[{body: A, title: B, read_on: 2026-02-03, url: 'javascript:x'}]", "value-wrong"),
            ("sources", "[A]", "not-a-mapping"),
            ("legal_basis", "[{law: hol, name: B, section: C}]", "value-wrong"),
            ("legal_basis", "[{law: LOV-2011-06-24-30, name: B, section: C, checked: ja}]", "value-wrong"),
            ("local_information", "[{key: A b, label: B, type: text}]", "value-wrong"),
            ("local_information", "[{key: a, label: B, type: text}, {key: a, label: C, type: text}]", "value-twice"),
            (
                "attachments",
                "[{name: ../a.pdf, media_type: application/pdf, digest: '1:" + "0" * 64 + "'}]",
                "value-wrong",
            ),
            ("attachments", "[{name: a.pdf, media_type: application/pdf, digest: '1:00'}]", "value-wrong"),
            ("audience", "[" + "a, " * 101 + "b]", "list-too-long"),
        ],
    )
    def test_a_value_of_the_wrong_sort_is_told(self, key, value, found):
        """
        A wrong value must be mended by the writer, not guessed.
        """
        rows = [row for row in HEAD.split("\n") if not row.startswith((f"{key}:", "  "))]
        rows = [row for row in rows if row not in {"sources:", "legal_basis:"}]
        rows[-2:-2] = [f"{key}: {value}"] if value else []
        data = a_file(head="\n".join(rows))

        assert found in [name for name, _ in refused(data)]


BOMBS = {
    "ten thousand quotations": ">" * 10_000,
    "ten thousand lists": "- " * 10_000,
    "ten thousand numbers": "1. " * 10_000,
    "ten thousand brackets": "[" * 10_000,
    "ten thousand pictures": "![" * 10_000,
    "ten thousand stars": "*a " * 10_000,
    "mixed stars": "*a**b" * 10_000,
    "stars and lines": "*_" * 10_000,
    "back ticks": "`a" * 10_000,
    "half links": "[a](" * 10_000,
    "references": "http://a.example/" + "&a;" * 10_000,
    "cdata": "<![CDATA[" * 10_000,
    "addresses": "a.a@" * 200_000,
    "list of ten thousand": "- a\n" * 10_000,
    "list of nearly three thousand": "- a\n" * 2_900,
    "paragraph of ten thousand lines": "ord\n" * 10_000,
    "paragraph of three thousand lines": "ord\n" * 2_900,
    "wide table": "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + ("|a" * 300 + "|\n") * 300,
    "table with empty cells": "|" + "a|" * 900 + "\n|" + "-|" * 900 + "\n" + "|a\n" * 2_900,
    "stairs": "".join("  " * n + "- a\n" for n in range(400)),
    "equal headings": "## a\n" * 2_900,
    "notes": "".join(f"[^{n}] " for n in range(900)) + "\n\n" + "".join(f"[^{n}]: x\n\n" for n in range(900)),
    "one long line": "x" * 1_000_000,
    "many words": "ord " * 200_000,
    "digits": "90 " * 300_000,
    "deep quotation, long": ("> " * 15 + "a\n") * 2_900,
    "braces": "{{" * 10_000,
}


class TestBombs:
    @pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
    def test_no_text_takes_more_than_a_moment(self, body):
        """
        One hostile file must not hold up an import, a web server or a search index.
        """
        data = a_file(body)

        def taken_in():
            try:
                canonical(data, "prøve.md")
                findings(read(data, "prøve.md"), data, Known())
            except InvalidText as refusal:
                assert refusal.findings
                assert refusal.text("nb")

        assert times(taken_in, an_ordinary_one) < MOST

    @given(st.binary(max_size=300))
    @settings(deadline=None, max_examples=100)
    def test_any_bytes_are_read_or_refused(self, tail):
        """
        There is no third outcome.
        """
        for data in (tail, b"---\n" + tail, HEAD.encode() + tail):
            try:
                canonical(data, "prøve.md")
            except InvalidText as refusal:
                assert refusal.findings

    @given(st.text(":-[]{}#&*!|>'\"%@`?, \nab", max_size=60))
    @settings(deadline=None, max_examples=200)
    def test_any_yaml_is_read_or_refused(self, rows):
        """
        The errors of the YAML reader are ours.
        """
        try:
            read(f"---\n{rows}\n---\n".encode(), "prøve.md")
        except InvalidText as refusal:
            assert refusal.findings
