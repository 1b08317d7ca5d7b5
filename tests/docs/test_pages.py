"""Pages lead where they say, and say nothing that belongs on somebody's own machine."""

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PAGES = sorted([*TOP.glob("*.md"), *TOP.glob("docs/**/*.md")])
LINK = re.compile(r"(?<!`)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
LARGEST_PICTURE_BYTES = 300_000


def words_of(page: Path) -> str:
    """Give a page's text without blocks of code, which hold other things than links."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Give the anchors that a page's headings make, as git hosts make them."""
    found: list[str] = []
    for line in words_of(page).splitlines():
        if heading := re.fullmatch(r"#{1,6} (.+)", line):
            kept = "".join(one for one in heading[1].lower() if one in " -_" or unicodedata.category(one)[0] in "LN")
            found.append(kept.replace(" ", "-"))
    return set(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
class TestEveryPage:
    def test_leads_where_it_says(self, page):
        """
        A dead link ends the reading there.
        """
        dead = []
        for target in LINK.findall(words_of(page)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            found = (page.parent / path).resolve() if path else page
            if not found.exists() or (anchor and anchor not in anchors(found)):
                dead.append(target)

        assert dead == []

    def test_begins_with_its_title_and_has_only_one(self, page):
        """
        The title is what a list of pages and a search show.
        """
        lines = words_of(page).splitlines()

        assert lines[0].startswith("# ")
        assert sum(line.startswith("# ") for line in lines) == 1

    def test_says_in_words_what_a_picture_shows(self, page):
        """
        Those who do not see it read the words.
        """
        assert re.findall(r"!\[\s*\]", words_of(page)) == []


class TestReadme:
    def test_begins_with_the_two_commands(self):
        """
        Whoever has five minutes must see something run.
        """
        text = (TOP / "README.md").read_text(encoding="utf-8")
        first = text.partition("```bash\n")[2].partition("```")[0]

        assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make demo", "make test"]
        assert text.index("```bash") < 200

    @pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
    def test_names_only_targets_that_make_knows(self, page):
        """
        The first command that fails is the last one tried.
        """
        known = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
        named = set(re.findall(r"(?:^|`)make ([a-z]+)", (TOP / page).read_text(encoding="utf-8"), re.MULTILINE))

        assert len(named) >= 2
        assert named - known == set()

    def test_the_changelog_has_the_version_that_is_built(self):
        """
        An operator compares what is installed with what is written.
        """
        version = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

        assert f"## [{version}]" in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")


class TestPictures:
    def test_are_small_enough_for_a_page(self):
        """
        The repository is cloned over slow lines.
        """
        large = [one.name for one in (TOP / "docs" / "images").iterdir() if one.stat().st_size > LARGEST_PICTURE_BYTES]

        assert large == []

    def test_are_all_shown_somewhere(self):
        """
        A picture nobody shows is a picture nobody makes again.
        """
        text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

        assert [one.name for one in (TOP / "docs" / "images").iterdir() if one.name not in text] == []


class TestDecisions:
    @pytest.mark.parametrize(
        "page", sorted((TOP / "docs/explanation/decisions").glob("0*.md")), ids=lambda page: page.stem
    )
    def test_says_what_was_given_up(self, page):
        """
        A choice that cost nothing was no choice, and the next reader wants to know when to choose again.
        """
        text = page.read_text(encoding="utf-8")

        assert "**What we gave up.**" in text
        assert page.name in (page.parent / "README.md").read_text(encoding="utf-8")


class TestGuides:
    @pytest.mark.parametrize("page", ["README.md", "docs/guides/README.md"])
    def test_are_all_led_to(self, page):
        """
        A guide that nothing leads to is found by nobody.
        """
        text = (TOP / page).read_text(encoding="utf-8")
        guides = [one.name for one in (TOP / "docs" / "guides").glob("*.md") if one.name != "README.md"]

        assert len(guides) > 10
        assert [one for one in guides if f"{one})" not in text] == []
