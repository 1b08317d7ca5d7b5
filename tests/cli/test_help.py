"""Help: every command says in both languages what it does and what each argument is."""

import re

import pytest

from samrutine.cli.tree import build, commands_of
from samrutine.messages import catalogue

PATHS = [path for path, _ in commands_of(build("nb"))]
TYPERS_OWN = re.compile(r"\b(Usage|Options|Arguments|Commands|Show this message|required)\b")


class TestHelp:
    @pytest.mark.parametrize("path", PATHS, ids=lambda path: path or "samrutine")
    @pytest.mark.parametrize("language", ["nb", "en"])
    def test_every_command_says_what_it_does(self, run, path, language):
        """
        Whoever meets a command for the first time has only its help.
        """
        ran = run("--language", language, *path.split(), "--help")

        assert ran.code == 0
        assert catalogue(language, "cli")[f"command.{path}.help" if path else "help.program"].split(".")[0] in " ".join(
            ran.out.split()
        )
        if language == "nb":
            # A page half in English is read as a page that is not meant for you.
            assert TYPERS_OWN.search(ran.out) is None
            assert ran.out.startswith("Bruk: samrutine")

    def test_bokmal_is_what_is_spoken_when_nobody_chose(self, run):
        """
        Those who use it write bokmål, and choose nothing.
        """
        assert run("adopt", "--help").out.startswith("Bruk: samrutine adopt")

    @pytest.mark.parametrize("language", ["nb", "en"])
    def test_every_argument_is_explained(self, language):
        """
        An option without a word about it is found by nobody.
        """
        for path, one in commands_of(build(language)):
            for parameter in one.params:
                assert parameter.help, (path, parameter.name)

    def test_every_value_has_a_name_of_its_own_language(self):
        """
        `--witness WITNESS` tells whoever must type something nothing about what.
        """
        named = catalogue("nb", "cli")
        values = {
            one.name
            for _, command in commands_of(build("nb"))
            for one in command.params
            if not getattr(one, "is_flag", False)
        }

        assert {one for one in values if f"metavar.{one}" not in named} == set()

    def test_both_languages_have_the_same_texts(self):
        """
        A text that is missing in one language stops the program there, and only there.
        """
        assert catalogue("nb", "cli").keys() == catalogue("en", "cli").keys()

    def test_no_text_is_about_an_argument_that_is_gone(self):
        """
        Texts that nobody sees are translated for nothing, and mislead the next translator.
        """
        tree = dict(commands_of(build("nb")))
        for key in catalogue("nb", "cli"):
            area, _, rest = key.partition(".")
            if area != "command":
                continue
            path, _, name = rest.rpartition(".")
            names = {parameter.name.strip("_") for parameter in tree[path].params}
            assert name in names | {"help"}, key

    def test_english_is_chosen_by_the_environment(self, run, monkeypatch):
        """
        The same variable as for every other program on the machine.
        """
        monkeypatch.setenv("LANG", "en_GB.UTF-8")

        assert run("adopt", "--help").out.startswith("Usage: samrutine adopt")

    def test_the_commands_are_listed_by_what_people_come_to_do(self, run):
        """
        Forty commands in one list are read by nobody.
        """
        ran = run("--help")

        assert ran.out.index("Finne og lese:") < ran.out.index("Bruk i kommunen:") < ran.out.index("Drift:")
        assert "local set" in ran.out


class TestLinesThatCannotBeUnderstood:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (["adop"], "Kommandoen «adop» finnes ikke. Mente du «adopt»?"),
            (["xyzzy"], "Kommandoen «xyzzy» finnes ikke."),
            (["adopt"], "RUTINE mangler."),
            (["adopt", "handhygiene"], "--municipality mangler."),
            (["adopt", "handhygiene", "--municipalty", "Fauske"], "Valget --municipalty finnes ikke. Mente du --municipality?"),
            (["adopt", "handhygiene", "--zzz"], "Valget --zzz finnes ikke."),
            (["adopt", "handhygiene", "--municipality"], "--municipality er brukt feil"),
            (["list", "for", "mange"], "For mange ord på linjen: for mange."),
            (["list", "tull"], "For mange ord på linjen: tull."),
            (["search", "hender", "--limit", "mange"], "Verdien for --limit kan ikke brukes."),
            (["search", "hender", "--limit", "1000"], "Verdien for --limit kan ikke brukes."),
        ],
    )  # fmt: skip
    def test_are_answered_with_what_is_wrong_and_where_to_look(self, run, line, said):
        """
        The remedy is always one command away.
        """
        ran = run(*line)

        assert ran.code == 2
        assert ran.out == ""
        assert said in ran.err
        assert "--help`" in ran.err

    def test_are_answered_in_json_to_a_script(self, run):
        """
        A script reads one object whether it went well or not.
        """
        ran = run("adopt", "--json")

        assert ran.code == 2
        assert ran.answer["error"]["code"] == "usage"
        assert ran.answer["error"]["fact"] == "RUTINE mangler."

    @pytest.mark.parametrize("day", ["2026-02-30", "31.02.2026", "i går", "1.2", "2026-13-01", "٢٠٢٦-٠١-٠١x"])
    def test_a_day_that_does_not_exist_is_refused(self, run, home, day):
        """
        A wrong day must never become another day.
        """
        ran = run("--home", home.path, "as-of", day)

        assert ran.code == 2
        assert "28.07.2026" in ran.err
