"""A kernel and a client that collects what belongs to a request."""
import time
import unittest
from queue import Empty

from jupyter_client.manager import KernelManager

KERNEL = "research-csharp"


class KernelCase(unittest.TestCase):
    """One kernel for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.km = KernelManager(kernel_name=KERNEL)
        cls.km.start_kernel()
        cls.kc = cls.km.client()
        cls.kc.start_channels()
        cls.kc.wait_for_ready(timeout=60)

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
    def receive(channel, timeout=30):
        from jupyter_client.utils import run_sync

        return run_sync(channel.get_msg)(timeout=timeout)

    def reply(self, msg_id, channel=None, timeout=30):
        deadline = time.monotonic() + timeout
        while True:
            message = self.receive(channel or self.kc.shell_channel, deadline - time.monotonic())
            if message["parent_header"].get("msg_id") == msg_id:
                return message

    def outputs(self, msg_id, timeout=30):
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

    def run_cell(self, code, timeout=30, **options):
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
