"""What programs do: the same acts as people, with the same rules, and each once."""

from io import BytesIO
from zipfile import ZipFile

from tests.support.stories import APPROVERS, approve_with_everyone
from tests.support.texts import a_routine

HERE = "/municipalities/fauske/procedures/handhygiene"


def tag_of(program, proposal):
    """Give the tag of a proposal's text."""
    return {"If-Match": program.get(f"/proposals/{proposal}/text").headers["etag"]}


class TestATextOnItsWay:
    def test_is_proposed_heard_sent_and_approved(self, programs):
        """
        The whole way, so that a network may work in a program of its own.
        """
        writer, leader, party = (programs.of(one) for one in ("skribent", "leder", "beslutter.fauske"))

        made = writer.post("/proposals", json={"text": a_routine("ny", title="Ny rutine").decode()})
        proposal = made.json()["proposal"]
        text = writer.get(f"/proposals/{proposal}/text")
        heard = leader.post(
            f"/proposals/{proposal}/hearing",
            json={"parties": ["municipality:fauske"]},
            headers=tag_of(leader, proposal),
        )
        said = party.post(
            f"/proposals/{proposal}/hearing/answers",
            json={"body": "municipality:fauske", "remarks": [{"text": "Hvem gjør det?"}]},
        )
        closed = leader.post(f"/proposals/{proposal}/hearing/close")
        read = tag_of(leader, proposal)
        early = leader.post(f"/proposals/{proposal}/send", json={}, headers=read)
        remark = leader.get(f"/proposals/{proposal}/hearing").json()["parties"][0]["remarks"][0]["id"]
        replied = leader.post(f"/remarks/{remark}/reply", json={"outcome": "taken", "reply": "Det står der nå."})
        sent = leader.post(f"/proposals/{proposal}/send", json={}, headers=read)
        own = writer.post(f"/proposals/{proposal}/approve", headers=read)
        agreed = [programs.of(one).post(f"/proposals/{proposal}/approve", headers=read) for one in APPROVERS]

        assert (made.status_code, heard.status_code) == (201, 201), (made.text, heard.text)
        assert text.content == a_routine("ny", title="Ny rutine")
        assert said.status_code == 200, said.text
        assert (early.status_code, early.json()["error"]["reasons"][0]["code"]) == (422, "remarks_unanswered")
        assert [one.status_code for one in (closed, replied, sent)] == [200, 200, 200], (replied.text, sent.text)
        assert [one.json()["version"] for one in agreed] == [None, None, None, "1.0"]
        assert own.status_code == 403
        assert writer.get("/procedures/ny").json()["title"] == "Ny rutine"

    def test_is_changed_only_by_who_read_it_as_it_is(self, programs):
        """
        Two programs that write at once: the second reads again, and nothing is lost.
        """
        writer = programs.of("skribent")
        proposal = writer.post("/proposals", json={"text": a_routine("ny").decode()}).json()["proposal"]
        read, path = tag_of(writer, proposal), f"/proposals/{proposal}/text"
        words = {"text": a_routine("ny", extra="Mer.").decode()}

        first = writer.put(path, json=words, headers=read)
        late = writer.put(path, json={"text": a_routine("ny", extra="Annet.").decode()}, headers=read)
        without = writer.put(path, json=words)
        any_text = [writer.put(path, json=words, headers={"If-Match": one}) for one in ("*", '"abc"', "1:00")]

        assert first.status_code == 200
        assert (late.status_code, late.json()["error"]["code"]) == (412, "text_changed")
        assert without.status_code == 422
        assert {one.json()["error"]["code"] for one in any_text} == {"no_text_tag"}
        assert writer.get(path).content == a_routine("ny", extra="Mer.")
        assert "Mer." in writer.get(f"/proposals/{proposal}/differences").text

    def test_is_nobody_elses_while_it_is_a_draft(self, programs):
        writer, other = programs.of("ansatt.fauske"), programs.of("beslutter.beiarn")
        proposal = writer.post("/proposals", json={"text": a_routine("ny").decode()}).json()["proposal"]

        paths = [f"/proposals/{proposal}{rest}" for rest in ("", "/text", "/differences", "/hearing")]

        assert {other.get(path).status_code for path in paths} == {404}
        assert other.post(f"/proposals/{proposal}/withdraw", json={"reason": "Bort."}).status_code == 404
        assert proposal not in other.get("/proposals").text
        assert writer.post(f"/proposals/{proposal}/withdraw", json={"reason": "Bort."}).status_code == 200


