"""A kernel and a client that collects what belongs to a request.

No verdict depends on how busy the machine is: who waits for an event waits for that event, with PATIENCE only as a guard
against waiting for ever, and what must be quick is measured by the WorkClock.
"""
import os
import subprocess
import sys
import tempfile
import time
import unittest
from queue import Empty

from jupyter_client.manager import KernelManager

KERNEL = "research-csharp"
PATIENCE = 600  # seconds


class WorkClock:
    """A clock that runs only while a busy process runs: a stopwatch where a processor is free, and where none is it
    falls behind as all work does."""

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-c", "print(flush=True)\nwhile True: pass"], stdout=subprocess.PIPE)
        self._process.stdout.readline()
        self._start = self._worked()
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def elapsed(self):
        return self._worked() - self._start

    def _worked(self):
        with open(f"/proc/{self._process.pid}/stat", encoding="ascii") as file:
            user, system = file.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    @classmethod
    def sleep(cls, seconds):
        """Waits as long as work of this length takes now."""
        with cls() as clock:
            while clock.elapsed() < seconds:
                time.sleep(0.02)


class Gate:
    """Files by which code of a cell says where it is, and for which it waits; `reach` and `wait` are that code."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._reached, self._open = (os.path.join(self._folder.name, name) for name in ("reached", "open"))
        self.reach = f'System.IO.File.WriteAllText("{self._reached}", "");'
        self.wait = f'while (!System.IO.File.Exists("{self._open}")) System.Threading.Thread.Sleep(10);'

    def wait_until_reached(self):
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(self._reached):
            if time.monotonic() > deadline:
                raise AssertionError("The cell did not come so far.")
            time.sleep(0.01)

    def open(self):
        with open(self._open, "w", encoding="ascii"):
            pass


class KernelCase(unittest.TestCase):
    """One kernel for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.km = KernelManager(kernel_name=KERNEL)
        cls.km.start_kernel()
        cls.kc = cls.km.client()
        cls.kc.start_channels()
        cls.kc.wait_for_ready(timeout=PATIENCE)

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel()

    def setUp(self):
        for channel in (self.kc.shell_channel, self.kc.iopub_channel, self.kc.control_channel):
            self.drain(channel)

    @staticmethod
    def drain(channel):
        while True:
            try:
                KernelCase.receive(channel, 0.05)
            except Empty:
                return

    @staticmethod
    def receive(channel, timeout=PATIENCE):
        from jupyter_client.utils import run_sync

        return run_sync(channel.get_msg)(timeout=timeout)

    def reply(self, msg_id, channel=None, timeout=PATIENCE):
        deadline = time.monotonic() + timeout
        while True:
            message = self.receive(channel or self.kc.shell_channel, deadline - time.monotonic())
            if message["parent_header"].get("msg_id") == msg_id:
                return message

    def outputs(self, msg_id, timeout=PATIENCE):
        """All on iopub with this parent, up to its idle."""
        messages = []
        deadline = time.monotonic() + timeout
        while True:
            message = self.receive(self.kc.iopub_channel, deadline - time.monotonic())
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            messages.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages

    def run_cell(self, code, timeout=PATIENCE, **options):
        msg_id = self.kc.execute(code, **options)
        outputs = self.outputs(msg_id, timeout)
        return self.reply(msg_id, timeout=timeout)["content"], outputs

    def value(self, code):
        content, outputs = self.run_cell(code)
        self.assertEqual(content["status"], "ok", content)
        [result] = [m for m in outputs if m["msg_type"] == "execute_result"]
        return result["content"]["data"]["text/plain"]

    def send(self, channel, msg_type, content):
        message = self.kc.session.msg(msg_type, content)
        channel.send(message)
        return message["header"]["msg_id"]


def types(messages):
    return [m["msg_type"] for m in messages]


def text(messages, name="stdout"):
    return "".join(
        m["content"]["text"] for m in messages if m["msg_type"] == "stream" and m["content"]["name"] == name)
