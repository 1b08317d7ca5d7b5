"""Every text a person meets: there in every language, with the same places, for everything that can be said."""

import ast
import inspect
import re
import string
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import samrutine
from samrutine import errors
from samrutine.adoptions.answers import KINDS
from samrutine.errors import InvalidText, Refused, SamrutineError
from samrutine.exchange.incoming.model import REFUSALS, WEIGHTS
from samrutine.messages import DEFAULT_LANGUAGE, LANGUAGES, catalogue, language_of_environment, say
from samrutine.procedures.findings import Finding
from samrutine.reasons import Because, with_names

SOURCE = Path(samrutine.__file__).parent
AREAS = sorted(path.stem for path in (SOURCE / "messages" / DEFAULT_LANGUAGE).glob("*.toml"))
FORBIDDEN = re.compile(
    r"\b(?:avslå\w*|koordinator\w*|bibliotekar\w*|revisjon\w*|quorum|kvorum|matrise\w*|commit\w*|branch\w*|merge\w*)\b",
    re.IGNORECASE,
)


def text_names(node):
    """Give the names of the free texts that a line gives a decision: `texts={…}`, `texts = {…}` or in `texts_of`."""
    match node:
        case ast.Call(keywords=keywords):
            given = [one.value for one in keywords if one.arg == "texts"]
        case ast.Assign(targets=[ast.Name(id="texts")], value=value):
            given = [value]
        case ast.FunctionDef(name="texts_of"):
            pairs = [
                one for one in ast.walk(node) if isinstance(one, ast.Tuple) and isinstance(one.elts[0], ast.Constant)
            ]
            return {one.elts[0].value for one in pairs}
        case _:
            return set()
    keys = [key for one in given if isinstance(one, ast.Dict) for key in one.keys]
    return {key.value for key in keys if isinstance(key, ast.Constant)}


def tree(base):
    """Give all classes below one, those of every module."""
    for path in SOURCE.rglob("*.py"):
        if "migrations" not in path.parts and path.name != "__main__.py":
            name = ".".join(("samrutine", *path.relative_to(SOURCE).with_suffix("").parts))
            __import__(name.removesuffix(".__init__"))
    found = set()
    waiting = [base]
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one not in found and one.__module__.startswith("samrutine"):
                found.add(one)
                waiting.append(one)
    return sorted(found, key=lambda one: one.__name__)


def snake(name):
    """Give the catalogue's name of a class."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def places(text):
    """Give the named places of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def written_in_source(pattern):
    """Find what the source says literally: the first group of each match."""
    return {found for path in SOURCE.rglob("*.py") for found in re.findall(pattern, path.read_text(encoding="utf-8"))}


