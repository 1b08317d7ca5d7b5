"""What shall lie at a target, what lies there, and the plan between the two."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.errors import DocumentUnavailable, InvalidRequest
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.publishing.index import INDEX_FILES
from samrutine.publishing.model import (
    MANIFEST_NAME,
    NOT_A_FILE,
    Action,
    FoundFile,
    Manifest,
    ManifestEntry,
    Plan,
    PublicationState,
    PublishedFile,
    WantedFile,
    file_name,
    plan_delivery,
    wanted_documents,
)
from samrutine.publishing.receipts import receipt_for
from samrutine.testing import a_published_document, an_edition, sha256_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
EDITION = an_edition(a_published_document("handhygiene", suffixes=["pdf"]))
WANTED = wanted_documents(EDITION.documents)[0]


def entry(data: bytes, digest: str = WANTED.effective_digest) -> ManifestEntry:
    return ManifestEntry(ProcedureId("handhygiene"), VersionNumber(1, 0), Digest(digest), sha256_of(data), len(data))


def found(data: bytes) -> FoundFile:
    return FoundFile(sha256_of(data), len(data))


def a_manifest(**files: ManifestEntry) -> Manifest:
    named = {name.replace("_", "."): entry for name, entry in files.items()}
    return Manifest(EDITION.target, EDITION.municipality, EDITION.head, named)


def action_of(plan: Plan, path: str = "handhygiene.pdf") -> Action:
    return next(line.action for line in plan.lines if line.path == path)


class TestPlanning:
    def test_what_is_wanted_and_not_there_is_added(self) -> None:
        """The first publishing, and every routine taken into use since."""
        plan = plan_delivery(EDITION, [WANTED], None, {})

        assert action_of(plan) is Action.ADD
        assert [line.path for line in plan.writes] == ["handhygiene.pdf"]

    @pytest.mark.parametrize(
        ("ours", "there", "expected"),
        [
            (entry(b"a"), found(b"a"), Action.UNCHANGED),
            (entry(b"a", "1:old"), found(b"a"), Action.REPLACE),
            (entry(b"a"), found(b"b"), Action.CHANGED_THERE),
            (entry(b"a", "1:old"), found(b"b"), Action.CHANGED_THERE),
            (entry(b"a"), None, Action.MISSING_THERE),
            (entry(b"a"), FoundFile(NOT_A_FILE, 0), Action.FOREIGN),
        ],
        ids=["as it is", "new words", "changed by hand", "new words, changed by hand", "removed by hand", "now a link"],
    )
    def test_a_copy_of_ours_is_judged_by_what_lies_there_now(
        self, ours: ManifestEntry, there: FoundFile | None, expected: Action
    ) -> None:
        """The manifest says what we wrote, only the bytes say what people read."""
        lying = {} if there is None else {"handhygiene.pdf": there}

        plan = plan_delivery(EDITION, [WANTED], a_manifest(handhygiene_pdf=ours), lying)

        assert action_of(plan) is expected

    def test_a_file_we_did_not_write_is_foreign_even_when_a_person_says_overwrite(self) -> None:
        """It may be the only copy of something else. Moving it is for those whose it is."""
        plan = plan_delivery(EDITION, [WANTED], None, {"handhygiene.pdf": found(b"x")}, overwrite=True)

        assert action_of(plan) is Action.FOREIGN
        assert plan.writes == ()
        assert [line.path for line in plan.for_a_person] == ["handhygiene.pdf"]

    def test_a_copy_changed_by_hand_waits_for_a_person(self) -> None:
        """Overwritten in silence, a correction that mattered would be gone, and nobody would know."""
        manifest, lying = a_manifest(handhygiene_pdf=entry(b"a")), {"handhygiene.pdf": found(b"b")}

        silent = plan_delivery(EDITION, [WANTED], manifest, lying)
        told = plan_delivery(EDITION, [WANTED], manifest, lying, overwrite=True)

        assert (silent.writes, len(silent.for_a_person)) == ((), 1)
        assert (len(told.writes), told.for_a_person) == (1, ())

    def test_what_no_longer_applies_is_withdrawn_only_while_it_is_as_we_wrote_it(self) -> None:
        """Last year's routine must not be found, but what somebody has worked on is not ours to remove."""
        manifest = a_manifest(utgatt_pdf=entry(b"a"), endret_pdf=entry(b"a"), borte_pdf=entry(b"a"))
        lying = {"utgatt.pdf": found(b"a"), "endret.pdf": found(b"b")}

        plan = plan_delivery(EDITION, [], manifest, lying)

        assert [line.path for line in plan.removals] == ["borte.pdf", "utgatt.pdf"]
        assert action_of(plan, "endret.pdf") is Action.CHANGED_THERE

    def test_documents_go_first_then_the_index_then_what_is_withdrawn(self) -> None:
        """A reader who opens the index while we work must find every file that it names."""
        index = WantedFile("index.html", "html", Digest("1:index"), None)
        later = replace(WANTED, path="zzz.pdf")
        manifest = a_manifest(aaa_pdf=entry(b"a"))

        plan = plan_delivery(EDITION, [index, later, WANTED], manifest, {"aaa.pdf": found(b"a")})

        assert [line.path for line in plan.lines] == ["handhygiene.pdf", "zzz.pdf", "index.html", "aaa.pdf"]

    def test_after_a_kill_a_file_with_the_intended_bytes_is_ours(self) -> None:
        """It got its name just before the end; without the intent it would look like a stranger's."""
        killed = replace(a_manifest(), intent={"handhygiene.pdf": entry(b"new")})

        arrived = plan_delivery(EDITION, [WANTED], killed, {"handhygiene.pdf": found(b"new")})
        stranger = plan_delivery(EDITION, [WANTED], killed, {"handhygiene.pdf": found(b"other")})

        assert action_of(arrived) is Action.UNCHANGED
        assert action_of(stranger) is Action.FOREIGN

    def test_an_intent_that_never_happened_leaves_the_copy_we_had(self) -> None:
        """Killed before the file got its name, the old copy lies there and is still ours to replace."""
        killed = replace(a_manifest(handhygiene_pdf=entry(b"a", "1:old")), intent={"handhygiene.pdf": entry(b"new")})

        plan = plan_delivery(EDITION, [WANTED], killed, {"handhygiene.pdf": found(b"a")})

        assert action_of(plan) is Action.REPLACE

    def test_an_open_intent_is_settled_even_when_no_file_changes(self) -> None:
        """Left open, it would let a later stranger with the same bytes pass for ours."""
        killed = replace(a_manifest(), intent={"handhygiene.pdf": entry(b"new")})

        plan = plan_delivery(EDITION, [WANTED], killed, {"handhygiene.pdf": found(b"new")})

        assert plan.writes == ()
        assert not plan.changes_nothing

    def test_the_targets_own_manifest_goes_before_what_we_remember(self) -> None:
        """Our memory is from the last receipt; a delivery killed before its receipt has written the target's since."""
        remembered = a_manifest(handhygiene_pdf=entry(b"a", "1:old"))
        lying = a_manifest(handhygiene_pdf=entry(b"b"))

        plan = plan_delivery(EDITION, [WANTED], lying, {"handhygiene.pdf": found(b"b")}, remembered=remembered)

        assert action_of(plan) is Action.UNCHANGED

    def test_what_a_copy_is_of_is_said_by_the_decisions(self) -> None:
        """The list lies where others write. Its version would else go into the next list, and into our receipt."""
        forged = replace(entry(b"a"), version=VersionNumber(1, 9))

        plan = plan_delivery(EDITION, [WANTED], a_manifest(handhygiene_pdf=forged), {"handhygiene.pdf": found(b"a")})

        assert action_of(plan) is Action.UNCHANGED
        assert plan.manifest.files == {"handhygiene.pdf": entry(b"a")}
        assert not plan.changes_nothing

    @pytest.mark.parametrize(
        ("lying", "contradicts"),
        [
            (entry(b"a"), False),
            (replace(entry(b"a"), version=VersionNumber(1, 9)), True),
            (replace(entry(b"a"), procedure_id=ProcedureId("brannvern")), True),
            (entry(b"b"), True),
            (entry(b"b", "1:new"), False),
        ],
        ids=["as we wrote it", "another version", "another routine", "other bytes", "newer, the receipt was killed"],
    )
    def test_a_list_contradicts_our_receipt_when_one_digest_stands_for_two_things(
        self, lying: ManifestEntry, *, contradicts: bool
    ) -> None:
        """Whoever may write there could else let their own words pass for ours, in the list or in what it intends."""
        receipt = a_manifest(handhygiene_pdf=entry(b"a"))

        assert a_manifest(handhygiene_pdf=lying).contradicts(receipt) is contradicts
        assert replace(receipt, intent={"handhygiene.pdf": lying}).contradicts(receipt) is contradicts
        assert not a_manifest(handhygiene_pdf=lying).contradicts(None)

    def test_counts_every_action_by_name(self) -> None:
        """A summary that leaves out "withdrawn: 0" makes the reader wonder whether it was looked at."""
        plan = plan_delivery(EDITION, [WANTED], None, {})

        assert plan.counts() == {**dict.fromkeys(Action, 0), Action.ADD: 1}


