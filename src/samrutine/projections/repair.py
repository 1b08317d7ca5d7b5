"""Heal what only repeats decisions. Never invents, changes or removes a decision."""

from dataclasses import dataclass

from sqlmodel import Session

from samrutine.projections.checks.chain import chain_faults
from samrutine.projections.faults import UNFOUNDED, Done, Fault
from samrutine.projections.repair_rows import make_values_readable, repair_rows
from samrutine.projections.service import Projections
from samrutine.storage.soundness import make_indexes, require_tables
from samrutine.storage.steps import reach


@dataclass(frozen=True, slots=True)
class Repaired:
    """
    What `repair` did.

    Attributes:
        done: Removed litter, settings put back, what was set aside, a repository begun anew, rows and consumers made anew.
        notes: What a person should know, such as what could not be brought along from a damaged repository.
        stopped_at_chain: Whether the chain is broken, and nothing was therefore made from it.
    """

    done: tuple[Done, ...]
    notes: tuple[Fault, ...] = ()
    stopped_at_chain: bool = False


def repair(projections: Projections, *, sets_decisions_aside: bool = False) -> Repaired:
    """
    Clear what killed processes left, catch up, and make anew each row and projection that differs from the decisions.

    Safe to call at any time and again: on a sound home it changes nothing. `faults.KINDS` says which faults it heals;
    the rows of the record itself, such as answers and intervals, are left: see `restore --from-register`. A decision whose row
    cannot be read is written as the chain's own hashes prove that it was. Where the chain
    itself is broken all the same, nothing can be made from it, so no branch, row or index is touched: what stands there may be all that
    still says what was decided. What cannot be made anew does not keep the rest from it; `verify` goes on saying so.

    Args:
        sets_decisions_aside: Decisions that the register has and the database lacks are known, and shall go: whoever puts
            a backup back without them was told of each.

    Raises:
        DatabaseDamaged: The database lacks a table or a column. Nothing was touched.
        DatabaseBehind: The register has valid decisions that the database lacks. Nothing was touched but settings of git's that
            it could not read.
        StoreUnavailable: Another process holds the projector lock, or a store does not work.
    """
    require_tables(projections.database)
    # Before all else that asks git.
    done = [Done("settings", name) for name in projections.make_git_readable()]
    if not sets_decisions_aside:
        projections.require_newest()
    done += [Done("index", name) for name in make_indexes(projections.database)]
    done += [Done("litter", path) for path in projections.remove_litter()]
    with projections.database.reading() as session:
        is_founded = _is_founded(session)
    if not is_founded:
        back = projections.put_decisions_back()
        if not back:
            return Repaired(tuple(done), stopped_at_chain=True)
        done += [Done("decision", str(number)) for number in back]
    done += [Done("value", what) for what in make_values_readable(projections.database)]
    # Before git is begun anew: it may be git that holds the words.
    done += [Done("words", digest) for digest in projections.put_words_back()]
    # Before git is asked for damage: settings may let it take for whole what it lacks.
    done += [Done("settings", name) for name in projections.put_git_settings_back()]
    replaced = projections.replace_damaged_git()
    done += [Done("git", one.aside or "–") for one in replaced]
    notes = tuple(Fault("git-not-saved", f"{one.aside} {ref}") for one in replaced for ref in one.lost)
    aside = projections.set_aside()
    projections.set_foreign_aside()
    reach("repair: git cleared")
    done += [Done("rows", code) for code in repair_rows(projections.database)]
    done += [Done("behind", one.consumer) for one in projections.status() if one.behind > 0]
    projections.bring_up_to_date(patient=False)
    broken = projections.broken_consumers()
    if broken:
        failed = projections.heal(broken)
        done += [Done("consumer", name) for name in broken if name not in failed]
    done += [Done("aside", f"{store} {ref}") for store, ref in sorted(projections.keep_lost() - aside)]
    reach("repair: done")
    return Repaired(tuple(done), notes)


def _is_founded(session: Session) -> bool:
    return not any(code in UNFOUNDED for code, _ in chain_faults(session, 0))
