"""Heal what only repeats decisions. Never invents, changes or removes a decision."""

from sqlmodel import Session

from samrutine.projections.checks.chain import chain_faults
from samrutine.projections.faults import UNFOUNDED
from samrutine.projections.repair_rows import repair_rows
from samrutine.projections.service import Projections
from samrutine.storage.steps import reach


def repair(projections: Projections) -> list[str]:
    """
    Clear what killed processes left, catch up, and make anew each row and projection that differs from the decisions.

    Safe to call at any time and again: on a sound home it changes nothing. `faults.KINDS` says which faults it heals;
    the rows of the record itself, such as answers and intervals, are left: see `restore --from-register`. Where the chain
    itself is broken nothing can be made from it, so no branch, row or index is touched: what stands there may be all that
    still says what was decided.

    Returns:
        What was done, as codes: removed litter, settings put back, a repository begun anew, rows and consumers made anew.

    Raises:
        StoreUnavailable: Another process holds the projector lock, or a store does not work.
    """
    done = [f"removed {path}" for path in projections.remove_litter()]
    with projections.database.reading() as session:
        if not _is_founded(session):
            return done
    done += [f"began git anew beside {name}" for name in projections.replace_damaged_git()]
    done += projections.repair_git()
    reach("repair: git cleared")
    done += repair_rows(projections.database)
    projections.bring_up_to_date(patient=False)
    broken = projections.broken_consumers()
    if broken:
        projections.rebuild(broken)
        done += [f"rebuilt {name}" for name in broken]
    done += projections.keep_lost()
    reach("repair: done")
    return done


def _is_founded(session: Session) -> bool:
    return not any(code in UNFOUNDED for code, _ in chain_faults(session, 0))
