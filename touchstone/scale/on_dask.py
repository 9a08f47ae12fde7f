"""Parts scored by the workers of a Dask cluster, which see the same files under the same paths."""

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from itertools import islice
from typing import Any

from touchstone.errors import Refused
from touchstone.scale.batches import BatchScorer
from touchstone.scale.inputs import PartToScore
from touchstone.scale.parts import Origin, PartDone, PartWrong, write_part
from touchstone.scale.running import Engine

SECONDS_TO_ANSWER = 10
AHEAD = 3  # parts handed out for each thread of the cluster


def on_dask(address: str) -> Engine:
    """The engine of a cluster, by its scheduler's address (tcp://host:8786). Dask gives the parts of a worker that was lost to
    others. Raises Refused where the extra "scale" is not installed, and where nobody answers."""
    try:
        import distributed
    except ImportError:
        raise Refused(
            "a Dask cluster needs distributed: install touchstone[scale], or score on this machine", way=("jobs N",)
        ) from None

    def engine(scorer: BatchScorer, parts: Sequence[PartToScore], folder: str, origin: Origin) -> Iterator[PartDone | PartWrong]:
        if not parts:
            return
        try:
            distributed.comm.get_address_host_port(address, strict=True)
            client = distributed.Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as wrong:
            said = str(wrong).splitlines()[0][:200] if str(wrong) else type(wrong).__name__
            raise Refused(
                f"no Dask scheduler answers at {address} ({said}); check the address", way=("dask tcp://HOST:8786",)
            ) from None
        with client:
            yield from _scored(distributed, client, scorer, parts, folder, origin)

    return engine


def _scored(
    distributed: Any, client: Any, scorer: BatchScorer, parts: Sequence[PartToScore], folder: str, origin: Origin
) -> Iterator[PartDone | PartWrong]:
    threads = sum(client.nthreads().values())
    if not threads:
        raise Refused("the Dask cluster has no worker; start some (dask worker ADDRESS), and give the same command again")
    # A task, not scattered data: when the workers that hold it are lost, Dask makes it anew.
    everywhere = client.submit(_as_it_is, scorer, pure=False)
    waiting = iter(parts)

    def handed(number: int) -> list[Any]:
        few = islice(waiting, number)
        return [client.submit(write_part, everywhere, part, folder, origin, pure=False) for part in few]

    done = distributed.as_completed(handed(AHEAD * threads), loop=client.loop)
    while True:
        try:
            future = next(done, None)
            if future is None:
                return
            outcome = future.result()
        except distributed.KilledWorker:
            raise Refused(
                "workers of the Dask cluster ended again and again in one part (killed, or out of memory); what is written stays:"
                " the same command goes on there"
            ) from None
        except (distributed.client.FutureCancelledError, distributed.comm.CommClosedError, CancelledError) as wrong:
            raise Refused(
                f"the Dask cluster was lost ({type(wrong).__name__}); what is written stays: the same command goes on there"
            ) from None
        except (FileNotFoundError, PermissionError) as wrong:
            raise Refused(
                f"a worker of the Dask cluster cannot use {wrong.filename} ({wrong.strerror}): the files and the folder must"
                " be there under the same path on each machine"
            ) from None
        except ModuleNotFoundError as wrong:
            raise Refused(f"a worker of the Dask cluster has no {wrong.name}: install touchstone[scale] there, too") from None
        done.update(handed(1))
        yield outcome


def _as_it_is(scorer: BatchScorer) -> BatchScorer:
    return scorer
