"""Heal what only repeats decisions. Never invents, changes or removes a decision."""

from samrutine.projections.repair_rows import repair_rows
from samrutine.projections.service import Projections
from samrutine.storage.steps import reach


def repair(projections: Projections) -> list[str]:
    """
    Clear what killed processes left, catch up, and make anew each row and projection that differs from the decisions.

    Safe to call at any time and again: on a sound home it changes nothing. `faults.KINDS` says which faults it heals;
    the rows of the record itself, such as answers and intervals, are left: see `restore --from-register`.

    Returns:
        What was done, as codes: removed litter, settings put back, a repository begun anew, rows and consumers made anew.

    Raises:
        StoreUnavailable: Another process holds the projector lock, or a store does not work.
    """
    done = [f"removed {path}" for path in projections.remove_litter()]
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
