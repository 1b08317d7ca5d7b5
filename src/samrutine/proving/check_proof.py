"""
Check a proof, a folder, of what was in force in a municipality on a day. English: --en, with the same options.

Kontroller et bevis, en mappe, for hva som gjaldt i en kommune på en dag. Python 3.9 eller nyere, og ingenting annet.
    python check_proof.py MAPPE --tip MERKE           registermerket, som du vet fra noen andre
    python check_proof.py MAPPE --register EKSEMPLAR  ditt eget eksemplar av biblioteket (spør git)
    python check_proof.py MAPPE --signers FIL         nøkler du stoler på, for et kontrollpunkt (spør ssh-keygen)
                      ... og --tsa FIL                sertifikater du stoler på, for tidsstempelet (spør openssl)
Går ut med 0 bare når alt holder, også mot det du vet. Ellers med 1, og med 2 når det ikke kunne kontrolleres.
"""

import hashlib, json, re, subprocess, sys
from datetime import datetime, timedelta
from pathlib import Path

# fmt: off
ENGLISH = "--en" in sys.argv  # where two texts stand side by side, it chooses
KINDS = {
    "adopted": "tatt i bruk", "declined": "ikke tatt i bruk", "found_not_relevant": "ikke aktuelt", "ended": "avsluttet",
    "kept_own_routine": "bruker egen rutine", "version_approved": "faglig godkjent", "version_hurried": "hasteversjon",
    "version_confirmed": "faglig godkjent i ettertid", "version_refused": "avvist i ettertid", "delegated": "delegert",
    "approval_given": "godkjenning", "standing_set": "stående beslutning om mindre rettinger",
}
CHANGED = ("er endret, mangler eller hører ikke til.", "is changed, missing or extra.")
OTHER = ("Ditt merke er eldre, eller et annet. Be om et bevis med --at.", "Yours is older or another: ask for --at.")
BESIDE = {"proof.json", "check_proof.py", "LES-MEG.txt", "checkpoint.json", "checkpoint.sig", "checkpoint.tsr"}

def need(holds: object, what: str, why: tuple[str, str] = CHANGED, error: type = ValueError) -> None:
    if not holds:
        raise error(f"{what} {why[ENGLISH]}".strip())
def digest(data: bytes, git: str = "") -> str:  # SHA-256, or what git names an object of some kind by
    return (hashlib.sha1(f"{git} {len(data)}\0".encode() + data) if git else hashlib.sha256(data)).hexdigest()
def run(*command: str, given: bytes = b"") -> str:
    outcome = subprocess.run(command, input=given, capture_output=True, check=False)
    return "" if outcome.returncode else outcome.stdout.decode() or "yes"
def norway(at: str) -> str:  # a time there, from UTC: summer time begins and ends at one o'clock on last Sundays
    begins, ends = (f"{at[:4]}-{m}-{31 - (int(at[:4]) * 5 // 4 + n) % 7}T01" for m, n in (("03", 4), ("10", 1)))
    return str(datetime.strptime(at[:19], "%Y-%m-%dT%H:%M:%S") + timedelta(hours=1 + (begins <= at < ends)))
def shown(at: str) -> str:  # a day or a time, each day in it from the day to the year
    return re.sub("([0-9]{4})-([0-9]{2})-([0-9]{2})", r"\3.\2.\1", at)
def told(one: dict) -> str:
    what, body = one["kind"].replace("_", " ") if ENGLISH else KINDS[one["kind"]], one["body"].partition(":")[2]
    places = (("version", ("", "")), ("from", ("fra ", "from ")), ("until", ("til ", "until ")), ("position", ("", "")))
    facts = [f"{label[ENGLISH]}{one['facts'][name]}" for name, label in places if one["facts"].get(name)]
    return shown(f"{one['number']:>8}  {norway(one['at'])[:10]}  {body}: {', '.join([what, *facts])}")
def ruling(answers: list[dict], on: str) -> list:
    """Give the answer that rules on a day, and the next. What one moves to a later day, or takes back, never was."""
    stand: list[dict] = []
    for one in ({**one, "since": one["facts"]["from" if one["kind"] == "adopted" else "until"]} for one in answers):
        stand = [old for old in stand if old["since"] < one["facts"].get("postpones", one["since"])] + [one]
    begun = [one for one in stand if one["since"] <= on]
    return [*([None, *begun][-1:]), *([*stand[len(begun) :], None][:1])]

