"""`comptoir backup` and `comptoir restore`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.command import saying, tasks, up
from comptoir.kernel import config, onboard
from comptoir.kernel.stores import StoreFailed

if TYPE_CHECKING:
    from comptoir.upkeep.archive import Reader


def backup(given: str, with_key: bool) -> int:
    """Save everything in one file, while all goes on."""
    from comptoir.upkeep import saving

    path = Path(given) if given else saving.folder() / saving.name_now()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        manifest = saving.save(path.absolute(), with_key, saying.line)
    except FileExistsError:
        return _refuse(f"{path} is there already: say another name.")
    except OSError as error:
        return _refuse(f"{path} cannot be written: {error.strerror}. Nothing was left behind.")
    except StoreFailed as error:
        return _refuse(f"Old mentions cannot be read: {error}. Nothing was left behind.")
    size = path.stat().st_size / 1e6
    saying.line("backup", f"{path}: {manifest.rows:,} rows, {size:,.1f} MB")
    if with_key:
        saying.plain("The keys are in it: whoever has this file can speak for every channel. Lock it away.")
    else:
        saying.plain(
            "The keys are not in it: keep a copy of them apart. Without them the channels have to be connected again."
        )
    return 0


def restore(given: str, replace: bool) -> int:
    """Bring a backup back. Nothing is touched until the file has been read and found whole."""
    from comptoir.upkeep.archive import Damaged, TooNew, reading

    path = Path(given)
    try:
        if running := up.running(config.data_folder()):
            return _refuse(f"Comptoir runs here ({running}): stop it first.")
        with reading(path) as archive:
            manifest = archive.manifest
            saying.line("backup", f"of {manifest.made}, Comptoir {manifest.version}, {manifest.rows:,} rows")
            archive.check()
            saying.line("backup", "is whole")
            return _into_the_database(archive, replace)
    except OSError as error:
        return _refuse(f"{path} cannot be read: {error.strerror or error}.")
    except Damaged as error:
        return _refuse(f"{path} cannot be restored: {error}. Nothing was changed.")
    except TooNew as error:
        return _refuse(
            f"{path} was made by a newer Comptoir, {error}. Install that one, or a newer. Nothing was changed."
        )
    except onboard.Unusable as error:
        return _refuse(str(error))


def _into_the_database(archive: "Reader", replace: bool) -> int:
    import psycopg

    with tasks.at_hand():
        from django.db import DatabaseError

        from comptoir.command import preparing
        from comptoir.upkeep.restoring import Occupied
        from comptoir.upkeep.restoring import restore as bring_back

        try:
            preparing.reach()
            notes = bring_back(archive, replace, saying.line)
        except Occupied as error:
            return _refuse(str(error))
        except StoreFailed as error:
            return _refuse(f"Old mentions cannot be put in their place: {error}. Nothing else was changed.")
        except (DatabaseError, psycopg.Error) as error:
            return _refuse(f"Not restored, nothing was changed: {' '.join(str(error).split())}")
        saying.line("restored", f"{archive.manifest.rows:,} rows")
        for note in notes:
            saying.plain(f"- {note}")
        saying.plain(
            f"Whoever was let go since {archive.manifest.made[:10]}, people and programs, is back: look through People."
        )
        saying.plain("Everybody signs in again. For you: comptoir up, then comptoir owner-link")
    return 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
