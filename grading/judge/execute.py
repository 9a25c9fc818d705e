"""nbgrader's Execute with the kernel in a sandbox and the test cells before the judge."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient.exceptions import DeadKernelError
from nbclient.util import run_sync
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader import utils
from nbgrader.preprocessors import Execute

from grading import transfer
from grading.judge.marking import Judge
from grading.judge.remote import Remote, RemoteError, SubmissionError
from grading.judge.sandbox import MEGABYTE, Limits, Sandbox, environment, own_user
from grading.judge.watch import Watch, end

#: A message larger than this is not read.
LARGEST_MESSAGE = 48 * MEGABYTE
#: How often a kernel that died is started again, without the cell at which it died.
RESTARTS = 3


class SandboxExecute(Execute):
    """Runs a submission's cells in a sandbox, and its test cells outside of it.

    Set before use: `limits`, `unsafe`, `fonts`, `answers`. Read after use: `notes`,
    sentences on what went wrong with the kernel.
    """

    limits = Limits()
    unsafe = False
    fonts: Path | None = None
    answers: frozenset[str] = frozenset()

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: Any = None
    ) -> tuple[NotebookNode, Any]:
        """Run the notebook; never raises for what a submission does."""
        self.notes: list[str] = []
        self._died: set[int] = set()
        self._watch: Watch | None = None
        self._ends = time.monotonic() + self.limits.seconds
        self._over = False
        self._asked: str | None = None
        self.judge = Judge(self.answers, self)
        self.timeout = self.limits.cell_seconds
        self.iopub_timeout = 5
        self.startup_timeout = 60
        self.store_widget_state = False
        with (
            tempfile.TemporaryDirectory(prefix="lif-", dir=_short_folder()) as made,
            own_user() as self._user,
        ):
            self._folder = Path(made)
            try:
                return self._preprocess(nb, resources)
            finally:
                self._stop()

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        from nbclient.client import NotebookClient

        NotebookClient.__init__(self, nb)
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        self._start()
        if self._over:  # before anything of the submission ran: not its fault
            raise RuntimeError(self.notes[-1])
        for index, cell in enumerate(nb.cells):
            self._index = index
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            if utils.is_grade(cell) and not utils.is_solution(cell):
                cell.outputs = self.judge.mark(cell.source)
                continue
            self._run(cell, index)
            if utils.is_locked(cell):
                self.judge.set_up(cell.source)
        return nb, resources

    # --- the kernel ---------------------------------------------------------------------
    def _start(self) -> None:
        """Start a kernel in a sandbox of its own."""
        place = Path(tempfile.mkdtemp(prefix="k", dir=self._folder))
        for name in ("s", "i", "kernels"):
            (place / name).mkdir()
        sandbox = Sandbox(place / "s", place / "i", self.limits, self._user, self.fonts)
        sandbox.write_kernelspec(place / "kernels", unsafe=self.unsafe)
        sandbox.prepare()
        self._inbox = place / "i"
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        specs = KernelSpecManager(kernel_dirs=[str(place / "kernels")], ensure_native_kernel=False)
        km = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=specs,
            transport="ipc",
            context=context,
            ip=str(place / "s" / "k"),
            connection_file=str(place / "i" / "connection.json"),
        )
        self.km: AsyncKernelManager | None = km
        self.kc = None
        given = environment(sandboxed=not self.unsafe)
        if self.unsafe:
            given |= {"HOME": str(place / "kernels"), "IPYTHONDIR": str(place / "kernels")}
        try:
            with open(place / "said.txt", "wb") as said:
                run_sync(km.start_kernel)(
                    env=given, cwd=str(place / "s"), stdout=DEVNULL, stderr=said
                )
            self._watch = Watch(_process_of(km), sandbox, self._ends)
            self._watch.start()
            self.start_new_kernel_client()
        except Exception as error:
            self._over = True
            lines = (place / "said.txt").read_text("utf-8", "replace").strip().splitlines()
            why = lines[-1] if lines else self._reason(error)
            self.notes.append(f"its kernel did not start: {why}")

    def _stop(self) -> None:
        """End the kernel with all that runs beside it; without a polite request, since it is not trusted."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()
            end(watch.pid)
        if self.kc is not None:
            with contextlib.suppress(Exception):
                self.kc.stop_channels()
        if self.km is not None and self.km.has_kernel:
            with contextlib.suppress(Exception):
                run_sync(self.km.shutdown_kernel)(now=True)
        if self.km is not None:
            with contextlib.suppress(Exception):
                self.km.context.destroy(linger=0)
        self.km = self.kc = None

    def _reason(self, error: BaseException) -> str:
        """Why the kernel is lost, in words."""
        if self._watch is not None:
            # the watch may be about to say so
            self._watch.join(timeout=1.0)
            if self._watch.reason:
                return self._watch.reason
        if isinstance(error, DeadKernelError):
            return "its kernel ended"
        if "Timeout" in type(error).__name__:
            return f"it did not stop after {self.limits.cell_seconds} s"
        text = str(error).strip().splitlines()
        return f"{type(error).__name__}: {text[0][:200] if text else ''}"

    def _run(self, cell: NotebookNode, index: int) -> None:
        """Run one cell of the submission, whatever happens."""
        if self._over:
            cell.outputs = [_stopped("not run, because the kernel is lost")]
            return
        self._bytes = 0
        try:
            self.execute_cell(cell, index, store_history=True)
        except Exception as error:
            reason = self._reason(error)
            cell.outputs = [*cell.outputs, _stopped(reason)]
            self._lost(index, reason)

    def _lost(self, index: int, reason: str) -> None:
        """Start a new kernel and run again what was run, without the cell that ended the old."""
        self.notes.append(f"cell {index + 1}: {reason}")
        self._died.add(index)
        self._stop()
        if len(self._died) > RESTARTS or time.monotonic() > self._ends:
            self._over = True
            return
        self._start()
        for place, cell in enumerate(self.nb.cells[:index]):
            if self._over:
                return
            tests = utils.is_grade(cell) and not utils.is_solution(cell)
            if cell.cell_type != "code" or tests or place in self._died:
                continue
            copy = new_code_cell(cell.source)
            self._bytes = 0
            try:
                self._aside(copy, place)
            except Exception as error:
                self.notes.append(f"cell {place + 1}: {self._reason(error)}")
                self._over = True
                self._stop()

    def _aside(self, cell: NotebookNode, index: int) -> None:
        """Run a cell that does not belong to the notebook."""
        kept = self.nb.cells[index]
        try:
            self.execute_cell(cell, index, store_history=False)
        finally:
            self.nb.cells[index] = kept

    # --- the line of the judge ----------------------------------------------------------
    def ask(self, path: list[str], arguments: bytes | None) -> Any:
        """Fetch an answer or call a function; see :class:`grading.judge.remote.Line`."""
        if self._over:
            raise SubmissionError(f"not run: {self.notes[-1]}" if self.notes else "not run")
        inbox = None
        if arguments is not None:
            inbox = self._inbox / "call.pickle"
            inbox.write_bytes(arguments)
            inbox.chmod(0o644)
        place = None if inbox is None else str(inbox)
        cell = new_code_cell(
            f"__import__('grading.inside.answer', fromlist=['answer']).answer({path!r}, {place!r})"
        )
        self._bytes, self._asked = 0, None
        try:
            self._aside(cell, self._index)
        except Exception as error:
            reason = self._reason(error)
            self._lost(self._index, reason)
            raise SubmissionError(f"no answer from '{'.'.join(path)}': {reason}") from None
        finally:
            if inbox is not None:
                inbox.unlink()
        return self._read(path, cell, called=arguments is not None)

    def _read(self, path: list[str], cell: NotebookNode, *, called: bool) -> Any:
        """The value in the message of :func:`grading.inside.answer.answer`."""
        name = ".".join(path)
        if self._asked is None:
            late = any(out.get("ename") == "CellTimeoutError" for out in cell.outputs)
            why = f"it did not end within {self.limits.cell_seconds} s" if late else "no answer"
            raise SubmissionError(f"'{name}': {why}")

        def opaque(kind: str, can_call: bool, bases: list[str]) -> Remote:
            return Remote(self, None if called or nested else path, kind, can_call)

        try:
            message = json.loads(self._asked)
            if message.get("missing"):
                raise KeyError(name)
            if "error" in message:
                kind, text, names = message["error"]
                raise RemoteError(str(kind)[:80], str(text)[:500], [str(n) for n in names])
            node = message["value"]
            nested = node[0] != "opaque"
            return transfer.decode(node, opaque)
        except (KeyError, RemoteError):
            raise
        except Exception as error:
            raise SubmissionError(f"'{name}' did not come as a plain value ({error})") from None

    # --- what the kernel sends ------------------------------------------------------------
    def process_message(self, msg: Any, cell: NotebookNode, cell_index: int) -> Any:
        """Keep an output, up to the limit; note the answer to a question of the judge."""
        content = msg["content"]
        if msg["msg_type"] == "display_data" and transfer.MEDIA_TYPE in content["data"]:
            if self._asked is None:
                self._asked = str(content["data"][transfer.MEDIA_TYPE])
            return None
        if msg["msg_type"] in (
            "stream",
            "display_data",
            "execute_result",
            "error",
            "update_display_data",
            "comm_open",
            "comm_msg",
        ):
            before, size = self._bytes, len(json.dumps(content, default=str))
            self._bytes += size
            if self._bytes > self.limits.output:
                if before <= self.limits.output:
                    kept = self.limits.output // MEGABYTE
                    text = f"\n… the rest of the output is left out: more than {kept} MB\n"
                    cell.outputs.append(new_output("stream", name="stdout", text=text))
                    self.notes.append(f"cell {cell_index + 1}: more than {kept} MB of output")
                return None
            if msg["msg_type"].startswith("comm"):
                return None
        return super().process_message(msg, cell, cell_index)


def _process_of(km: AsyncKernelManager) -> int:
    """Number of the process that the manager started: of bubblewrap, or of the kernel."""
    if not isinstance(km.provisioner, LocalProvisioner) or km.provisioner.pid is None:
        raise RuntimeError("the kernel is not a process of this machine")
    return km.provisioner.pid


def _stopped(reason: str) -> NotebookNode:
    """What stands below a cell that was stopped."""
    made: NotebookNode = new_output(
        "error", ename="Stopped", evalue=reason, traceback=[f"Stopped: {reason}"]
    )
    return made


def _short_folder() -> str:
    """A folder with a short path: that of a socket may have 107 characters at most."""
    folder = tempfile.gettempdir()
    return folder if len(folder) < 40 else "/tmp"


__all__ = ["SandboxExecute"]