NAMES = st.sampled_from(["a.pdf", "b.pdf", "c.pdf", "d.pdf"])
BYTES = st.sampled_from([b"1", b"2", b"3"])
WANTED_FILES = st.dictionaries(NAMES, st.sampled_from(["1:x", "1:y"])).map(
    lambda digests: [replace(WANTED, path=path, effective_digest=Digest(digest)) for path, digest in digests.items()]
)
ENTRIES = st.dictionaries(NAMES, st.builds(entry, BYTES, st.sampled_from(["1:x", "1:y"])))
MANIFESTS = st.none() | st.builds(
    lambda files, intent: replace(a_manifest(), files=files, intent=intent), ENTRIES, ENTRIES
)
LYING = st.dictionaries(NAMES, BYTES)


@given(wanted=WANTED_FILES, manifest=MANIFESTS, lying=LYING, overwrite=st.booleans())
def test_a_plan_carried_out_leaves_nothing_to_do_but_what_waits_for_a_person(
    wanted: list[WantedFile], manifest: Manifest | None, lying: dict[str, bytes], *, overwrite: bool
) -> None:
    """However a target was left, by us or by others, one undisturbed run must end the matter."""
    plan = plan_delivery(
        EDITION, wanted, manifest, {path: found(data) for path, data in lying.items()}, overwrite=overwrite
    )
    ours, after = dict(plan.manifest.files), dict(lying)
    for line in plan.writes:
        assert line.wanted is not None
        after[line.path] = b"made " + line.wanted.effective_digest.encode()
        ours[line.path] = ManifestEntry.of(line.wanted, after[line.path])
    for line in plan.removals:
        after.pop(line.path, None)
        del ours[line.path]
    manifest_after = replace(plan.manifest, files=ours)

    again = plan_delivery(EDITION, wanted, manifest_after, {path: found(data) for path, data in after.items()})

    assert again.changes_nothing
    assert {line.action for line in again.lines} <= {Action.UNCHANGED, Action.FOREIGN, Action.CHANGED_THERE}
    assert {line.path for line in again.for_a_person} == {line.path for line in plan.for_a_person}


