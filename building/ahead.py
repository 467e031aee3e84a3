"""Outside files, fetched while the virtual environment is being made. Standard library only.

What fails is told by nobody here: the build asks for it again.
"""

import contextlib
from concurrent.futures import ThreadPoolExecutor

from building.artefacts import AT_ONCE, LATE, NEEDED, Artefact, Store, load
from building.errors import BuildError
from building.progress import step


def main() -> None:
    """Fetch what a build begins with and the cache lacks."""
    store = Store()
    wanted = [found for found in load().values() if found.group in NEEDED and found.group != LATE]
    missing = [found for found in wanted if not store.has(found)]

    def try_to_get(artefact: Artefact) -> None:
        with contextlib.suppress(BuildError):
            store.get(artefact)

    with step(f"Fetching {len(missing)} outside files"), ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(try_to_get, missing))


if __name__ == "__main__":
    main()