class TestCatalogues:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_language_has_every_area(self, language):
        """
        A nurse who reads English must not meet a page with half its words missing.
        """
        files = sorted(path.stem for path in (SOURCE / "messages" / language).glob("*.toml"))

        # Nynorsk is for what is printed only; say() falls back to bokmål for the rest.
        assert files == AREAS

    @pytest.mark.parametrize("language", [one for one in LANGUAGES if one != DEFAULT_LANGUAGE])
    @pytest.mark.parametrize("area", AREAS)
    def test_every_key_is_there_with_the_same_places(self, area, language):
        """
        A place that one language lacks is a fact that its readers never get.
        """
        ours, theirs = catalogue(DEFAULT_LANGUAGE, area), catalogue(language, area)

        assert theirs.keys() == ours.keys()
        assert {key: places(text) for key, text in theirs.items()} == {key: places(text) for key, text in ours.items()}

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("area", AREAS)
    def test_no_text_is_empty_or_a_note_to_ourselves(self, area, language):
        """
        What is shown is finished.
        """
        for key, text in catalogue(language, area).items():
            assert text.strip(), key
            assert not re.search(r"\b(?:TODO|FIXME|XXX|lorem)\b", text, re.IGNORECASE), key

    @pytest.mark.parametrize("area", AREAS)
    def test_bokmal_uses_the_words_of_the_field(self, area):
        """
        «Avslag» is about a patient's application, «koordinator» is the patient's, and nobody sees git.
        """
        found = {key: match[0] for key, text in catalogue("nb", area).items() if (match := FORBIDDEN.search(text))}

        assert found == {}

    def test_an_unknown_language_gives_bokmal_and_an_unknown_key_is_our_mistake(self):
        """
        A text in another language is better than none; a missing text is a bug.
        """
        assert say("register.library_opened", "xx") == say("register.library_opened", "nb")
        with pytest.raises(KeyError):
            say("register.finnes_ikke")

    def test_an_abbreviation_ends_the_sentence_that_it_ends(self):
        """
        «kommunalsjef, konst..» was printed in every answer of somebody who stands in.
        """
        said = say("publishing.fact.decided_by", "nb", position="kommunalsjef, konst.")

        assert said == "Tatt i bruk etter beslutning av kommunalsjef, konst."
        assert say("publishing.fact.decided_by", "nb", position="kommunalsjef").endswith("kommunalsjef.")

    @pytest.mark.parametrize(
        ("environment", "language"),
        [
            ({}, "nb"),
            ({"LANG": "C.UTF-8"}, "nb"),
            ({"LANG": "en_US.UTF-8"}, "en"),
            ({"LANG": "en_US.UTF-8", "LC_ALL": "nb_NO.UTF-8"}, "nb"),
            ({"LANG": "nb_NO.UTF-8", "SAMRUTINE_LANGUAGE": "en"}, "en"),
            ({"LANG": "nn_NO.UTF-8"}, "nb"),
        ],
    )
    def test_the_environment_chooses_as_posix_says(self, monkeypatch, environment, language):
        """
        A server set to C is no wish for English.
        """
        for name in ("SAMRUTINE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

        assert language_of_environment() == language


class TestErrors:
    @pytest.mark.parametrize("error", tree(SamrutineError), ids=lambda one: one.__name__)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_says_what_is_wrong_and_what_to_do(self, error, language):
        """
        An error without a remedy is a dead end for whoever meets it.
        """
        if issubclass(error, Refused):
            return  # its words are those of its reasons, below
        if inspect.getdoc(error) and error in {errors.NotFound, errors.Conflict}:
            return  # only ever raised as one of those below it
        for part in ("fact", "remedy"):
            assert catalogue(language, "errors")[f"{snake(error.__name__)}.{part}"]

    def test_the_catalogue_has_none_that_no_class_has(self):
        """
        A text that nothing can say is a rule somebody took away and forgot.
        """
        known = {snake(one.__name__) for one in tree(SamrutineError)}

        assert {key.partition(".")[0] for key in catalogue("nb", "errors")} <= known

    def test_the_tree_at_the_top_of_the_module_names_them_all(self):
        """
        The drawing is what a reader learns the errors from.
        """
        drawn = set(re.findall(r"\b[A-Z][A-Za-z]+\b", errors.__doc__ or ""))
        ours = {one.__name__ for one in tree(SamrutineError) if one.__module__ == "samrutine.errors"}

        assert ours - drawn == set()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_cannot_be_right_is_named_as_people_name_it(self, language):
        """
        «"99" kan ikke brukes som version» is half Norwegian. An option, a setting or a column is named as it is typed.
        """
        codes = set()
        for path in SOURCE.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                if name in {"require_text", "one_of"}:
                    given = node.args[name == "one_of"]
                elif name in {"InvalidRequest", "ArgumentMissing"}:
                    given = next(one.value for one in node.keywords if one.arg == "what")
                else:
                    continue
                if isinstance(given, ast.Constant):
                    codes.add(given.value)
        told = {one for one in codes if not one.startswith(("-", "policy.")) and not one.isupper()}

        assert {"version", "until"} & told
        assert told - {key.removeprefix("asked.") for key in catalogue(language, "words")} == set()

    def test_a_text_with_faults_lists_each_on_its_line(self):
        """
        Whoever mends wants them all, with the line of each.
        """
        error = InvalidText("vakt.md", [Finding("network-unknown", 6, places={"network": "finnes-ikke"})])

        lines = error.text("nb").splitlines()

        assert len(lines) == 3
        assert "6" in lines[1]
        assert "finnes-ikke" in lines[1]


class TestReasons:
    @pytest.mark.parametrize("reason", tree(Because), ids=lambda one: one.__name__)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_says_why_and_what_to_do_with_its_own_places(self, reason, language):
        """
        «Nei» without why and what now sends people to the telephone.
        """
        fields = set(reason.__dataclass_fields__)
        for part in ("fact", "remedy"):
            assert places(catalogue(language, "reasons")[f"{snake(reason.__name__)}.{part}"]) <= fields

    def test_the_catalogue_has_none_that_no_class_has(self):
        """
        A text that nothing can say is a rule somebody took away and forgot.
        """
        assert {key.partition(".")[0] for key in catalogue("nb", "reasons")} == {
            snake(one.__name__) for one in tree(Because)
        }

    def test_a_refusal_gives_each_reason_and_each_remedy_once(self):
        """
        Three reasons with one way out are one thing to do.
        """
        from samrutine.adoptions.model import CaseMissing, ReasonMissing

        refusal = Refused([ReasonMissing("declined"), ReasonMissing("ended"), CaseMissing("plan")])

        assert refusal.fact("nb").count(say("reasons.reason_missing.fact", "nb")) == 2
        assert refusal.remedy("nb").count(say("reasons.reason_missing.remedy", "nb")) == 1
        assert "plan" in refusal.fact("nb")

    def test_each_reason_is_followed_by_its_own_way_out(self):
        """
        Two facts and then two remedies leave it to the reader which belongs to which.
        """
        from samrutine.adoptions.model import CaseMissing, ReasonMissing

        why = [ReasonMissing("declined"), CaseMissing("plan"), ReasonMissing("ended")]
        first, second = Refused(why).text("nb").splitlines()

        assert first.endswith(say("reasons.reason_missing.remedy", "nb"))
        assert second == f"{Refused(why[1:2]).fact('nb')} {Refused(why[1:2]).remedy('nb')}"

    def test_what_settles_the_matter_is_told_alone(self):
        """
        «Be en som har rollen» beside «det er avgjort» sends people to somebody who cannot do it either.
        """
        from samrutine.actors import LacksRole
        from samrutine.proposals.transitions import ProposalState, Step, StepNotNow, reasons_against_step

        lacks = LacksRole("approve", "network:smittevern", ("member",))
        over = reasons_against_step("f-1", ProposalState.APPROVED, Step.APPROVE)
        refusal = Refused([lacks, *over])

        assert isinstance(over[0], StepNotNow)
        assert refusal.text("nb") == Refused(over).text("nb")
        assert refusal.reasons == (lacks, *over)  # a program is given them all

    def test_a_body_is_called_what_people_call_it(self):
        """
        «kommune 1841» and «fagnettverket ledelse» are codes.
        """
        from samrutine.actors import LacksRole

        lacks = LacksRole("prepare", "municipality:1841", ("responsible",))
        (named,) = with_names([lacks], {"municipality:1841": "Fauske"})

        assert "i Fauske" in Refused([named]).fact("nb")
        assert with_names([named], {"municipality:1841": "Another"}) == (named,)
        assert with_names([lacks], {}) == (lacks,)


class TestWhatIsRecorded:
    def test_every_kind_of_decision_has_its_sentence(self):
        """
        A decision without a sentence would stop the register, and every one after it.
        """
        kinds = set()
        for path in SOURCE.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "record"
                    and node.args
                ):
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        kinds.add(first.value)
                # A verb that ends a proposal, or decides about an addition, hands its kind to the one that records.
                elif (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in {"_decide", "_end"}
                ):
                    told = [one.value for one in node.args if isinstance(one, ast.Constant)]
                    kinds |= {one for one in told if isinstance(one, str)}
        # The answers of a municipality are recorded by one function, which takes the kind from this table.
        kinds |= set(KINDS.values())

        assert len(kinds) >= 17
        assert kinds == set(catalogue("nb", "register"))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_text_of_a_decision_has_a_name_that_people_know(self, language):
        """
        "unheard: Lest sammen" in the middle of a Norwegian history is read as a mistake in the program.
        """
        names = set()
        for path in SOURCE.rglob("*.py"):
            names |= {
                name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for name in text_names(node)
            }

        # What a municipality fills in has the names that the routine gives it.
        assert {"reason", "meaning", "unheard", "whom", "note", "source", "location", "reference", "parties"} <= names
        known = {key.removeprefix("text.") for key in catalogue(language, "cli") if key.startswith("text.")}
        assert names - known == set()

    def test_every_finding_of_the_checks_has_its_words(self):
        """
        A writer who is told only that something is wrong asks a colleague, who asks us.
        """
        said = {key.rpartition(".")[0] for key in catalogue("nb", "findings") if "." in key}
        made = written_in_source(r'looked\.(?:key|body)\(\s*"([a-z-]+)"') | written_in_source(
            r'Finding\(\s*"([a-z-]+)"'
        )
        made -= set(WEIGHTS)  # of documents that come in: their words are in a catalogue of their own

        assert len(made) > 20
        assert made - said == set()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_finding_and_refusal_of_a_document_has_its_words(self, language):
        """
        Whoever sends a document in must learn what did not come along, and what to do.
        """
        said = catalogue(language, "intake")

        assert {key.split(".")[1] for key in said if key.startswith("finding.")} == set(WEIGHTS)
        assert {key.split(".")[1] for key in said if key.startswith("refused.")} == set(REFUSALS)

    def test_every_fault_of_the_library_files_has_its_words(self):
        """
        Whoever mends a settings file by hand is told the line and the remedy.
        """
        made = written_in_source(r'\.fault\(\s*(?:[^"()]+,\s*)?"([a-z_]+)"') & {
            key.partition(".")[0] for key in catalogue("nb", "library")
        }

        for key in made:
            assert (
                say(f"library.{key}.remedy", "nb") if not places(catalogue("nb", "library")[f"{key}.remedy"]) else True
            )


def test_catalogues_are_toml_that_travels_in_the_wheel():
    """
    A text that is not in the package is a KeyError at a customer.
    """
    for language in LANGUAGES:
        for area in AREAS:
            source = resources.files("samrutine.messages").joinpath(language, f"{area}.toml")
            assert tomllib.loads(source.read_text(encoding="utf-8"))
