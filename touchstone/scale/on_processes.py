"""Parts scored in several processes of this machine.

Processes are made anew, not forked: pyarrow has threads, and a fork would hold the lock of the folder after its parent is gone.
The scorer is handed over in a file: what is sent to a new process goes through a pipe, and where that process ends before it has
read all of it, a parent with more to send than the pipe holds would wait for ever.
"""

import multiprocessing
import os
import pickle
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from touchstone.english import many
from touchstone.errors import Refused
from touchstone.scale.batches import BatchScorer
from touchstone.scale.inputs import PartToScore
from touchstone.scale.parts import Origin, PartDone, PartWrong, write_part
from touchstone.scale.running import Engine, here

MOST_BREAKS = 3  # times that a worker may end before the run does
AHEAD = 2  # parts handed out for each process


def on_processes(jobs: int) -> Engine:
    """The engine of so many processes. A worker that ends in the middle of a part is replaced, and the part scored anew; when it
    happens for the third time it is Refused: what is written stays."""

    def engine(scorer: BatchScorer, parts: Sequence[PartToScore], folder: str, origin: Origin) -> Iterator[PartDone | PartWrong]:
        if jobs == 1 or len(parts) == 1:
            yield from here(scorer, parts, folder, origin)
            return
        left, breaks = {part.name: part for part in parts}, 0
        with tempfile.TemporaryDirectory() as private:
            kept = Path(private, "scorer")
            kept.write_bytes(pickle.dumps(scorer))
            while left:
                try:
                    for outcome in _once(jobs, kept, list(left.values()), folder, origin):
                        del left[outcome.part.name if isinstance(outcome, PartWrong) else outcome.name]
                        yield outcome
                except BrokenProcessPool:
                    breaks += 1
                    if breaks == MOST_BREAKS:
                        ended = f"a process that scores ended {many(breaks, 'time')} (killed, or out of memory)"
                        raise Refused(
                            f"{ended}; {many(len(left), 'part')} are to go. What is written stays: the same command goes on"
                            " there, with fewer processes if memory is short",
                            way=("jobs N",),
                        ) from None

    return engine


def _once(jobs: int, kept: Path, parts: Sequence[PartToScore], folder: str, origin: Origin) -> Iterator[PartDone | PartWrong]:
    waiting, handed = iter(parts), set[Future[PartDone | PartWrong]]()
    context = multiprocessing.get_context("spawn")
    processes = min(jobs, len(parts))
    with ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(kept, folder, origin, os.getpid())) as pool:
        try:
            while True:
                while len(handed) < AHEAD * processes and (part := next(waiting, None)):
                    handed.add(_handed(pool, part))
                if not handed:
                    return
                for future in (finished := wait(handed, return_when=FIRST_COMPLETED).done):
                    yield future.result()
                handed -= finished
        finally:
            pool.shutdown(cancel_futures=True)


def _handed(pool: ProcessPoolExecutor, part: PartToScore) -> "Future[PartDone | PartWrong]":
    """A worker may be started here; where another has just ended, the pool's pipes are closed under it."""
    try:
        return pool.submit(_write, part)
    except OSError as wrong:
        raise BrokenProcessPool(str(wrong)) from wrong


_of_worker: list[tuple[BatchScorer, str, Origin]] = []  # a worker belongs to one run and is gone with it


def _begin(kept: Path, folder: str, origin: Origin, parent: int) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _of_worker.append((pickle.loads(kept.read_bytes()), folder, origin))


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would wait for the next part for ever."""
    while os.getppid() == parent:
        threading.Event().wait(0.5)
    os._exit(1)


def _write(part: PartToScore) -> PartDone | PartWrong:
    scorer, folder, origin = _of_worker[0]
    return write_part(scorer, part, folder, origin)
