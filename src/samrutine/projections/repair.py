"""Heal what only repeats decisions. Never invents, changes or removes a decision."""

from dataclasses import dataclass

from sqlmodel import Session

from samrutine.projections.checks.chain import chain_faults
from samrutine.projections.faults import UNFOUNDED, Fault
from samrutine.projections.repair_rows import make_values_readable, repair_rows
from samrutine.projections.service import Projections
from samrutine.storage.soundness import make_indexes, require_tables
from samrutine.storage.steps import reach


@dataclass(frozen=True, slots=True)
class Repaired:
    """
    What `repair` did.

    Attributes:
        done: As codes: removed litter, settings put back, a repository begun anew, rows and consumers made anew.
        notes: What a person should know, such as what could not be brought along from a damaged repository.
    """

    done: tuple[str, ...]
    notes: tuple[Fault, ...] = ()


def repair(projections: Projections, *, sets_decisions_aside: bool = False) -> Repaired:
    """
    Clear what killed processes left, catch up, and make anew each row and projection that differs from the decisions.

    Safe to call at any time and again: on a sound home it changes nothing. `faults.KINDS` says which faults it heals;
    the rows of the record itself, such as answers and intervals, are left: see `restore --from-register`. Where the chain
    itself is broken nothing can be made from it, so no branch, row or index is touched: what stands there may be all that
    still says what was decided. What cannot be made anew does not keep the rest from it; `verify` goes on saying so.

    Args:
        sets_decisions_aside: Decisions that the register has and the database lacks are known, and shall go: whoever puts
            a backup back without them was told of each.

    Raises:
        DatabaseDamaged: The database lacks a table or a column. Nothing was touched.
        DatabaseBehind: The register has valid decisions that the database lacks. Nothing was touched.
        StoreUnavailable: Another process holds the projector lock, or a store does not work.
    """
    require_tables(projections.database)
    indexes = make_indexes(projections.database)
    if not sets_decisions_aside:
        projections.require_newest()
    done = [f"made index {name}" for name in indexes]
    done += [f"removed {path}" for path in projections.remove_litter()]
    with projections.database.reading() as session:
        if not _is_founded(session):
            return Repaired(tuple(done))
    done += make_values_readable(projections.database)
    # Before git is begun anew: it may be git that holds the words.
    done += [f"put back {digest}" for digest in projections.put_words_back()]
    replaced = projections.replace_damaged_git()
    done += [f"began git anew beside {one.aside or 'nothing'}" for one in replaced]
    notes = tuple(Fault("git-not-saved", f"{one.aside} {ref}") for one in replaced for ref in one.lost)
    done += projections.repair_git()
    reach("repair: git cleared")
    done += repair_rows(projections.database)
    projections.bring_up_to_date(patient=False)
    broken = projections.broken_consumers()
    if broken:
        failed = projections.heal(broken)
        done += [f"rebuilt {name}" for name in broken if name not in failed]
    done += projections.keep_lost()
    reach("repair: done")
    return Repaired(tuple(done), notes)


def _is_founded(session: Session) -> bool:
    return not any(code in UNFOUNDED for code, _ in chain_faults(session, 0))
