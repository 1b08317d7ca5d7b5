"""Heal what only repeats decisions. Never invents, changes or removes a decision."""

from samrutine.projections.service import Projections


def repair(projections: Projections) -> list[str]:
    """
    Clear what killed processes left, catch up, and rebuild each projection that still differs from the decisions.

    Safe to call at any time and again: on a sound home it changes nothing.

    Returns:
        What was done, as codes: removed litter, a repository begun anew and rebuilt consumers.

    Raises:
        StoreUnavailable: Another process holds the projector lock, or a store does not work.
    """
    done = [f"removed {path}" for path in projections.remove_litter()]
    done += [f"began git anew beside {name}" for name in projections.replace_damaged_git()]
    projections.bring_up_to_date(patient=False)
    broken = projections.broken_consumers()
    if broken:
        projections.rebuild(broken)
        done += [f"rebuilt {name}" for name in broken]
    return done
