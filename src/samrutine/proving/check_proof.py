"""
Check a proof, a folder, of what was in force in a municipality on a day. Python 3.9 or newer, and nothing else.

    python check_proof.py FOLDER --tip COMMIT      the register's commit, which you know from elsewhere
    python check_proof.py FOLDER --register CLONE  your own clone of the library (asks git)
    python check_proof.py FOLDER --signers FILE    keys you trust, for a signed checkpoint (asks ssh-keygen)
                  ... and --tsa FILE               certificates you trust, for its time stamp (asks openssl)
Leaves with 0 only when all holds, also against what you know: a forger can make all agree with itself. English: --en.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

# It is read as a whole, so it stands close.
# fmt: off
ENGLISH = "--en" in sys.argv  # where two texts stand side by side, it chooses
KINDS = {
    "adopted": "tatt i bruk", "declined": "ikke tatt i bruk", "found_not_relevant": "ikke aktuelt", "ended": "avsluttet",
    "kept_own_routine": "bruker egen rutine", "version_approved": "faglig godkjent", "version_hurried": "hasteversjon",
    "version_confirmed": "faglig godkjent i ettertid", "version_refused": "avvist i ettertid", "delegated": "delegert",
    "approval_given": "godkjenning", "standing_set": "stående beslutning om mindre rettinger",
}
OTHER = ("Ditt merke er eldre, eller et annet. Be om et bevis med --at.", "Yours is older or another: ask for --at.")
BESIDE = {"proof.json", "check_proof.py", "LES-MEG.txt", "checkpoint.json", "checkpoint.sig", "checkpoint.tsr"}

def need(holds: object, nb: str, en: str, error: type[BaseException] = ValueError) -> None:
    if not holds:
        raise error(en if ENGLISH else nb)

def digest(data: bytes, git: str = "") -> str:  # SHA-256, or what git names an object of some kind by
    return (hashlib.sha1(f"{git} {len(data)}\0".encode() + data) if git else hashlib.sha256(data)).hexdigest()

def run(*command: str, given: bytes = b"") -> str:
    outcome = subprocess.run(command, input=given, capture_output=True, check=False)
    return "" if outcome.returncode else outcome.stdout.decode() or "yes"

def told(one: dict) -> str:
    what = one["kind"].replace("_", " ") if ENGLISH else KINDS[one["kind"]]
    places = (("version", ("", "")), ("from", ("fra ", "from ")), ("until", ("til ", "until ")), ("position", ("", "")))
    facts = [f"{label[ENGLISH]}{one['facts'][name]}" for name, label in places if one["facts"].get(name)]
    return f"{one['number']:>8}  {one['at'][:10]}  {one['body']}: {', '.join([what, *facts])}"

def ruling(answers: list[dict], on: str) -> list:
    """Give the answer that rules on a day, and the next. What one moves to a later day, or takes back, never was."""
    stand: list[dict] = []
    for one in ({**one, "since": one["facts"]["from" if one["kind"] == "adopted" else "until"]} for one in answers):
        stand = [old for old in stand if old["since"] < one["facts"].get("postpones", one["since"])] + [one]
    begun = [one for one in stand if one["since"] <= on]
    return [*[None, *begun][-1:], *[*stand[len(begun) :], None][:1]]

class Proof:
    """The files of a proof. What is proven is worked out from those that stand in the register, never taken as told."""

    def __init__(self, files: dict[str, bytes]) -> None:
        """Read all files, each held against the list in proof.json, and that against its own seal."""
        sealed, claim = files["proof.json"].decode(), json.loads(files["proof.json"])
        unsealed = json.dumps({**claim, "seal": ""}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        whole = sealed == unsealed.replace('"seal": ""', f'"seal": "{digest(unsealed.encode())}"')
        need(whole and claim["form"] == 1, "proof.json er endret.", "proof.json was changed.")
        for name in sorted((files.keys() | claim["files"].keys()) - {"proof.json"}):
            same = name in files and claim["files"].get(name) == digest(files[name])
            need(same, f"{name} er endret, mangler eller hører ikke til.", f"{name} is changed, missing or extra.")
        self.files, self.claim, self.known, self.commit = files, claim, {}, claim["commit"]
        self.used, self.until = {*BESIDE}, claim["known_at"] or "9999-12-31T23:59:59.999999+00:00"
        self.folder = "municipality/" + claim["municipality"]
        need(re.fullmatch("municipality/[0-9]{4}", self.folder), "Ikke et kommunenummer.", "No municipality's number.")
        for at, form in ((claim["on"], "%Y-%m-%d"), (self.until, "%Y-%m-%dT%H:%M:%S.%f+00:00")):  # compared as texts
            need(datetime.strptime(at, form).strftime(form) == at, f"{at!r}: ingen tid", f"{at!r}: no time")
        for name in sorted(name for name in files if re.fullmatch(r"register/.*\.jsonl", name)):
            self.read_decisions(name)
            self.used.add(name)
        links = (one["previous"] == self.known[n - 1]["hash"] for n, one in self.known.items() if n - 1 in self.known)
        need(all(links), "Kjeden er brutt.", "The chain is broken.")

    def listed(self, folder: str) -> dict[str, str]:
        """List a folder of the register at the commit, name to id, by git's own hashes; empty when it is not there."""
        (above, _, own), content = folder.rpartition("/"), self.files["register/commit"]
        need(digest(content, "commit") == self.commit, "Registermerket er et annet.", "The commit is another.")
        tree = self.listed(above).get(own) if folder else content[5:45].decode()
        self.used |= {"register/commit", f"register/trees/{tree}"}
        data = self.files[f"register/trees/{tree}"] if tree else b""
        need(not tree or digest(data, "tree") == tree, f"Mappen {tree} er endret.", f"Tree {tree} was changed.")
        return {name.decode(): one.hex() for name, one in re.findall(rb"(?s)[0-7]+ ([^\0]+)\0(.{20})", data)}

    def read_decisions(self, path: str) -> None:
        """Read the decisions of one file, which must stand in the register; each is held against its own hash."""
        (_, *body, month, name), content = path.split("/"), self.files[path]
        there = self.listed("/".join([*body, month])).get(name) == digest(content, "blob")
        need(there, f"{path} står ikke slik i registeret.", f"{path} does not stand so in the register.")
        for line in content.splitlines():
            parts = re.fullmatch(rb'\{"hash":"1:([0-9a-f]{64})","record":(\{.*\})\}', line)
            one = json.loads(parts[2]) if parts and parts[1].decode() == digest(parts[2]) else {"form": 0}
            right = one["form"] == 1 and one["body"].split(":") == body and one["number"] not in self.known
            need(right, f"En linje i {path} er feil.", f"{path} has a wrong line.")
            self.known[one["number"]] = {**one, "hash": "1:" + parts[1].decode(), "month": month}

    def made(self, *kinds: str, **facts: object) -> list[dict]:
        """Give decisions of some kinds with these facts, by number."""
        of_kind = [one for _, one in sorted(self.known.items()) if one["kind"] in (kinds or (one["kind"],))]
        return [one for one in of_kind if all(one["facts"].get(name) == value for name, value in facts.items())]

    def made_since(self, born: list[dict], body: str, *kinds: str, **facts: object) -> list[dict]:
        """Give decisions of one body, as known then: every file of it since the month of an approval must be here."""
        need(born, "Godkjenningen mangler.", "The approval is missing.")
        folder = body.replace(":", "/")
        for month in (one for one in self.listed(folder) if one != "local" and one >= born[0]["month"]):
            for path in (f"register/{folder}/{month}/{name}" for name in self.listed(f"{folder}/{month}")):
                need(path in self.files, f"{path} er holdt unna.", f"{path} is kept away.")
        return [one for one in self.made(*kinds, **facts) if one["body"] == body and one["at"] <= self.until]

    def additions(self, own: list[dict], says: dict) -> dict[str, str]:
        """Give the local additions of the day: as known at its end in Norway, or at the decision if that came later."""
        on, rows, year = self.claim["on"], {}, int(self.claim["on"][:4])
        begins, ends = (f"{year}-{month}-{31 - (year * 5 // 4 + n) % 7}" for month, n in (("03", 4), ("10", 1)))
        end = on + ("T22" if begins <= on < ends else "T23")  # in UTC; summer time begins and ends on last Sundays
        facts = [one["facts"] for one in own if one["number"] <= says["number"] or one["at"] < end]
        for new in (one["additions"] for one in facts if "additions" in one):
            rows = {n: row for n, row in rows.items() if n not in new["ended"]} | {r["id"]: r for r in new["began"]}
        stood = (r for r in rows.values() if (r["from"] or "") <= on < (r["until"] or "9999"))
        return {f"additions/{r['id']}.md": r["digest"] for r in stood}

    def behind(self, says: dict, own: list[dict]) -> list[str]:
        """Give the words of what applied, and every decision that it rests on."""
        facts, lines, text = says["facts"], [], {n: says["facts"][n] for n in ("procedure", "version", "digest")}
        born = self.made("version_approved", "version_hurried", **text)
        later = self.made_since(born, "".join(n["body"] for n in born), "version_confirmed", "version_refused", **text)
        given = [self.known[number] for one in born + later for number in one["facts"].get("approvals", ())]
        need(all(one["facts"]["digest"] == facts["digest"] for one in given), "Annet godkjent.", "Other text approved.")
        followed = self.made("standing_set", standing=facts["standing"]) if "standing" in facts else []
        by = self.made("delegated", actor=(followed or [says])[0]["actor"])
        by = [one for one in by if "d-" + digest(one["act"].encode())[:10] == facts.get("delegation")]
        need(by or "delegation" not in facts, "Delegasjonen mangler.", "The delegation is missing.")
        for name, decided in {"text.md": facts["digest"], **self.additions(own, says)}.items():
            left_out = name not in self.files and decided in self.claim["withheld"]
            need(left_out or "1:" + digest(self.files[name]) == decided, f"{name} er en annen.", f"{name} is another.")
            how = "er ikke lagt ved/is not enclosed" if left_out else "er det som ble besluttet/is what was decided"
            lines.append(f"  {name} {how.split('/')[ENGLISH]}: {decided}")
            self.used.add(name)
        every = {one["number"]: one for one in [*born, *later, *given, *followed, *by, says]}
        return lines + [told(every[number]) for number in sorted(every)]

    def proven(self) -> list[str]:
        """Say what was in force, and what that rests on."""
        claim = self.claim
        first = self.made("version_approved", "version_hurried", procedure=claim["procedure"], version="1.0")
        own = self.made_since(first, "municipality:" + claim["municipality"], procedure=claim["procedure"])
        says, follows = ruling([one for one in own if one["kind"] in list(KINDS)[:5]], claim["on"])
        applied = says is not None and says["kind"] == "adopted"
        what = (("INGENTING GJALDT", "NOTHING APPLIED"), ("GJALDT", "APPLIED"))[applied][ENGLISH]
        lines = [f"{what}: {', '.join(filter(None, map(claim.get, ('procedure', 'municipality', 'on', 'known_at'))))}"]
        lines += [] if self.listed(self.folder) else [("Ukjent i registeret: ", "Unknown: ")[ENGLISH] + self.folder]
        lines += self.behind(says, own) if applied else [told(says)] if says else []
        lines += [("Neste endring:", "Next change:")[ENGLISH], told(follows)] if follows else []
        need(self.files.keys() <= self.used, f"Hører ikke til: {self.files.keys() - self.used}", "Extra files.")
        last = self.files["register/commit"].decode().rpartition("\nNumber: ")[2].split()[0]
        return [*lines, ("Alle beslutninger er lest, til og med ", "All decisions were read, up to ")[ENGLISH] + last]

    def held_against(self, given: argparse.Namespace) -> list[str]:
        """Hold the proof against what the reader knows from elsewhere; give what that was."""
        need(given.tip in {None, self.commit}, *OTHER, error=SystemExit)
        if given.register:
            git, refs = ("git", "-C", given.register), ("refs/heads/register", "refs/remotes/origin/register")
            ours = next((one for one in refs if run(*git, "merge-base", "--is-ancestor", self.commit, one)), None)
            need(ours, *OTHER, error=SystemExit)
            newer = run(*git, "rev-list", "--count", f"{self.commit}..{ours}", "--", self.folder).strip()
            given.register += (f" (nyere om {self.folder}: {newer})", f" (newer about {self.folder}: {newer})")[ENGLISH]
        at, data = f"{given.proof}/checkpoint.", self.files.get("checkpoint.json", b"")
        if given.signers or given.tsa:
            who = ("-f", str(given.signers), "-I", "samrutine", "-n", "samrutine-checkpoint", "-s", at + "sig")
            signed = run("ssh-keygen", "-Y", "verify", *who, given=data) and json.loads(data)["tips"]["register"]
            need(signed == self.commit, "Underskriften holder ikke.", "The signature does not hold.")
        if given.tsa:  # judged at its own time: a stamp holds when the certificate that made it has run out
            ask = ("openssl", "ts", "-in", at + "tsr")
            said = re.findall(r"Time stamp: (\w+ +\d+ [\d:]+)\S* (\d+)", run(*ask, "-reply", "-token_out", "-text"))
            when = " ".join((said or [("Jan 1 00:00:00", "1970")])[0])
            then = datetime.strptime(when + " +0000", "%b %d %H:%M:%S %Y %z").timestamp()
            stamp = run(*ask, "-verify", "-data", at + "json", "-CAfile", given.tsa, "-attime", f"{then:.0f}")
            need(stamp, "Tidsstempelet holder ikke.", "The time stamp does not hold.")
            given.tsa += f" ({when} UTC)"
        return [f"  --{name} {value}" for name, value in vars(given).items() if value and name not in {"proof", "en"}]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("proof", "--tip", "--register", "--signers", "--tsa", "--en"):
        parser.add_argument(option, action="store_true" if option == "--en" else "store")
    at = Path((given := parser.parse_args()).proof)
    try:
        proof = Proof({one.relative_to(at).as_posix(): one.read_bytes() for one in at.rglob("*") if one.is_file()})
        lines, held = proof.proven(), proof.held_against(given)
    except (ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError) as error:
        sys.exit(("BEVISET HOLDER IKKE: ", "THE PROOF DOES NOT HOLD: ")[ENGLISH] + str(error))
    print(*lines, ("Holdt mot:", "Held against:")[ENGLISH], *(held or ["  –"]), sep="\n")
    sys.exit(0 if held else ("INGENTING ER BEVIST: bare holdt mot seg selv.", "NOTHING IS PROVEN by this.")[ENGLISH])