@given(wanted=WANTED_FILES, manifest=MANIFESTS, lying=LYING, overwrite=st.booleans())
def test_no_plan_touches_bytes_that_no_manifest_knows(
    wanted: list[WantedFile], manifest: Manifest | None, lying: dict[str, bytes], *, overwrite: bool
) -> None:
    """What we did not write is never touched, whatever else is the case."""
    known = {path for one in ((manifest.files, manifest.intent) if manifest else ()) for path in one}

    plan = plan_delivery(
        EDITION, wanted, manifest, {path: found(data) for path, data in lying.items()}, overwrite=overwrite
    )

    touched = {line.path for line in (*plan.writes, *plan.removals)}
    assert not (touched & set(lying)) - known


@given(wanted=WANTED_FILES, manifest=MANIFESTS, lying=LYING, order=st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_listed_does_not_matter(
    wanted: list[WantedFile], manifest: Manifest | None, lying: dict[str, bytes], order: object
) -> None:
    """Two runs print the same list, so that a person can compare them."""
    there = {path: found(data) for path, data in lying.items()}
    shuffled = list(wanted)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random

    assert plan_delivery(EDITION, wanted, manifest, there) == plan_delivery(EDITION, shuffled, manifest, there)


class TestNamingFiles:
    def test_a_name_is_the_id_and_the_format(self) -> None:
        """Links from other systems must keep working when a new version comes, so no version in the name."""
        assert file_name(ProcedureId("tuberkulosekontrollprogram"), "pdf") == "tuberkulosekontrollprogram.pdf"

    @pytest.mark.parametrize("name", ["index", "samrutine-manifest"])
    @pytest.mark.parametrize("suffix", ["html", "md", "pdf"])
    def test_no_routine_takes_the_name_of_the_index_or_the_manifest(self, name: str, suffix: str) -> None:
        """Somebody will one day call a routine "Index", and it must not replace the list of all the others."""
        path = file_name(ProcedureId(name), suffix)

        assert path not in {*INDEX_FILES, MANIFEST_NAME}
        assert path == f"{name}--rutine.{suffix}"

    @pytest.mark.parametrize("name", ["../utenfor", "con", ".git", "A", "a/b", "a\x00", "", "index--rutine", "a.pdf"])
    def test_nothing_but_an_id_becomes_a_file_name(self, name: str) -> None:
        """A name that leads out of the folder, or that Windows keeps for itself, must stop here whoever let it through."""
        with pytest.raises(InvalidRequest):
            file_name(ProcedureId(name), "pdf")

    @pytest.mark.parametrize("suffix", ["exe", "", "PDF", "../x", "csv"])
    def test_documents_have_only_our_formats(self, suffix: str) -> None:
        """The format comes from a target's settings, which people write."""
        with pytest.raises(InvalidRequest):
            PublishedFile.of(suffix)

    def test_one_procedure_twice_is_refused(self) -> None:
        """Which of the two applies? Nobody should have to find out by which was written last."""
        document = a_published_document("handhygiene")

        with pytest.raises(InvalidRequest):
            wanted_documents([document, replace(document, version=VersionNumber(2, 0))])


class TestReceipts:
    def test_the_worst_file_decides(self) -> None:
        """A green tick over a hundred files must not hide the one that somebody changed."""
        document = a_published_document("handhygiene")
        edition = an_edition(document)
        wanted = wanted_documents(edition.documents)
        manifest = Manifest(
            edition.target,
            edition.municipality,
            edition.head,
            {"handhygiene.html": entry(b"a"), "handhygiene.pdf": entry(b"a")},
        )
        there = {"handhygiene.html": found(b"a"), "handhygiene.pdf": found(b"changed")}
        wanted = tuple(replace(file, effective_digest=WANTED.effective_digest) for file in wanted)

        receipt = receipt_for(plan_delivery(edition, wanted, manifest, there), manifest, there, now=NOW)

        assert receipt.state is PublicationState.DRIFTED
        assert receipt.state_of(ProcedureId("handhygiene")) is PublicationState.DRIFTED
        assert receipt.state_of(ProcedureId("ukjent")) is None

    def test_a_procedure_is_withdrawn_when_no_copy_of_it_is_left(self) -> None:
        """The municipality can then say at supervision when the old routine went out of its system."""
        manifest = a_manifest(handhygiene_pdf=entry(b"a"))
        plan = plan_delivery(EDITION, [], manifest, {"handhygiene.pdf": found(b"a")})

        receipt = receipt_for(plan, a_manifest(), {}, now=NOW)

        assert receipt.state_of(ProcedureId("handhygiene")) is PublicationState.WITHDRAWN
        assert receipt.state is PublicationState.VERIFIED

    def test_other_bytes_than_the_manifest_says_are_never_verified(self) -> None:
        """A disk that answers "written" and keeps something else is found by reading back, or not at all."""
        plan = plan_delivery(EDITION, [WANTED], None, {})

        receipt = receipt_for(
            plan, a_manifest(handhygiene_pdf=entry(b"sent")), {"handhygiene.pdf": found(b"kept")}, now=NOW
        )

        assert receipt.state is PublicationState.DRIFTED

    def test_a_document_that_could_not_be_made_says_why(self) -> None:
        """The word "failed" alone sends the operator searching through logs."""
        problem = DocumentUnavailable(procedure="handhygiene", format="pdf", detail="test")
        plan = plan_delivery(EDITION, [WANTED], None, {})

        receipt = receipt_for(plan, a_manifest(), {}, not_made={"handhygiene.pdf": problem}, now=NOW)

        assert receipt.lines[0].state is PublicationState.FAILED
        assert receipt.lines[0].problem is problem


def test_a_document_is_dated_by_its_newest_decision() -> None:
    """Not by the clock, which would make an unchanged document look new each night."""
    document = replace(a_published_document(), approved_on=date(2026, 12, 24), decided_on=None)

    assert document.newest_day == date(2026, 12, 24)
    assert an_edition().newest_day is None