class Proof:
    """The files of a proof. What is proven is worked out from those that stand in the register, never taken as told."""
    def __init__(self, files: dict[str, bytes]) -> None:
        """Read all files, each held against the list in proof.json, and that against its own seal."""
        sealed, claim = files["proof.json"].decode(), json.loads(files["proof.json"])
        unsealed = json.dumps({**claim, "seal": ""}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        whole = sealed == unsealed.replace('"seal": ""', f'"seal": "{digest(unsealed.encode())}"')
        need(whole and claim["form"] == 1, "proof.json")
        for name in sorted((files.keys() | claim["files"].keys()) - {"proof.json"}):
            need(name in files and claim["files"].get(name) == digest(files[name]), name)
        self.files, self.claim, self.known, self.commit = files, claim, {}, claim["commit"]
        self.used, self.until = {*BESIDE}, claim["known_at"] or "9999-12-31T23:59:59.999999+00:00"
        self.folders = ["municipality/" + claim["municipality"]]
        need(re.fullmatch("municipality/[0-9]{4}", *self.folders), *self.folders)
        for at, form in ((claim["on"], "%Y-%m-%d"), (self.until, "%Y-%m-%dT%H:%M:%S.%f+00:00")):  # compared as texts
            need(datetime.strptime(at, form).strftime(form) == at, repr(at))
        for name in sorted(name for name in files if re.fullmatch(r"register/.*\.jsonl", name)):
            self.read_decisions(name)
            self.used.add(name)
        need(all(one["previous"] == self.known[n - 1]["hash"] for n, one in self.known.items() if n - 1 in self.known), "hash")
    def listed(self, folder: str) -> dict[str, str]:
        """List a folder of the register at the commit, name to id, by git's own hashes; empty when it is not there."""
        (above, _, own), content = folder.rpartition("/"), self.files["register/commit"]
        need(digest(content, "commit") == self.commit, "register/commit")
        tree = self.listed(above).get(own) if folder else content[5:45].decode()
        self.used |= {"register/commit", f"register/trees/{tree}"}
        data = self.files[f"register/trees/{tree}"] if tree else b""
        need(not tree or digest(data, "tree") == tree, f"register/trees/{tree}")
        return {name.decode(): one.hex() for name, one in re.findall(rb"(?s)[0-7]+ ([^\0]+)\0(.{20})", data)}
    def read_decisions(self, path: str) -> None:
        """Read the decisions of one file, which must stand in the register; each is held against its own hash."""
        (_, *body, month, name), content = path.split("/"), self.files[path]
        need(self.listed("/".join([*body, month])).get(name) == digest(content, "blob"), path)
        for line in content.splitlines():
            parts = re.fullmatch(rb'\{"hash":"1:([0-9a-f]{64})","record":(\{.*\})\}', line)
            one = json.loads(parts[2]) if parts and parts[1].decode() == digest(parts[2]) else {"form": 0}
            need(one["form"] == 1 and one["body"].split(":") == body and one["number"] not in self.known, path)
            self.known[one["number"]] = {**one, "hash": "1:" + parts[1].decode(), "month": month}
    def made(self, *kinds: str, **facts: object) -> list[dict]:
        """Give decisions of some kinds with these facts, by number."""
        of_kind = [one for _, one in sorted(self.known.items()) if one["kind"] in (kinds or (one["kind"],))]
        return [one for one in of_kind if all(one["facts"].get(name) == value for name, value in facts.items())]
    def made_since(self, born: list[dict], body: str, *kinds: str, **facts: object) -> list[dict]:
        """Give decisions of one body, as known then: every file of it since the month of an approval must be here."""
        need(born, "version_approved")
        folder = body.replace(":", "/")
        self.folders += [] if folder in self.folders else [folder]
        for month in (one for one in self.listed(folder) if one != "local" and one >= born[0]["month"]):
            for path in (f"register/{folder}/{month}/{name}" for name in self.listed(f"{folder}/{month}")):
                need(path in self.files, path)
        return [one for one in self.made(*kinds, **facts) if one["body"] == body and one["at"] <= self.until]
    def additions(self, own: list[dict], says: dict) -> dict[str, str]:
        """Give the local additions of the day: as known at its end in Norway, or at the decision if that came later."""
        on, rows = self.claim["on"], {}
        facts = [one["facts"] for one in own if one["number"] <= says["number"] or norway(one["at"])[:10] <= on]
        for new in (one["additions"] for one in facts if "additions" in one):
            rows = {n: row for n, row in rows.items() if n not in new["ended"]} | {r["id"]: r for r in new["began"]}
        return {f"additions/{r['id']}.md": r["digest"] for r in rows.values() if (r["from"] or "") <= on < (r["until"] or "9999")}
    def behind(self, says: dict, own: list[dict]) -> list[str]:
        """Give the words of what applied, and every decision that it rests on."""
        facts, lines, text = says["facts"], [], {n: says["facts"][n] for n in ("procedure", "version", "digest")}
        born = self.made("version_approved", "version_hurried", **text)
        later = self.made_since(born, "".join(n["body"] for n in born), "version_confirmed", "version_refused", **text)
        given = [self.known[number] for one in born + later for number in one["facts"].get("approvals", ())]
        need(all(one["facts"]["digest"] == facts["digest"] for one in given), "approval_given")
        followed = self.made("standing_set", standing=facts["standing"]) if "standing" in facts else []
        by = self.made("delegated", actor=(followed or [says])[0]["actor"])
        by = [one for one in by if "d-" + digest(one["act"].encode())[:10] == facts.get("delegation")]
        need(by or "delegation" not in facts, "delegated")
        for name, decided in {"text.md": facts["digest"], **self.additions(own, says)}.items():
            left_out = name not in self.files and decided in self.claim["withheld"]
            need(left_out or "1:" + digest(self.files[name]) == decided, name)
            how = "er ikke lagt ved/is not enclosed" if left_out else "er det som ble besluttet/is what was decided"
            lines.append(f"  {name} {how.split('/')[ENGLISH]}: {decided}")
            self.used.add(name)
        every = {one["number"]: one for one in [*born, *later, *given, *followed, *by, says]}
        return lines + [told(every[number]) for number in sorted(every)]
    def proven(self) -> list[str]:
        """Say what was in force, and what that rests on."""
        claim, commit = self.claim, self.files["register/commit"].decode()
        about, own_body = {"procedure": claim["procedure"]}, "municipality:" + claim["municipality"]
        first = self.made("version_approved", "version_hurried", **about, version="1.0")
        own = self.made_since(first, own_body, **about)
        says, follows = ruling([one for one in own if one["kind"] in list(KINDS)[:5]], claim["on"])
        self.applied = says is not None and says["kind"] == "adopted"
        self.later = sum(one["at"] > self.until for one in self.made(**about))
        read = datetime(1970, 1, 1) + timedelta(seconds=int(re.findall("\ncommitter .* ([0-9]+) ", commit)[0]))
        known = norway(min(self.until, read.isoformat()))[:16]
        until = ("ETTER DET SOM VAR BESTEMT TIL OG MED {} (besluttet senere: {})", "BY WHAT WAS DECIDED UP TO {} (later: {})")
        lines = [until[ENGLISH].format(shown(known), self.later)] if claim["known_at"] or known[:10] < claim["on"] else []
        what = (("INGENTING GJALDT", "NOTHING APPLIED"), ("GJALDT", "APPLIED"))[self.applied][ENGLISH]
        lines += [f"{what}: {claim['procedure']}, {claim['municipality']}, {shown(claim['on'])}"]
        lines += ["  " + "".join(filter(str.isprintable, self.files["LES-MEG.txt"].decode().partition("\n")[0]))]
        lines += [] if self.listed(self.folders[0]) else [f"{('Ukjent i registeret', 'Unknown')[ENGLISH]}: {own_body}"]
        lines += self.behind(says, own) if self.applied else [told(says)] if says else []
        lines += [("Neste endring:", "Next change:")[ENGLISH], told(follows)] if follows else []
        need(self.files.keys() <= self.used, str(self.files.keys() - self.used))
        last = commit.rpartition("\nNumber: ")[2].split()[0]
        return [*lines, ("Alle beslutninger er lest, til og med ", "All decisions were read, up to ")[ENGLISH] + last]
    def held_against(self, folder: str, given: dict[str, str]) -> list[str]:
        """Hold the proof against what the reader knows from elsewhere; give what that was."""
        at, data = folder + "/checkpoint.", self.files.get("checkpoint.json", b"")
        need(given.get("--tip", self.commit) == self.commit, "", OTHER, SystemExit)
        if "--register" in given:
            git, refs = ("git", "-C", given["--register"]), ("refs/heads/register", "refs/remotes/origin/register")
            there = [one for one in refs if run(*git, "rev-parse", "--verify", one)]
            need(there, f"{given['--register']}: {refs[0]}", ("", ""), OSError)
            ours = next((one for one in there if run(*git, "merge-base", "--is-ancestor", self.commit, one)), None)
            need(ours, "", OTHER, SystemExit)
            for one in self.folders:
                newer = run(*git, "rev-list", "--count", f"{self.commit}..{ours}", "--", one).strip()
                given["--register"] += f" ({('nyere om', 'newer about')[ENGLISH]} {one}: {newer})"
        if {"--signers", "--tsa"} & given.keys():
            need("--signers" in given, "--signers", ("", ""), OSError)
            who = ("-f", given["--signers"], "-I", "samrutine", "-n", "samrutine-checkpoint", "-s", at + "sig")
            signed = run("ssh-keygen", "-Y", "verify", *who, given=data) and json.loads(data)["tips"]["register"]
            need(signed == self.commit, "", ("Underskriften holder ikke.", "The signature does not hold."))
        if "--tsa" in given:  # judged at its own time: a stamp holds when the certificate that made it has run out
            ask = ("openssl", "ts", "-in", at + "tsr")
            said = re.findall(r"Time stamp: (\w+ +\d+ [\d:]+)\S* (\d+)", run(*ask, "-reply", "-token_out", "-text"))
            when = " ".join((said or [("Jan 1 00:00:00", "1970")])[0])
            then = datetime.strptime(when + " +0000", "%b %d %H:%M:%S %Y %z").timestamp()
            stamp = run(*ask, "-verify", "-data", at + "json", "-CAfile", given["--tsa"], "-attime", f"{then:.0f}")
            need(stamp, "", ("Tidsstempelet holder ikke.", "The time stamp does not hold."))
            given["--tsa"] += f" ({when} UTC)"
        return [f"  {name} {value}" for name, value in given.items()]

if __name__ == "__main__":
    at, *options = [one for one in sys.argv[1:] if one != "--en"] or [""]
    given = dict(zip(options[::2], options[1::2]))
    if at == "--help":
        sys.exit(print(__doc__))
    try:
        there = all(map(Path.stat, map(Path, (at + "/proof.json", *(given[name] for name in given.keys() - {"--tip"})))))
        right = there and len(options) % 2 == 0 and len(given.get("--tip", "0" * 40)) == 40
        need(right and given.keys() <= {"--tip", "--register", "--signers", "--tsa"}, "MAPPE/FOLDER --tip …", ("", ""), OSError)
        files = {one.relative_to(at).as_posix(): one.read_bytes() for one in Path(at).rglob("*") if one.is_file()}
        lines, held = (proof := Proof(files)).proven(), proof.held_against(at, given)
    except OSError as error:
        print(("KUNNE IKKE KONTROLLERES uten", "CANNOT BE CHECKED without")[ENGLISH], error.filename or error, __doc__)
        sys.exit(2)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        what = ("BEVISET HOLDER IKKE: ", "THE PROOF DOES NOT HOLD: ")[ENGLISH]
        sys.exit(what + (str(error) if type(error) is ValueError else CHANGED[ENGLISH]))
    print(*lines, ("Holdt mot:", "Held against:")[ENGLISH], *(held or ["  –"]), sep="\n")
    sys.exit(0 if held else ("INGENTING ER BEVIST: bare holdt mot seg selv.", "NOTHING IS PROVEN by this.")[ENGLISH])