class TestAMunicipality:
    def test_decides_once_however_often_the_program_sends_it(self, programs):
        """
        The net went down before the answer came, and the program tries again.
        """
        program, act = programs.of("beslutter.fauske"), {"Idempotency-Key": "program-0001"}

        first = program.post(f"{HERE}/adopt", json={"from_on": "2026-11-23"}, headers=act)
        again = program.post(f"{HERE}/adopt", json={"from_on": "2026-11-23"}, headers=act)
        other = program.post(f"{HERE}/end", json={"reason": "Slutt."}, headers=act)

        assert first.status_code == 200, first.text
        assert again.json() == first.json()
        assert (other.status_code, other.json()["error"]["code"]) == (409, "decision_id_reused")

    def test_gives_each_answer_there_is(self, programs):
        program = programs.of("beslutter.fauske")

        answers = [
            program.post(f"{HERE}/{verb}", json=given)
            for verb, given in (
                ("defer", {"until": "2027-01-31", "reason": "Vi venter."}),
                ("decline", {"reason": "Dekket."}),
                ("not-relevant", {"reason": "Ingen slik tjeneste."}),
                ("own-routine", {"link": "https://intranett.example/hender", "reason": "Egen."}),
                ("adopt", {"version": "1.0"}),
                ("end", {"reason": "Slutt.", "last_day": "2026-11-30"}),
            )
        ]

        assert [one.json().get("state") for one in answers] == [
            "deferred", "declined", "not-relevant", "own-routine", "in-use", "ended",
        ]  # fmt: skip
        assert program.get("/procedures/handhygiene/use").json()["items"][0]["municipality"] == "1841"
        account = program.get(f"{HERE}/account?on=2026-11-23").json()
        assert account["procedure"] == "handhygiene"
        proof = program.get(f"{HERE}/proof.zip?on=2026-11-23")
        assert ZipFile(BytesIO(proof.content)).namelist()

    def test_decides_a_list_as_one(self, programs):
        program, rows = programs.of("beslutter.fauske"), [{"procedure": "handhygiene", "answer": "in-use"}]
        nothing = [*rows, {"procedure": "finnes-ikke", "answer": "declined", "reason": "Nei."}]

        looked = program.post("/municipalities/fauske/answers/look", json={"rows": nothing}).json()
        refused = program.post("/municipalities/fauske/answers", json={"rows": nothing})
        done = program.post("/municipalities/fauske/answers", json={"rows": rows})

        assert [one["refusal"] is None for one in looked] == [True, False]
        assert looked[1]["refusal"]["code"] == "procedure_not_found"
        assert (refused.status_code, done.status_code) == (422, 200)
        assert program.get("/municipalities/fauske/inbox").json()["items"] == []

    def test_adds_changes_and_drops_what_is_its_own(self, programs):
        program = programs.of("ansvarlig.fauske")
        added = program.post(
            f"{HERE}/additions", json={"section_key": "", "kind": "practical-note", "text": "Spriten står i gangen."}
        )
        key = added.json()["addition"]

        changed = program.put(f"/additions/{key}", json={"text": "Spriten står ved døra."})
        listed = program.get(f"{HERE}/additions").json()["items"]
        others = programs.of("beslutter.beiarn").post(f"/additions/{key}/drop", json={})
        dropped = program.post(f"/additions/{key}/drop", json={})

        assert (added.status_code, changed.status_code) == (201, 200), (added.text, changed.text)
        assert [one["text"].strip() for one in listed] == ["Spriten står ved døra."]
        assert (others.status_code, dropped.status_code) == (403, 200)
        assert program.get("/procedures/handhygiene/additions").json()["items"] == []

    def test_fills_in_what_is_local(self, programs):
        with programs.home.opened() as library:
            approve_with_everyone(library, a_routine("vakt", title="Vakt", required=("vakttelefon",)))
        program, path = programs.of("ansvarlig.fauske"), "/municipalities/fauske/procedures/vakt/local-values"

        done = program.put(path, json={"values": {"vakttelefon": "75 60 00 00"}})
        others = programs.of("beslutter.beiarn").put(path, json={"values": {"vakttelefon": "75 60 00 01"}})

        assert done.status_code == 200, done.text
        assert others.status_code == 403
        assert [one["value"] for one in program.get(path).json()] == ["75 60 00 00"]
        assert program.get(f"{path}/history").json()["total"] == 1
