"""Grading several submissions at one time, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from grading.desk.course import write_whole
from grading.desk.records import Job, read_record
from grading.desk.worker import give_up, work

#: Seconds after a submission's own time in which a worker must have ended.
GRACE = 120


@dataclass(frozen=True)
class _Running:
    """A worker at its job; `trouble` is the file for an error of ours."""

    process: BaseProcess
    job: Job
    trouble: Path
    since: float

    @property
    def late(self) -> bool:
        """Whether it should have ended by now."""
        return time.monotonic() - self.since > self.job.limits.seconds + GRACE


class Pool:
    """Runs jobs in processes, each in a new one; the loss of one loses nothing else."""

    def __init__(self, workers: int, say: Callable[[str], None]) -> None:
        self.workers = workers
        self.say = say
        # new processes are copies of one that has imported everything
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["grading.desk.worker", "lifbook.structure"])

    def run(self, jobs: list[Job]) -> None:
        """Do all jobs; tell about each."""
        waiting, began, ended = list(reversed(jobs)), time.monotonic(), 0
        running: dict[int, _Running] = {}
        with tempfile.TemporaryDirectory(prefix="lif-") as made:
            try:
                while waiting or running:
                    for slot in range(self.workers):
                        if slot not in running and waiting:
                            running[slot] = self._start(waiting.pop(), Path(made) / str(slot))
                    multiprocessing.connection.wait(
                        [one.process.sentinel for one in running.values()], timeout=5
                    )
                    for slot, one in list(running.items()):
                        if one.process.is_alive() and not one.late:
                            continue
                        self._end(running.pop(slot))
                        ended += 1
                        self._tell(one.job, ended, len(jobs), time.monotonic() - began)
            finally:
                for one in running.values():
                    one.process.kill()
                    one.process.join()

    def _start(self, job: Job, trouble: Path) -> _Running:
        process = self.context.Process(target=work, args=(job, trouble))
        process.start()
        return _Running(process, job, trouble, time.monotonic())

    def _end(self, one: _Running) -> None:
        """See a worker off, by force if it is late, and note if it failed."""
        late = one.late
        if one.process.is_alive():
            one.process.kill()
        one.process.join()
        self._note(one.job, one.process.exitcode, one.trouble, late)

    def _note(self, job: Job, code: int | None, trouble: Path, late: bool) -> None:
        """Enter a submission whose worker failed; the others are not affected."""
        if code == 0:
            return
        text = trouble.read_text("utf-8").strip() if trouble.is_file() else ""
        trouble.unlink(missing_ok=True)
        if late:
            why = "grading it did not end in time"
        elif text:
            why = f"grading it failed ({text.splitlines()[-1][:200]})"
            write_whole(
                job.course.records(job.assignment) / "errors" / f"{job.submission.student}.txt",
                text.encode(),
            )
        else:
            why = "the process that graded it was lost"
        give_up(job, why)

    def _tell(self, job: Job, ended: int, of: int, seconds: float) -> None:
        record = read_record(job.course.records(job.assignment) / f"{job.submission.student}.json")
        if record is None:
            return
        text = f"not graded: {record.problem}" if record.problem else f"{record.seconds:.1f} s"
        if record.notes and not record.problem:
            text += f"; {record.notes[0]}" + (" …" if len(record.notes) > 1 else "")
        left = seconds / ended * (of - ended)
        until = f"   about {left / 60:.0f} min left" if left > 90 and ended % 10 == 0 else ""
        self.say(f"  [{ended:{len(str(of))}}/{of}] {job.submission.student}: {text}{until}")
