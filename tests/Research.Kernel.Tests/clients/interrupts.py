"""Interrupting, shutting down, restarting: the kernel survives what it should and ends when it should."""
import os
import signal
import subprocess
import sys
import time

import strict
from harness import KERNEL, PATIENCE, Gate, KernelCase, WorkClock, text

LONGEST = 0.5  # seconds of work from interrupt to reply


class Interrupts(KernelCase):
    def started(self, code):
        """Executes code and returns when it runs."""
        gate = Gate()
        msg_id = self.kc.execute(gate.reach + code)
        gate.wait_until_reached()
        return msg_id

    def interrupted(self, code, interrupt):
        self.run_cell("int kept = 41;")
        msg_id = self.started(code)
        WorkClock.sleep(0.3)
        with WorkClock() as clock:
            interrupt()
            reply = self.reply(msg_id)["content"]
            elapsed = clock.elapsed()
        self.assertEqual((reply["status"], reply["ename"]), ("error", "Interrupted"))
        self.assertLess(elapsed, LONGEST)
        self.assertEqual(self.value("kept + 1"), "42")

    def by_message(self):
        self.km.interrupt_kernel()

    def test_busy_loop(self):
        self.interrupted("while (true) { }", self.by_message)

    def test_sleep(self):
        self.interrupted("System.Threading.Thread.Sleep(60000);", self.by_message)

    def test_await(self):
        self.interrupted("await Task.Delay(60000);", self.by_message)

    def test_busy_loop_after_an_await(self):
        self.interrupted(
            "await Task.Delay(10); while (true) { }",
            self.by_message)

    def test_signal(self):
        self.interrupted("while (true) { }", lambda: self.km.provisioner.process.send_signal(signal.SIGINT))

    def test_idle_kernel_survives_both(self):
        self.km.provisioner.process.send_signal(signal.SIGINT)
        self.km.interrupt_kernel()
        time.sleep(0.3)
        self.assertEqual(self.value("5"), "5")

    def test_interrupt_aborts_the_queue(self):
        first = self.started("while (true) { }")
        second = self.kc.execute("1")
        WorkClock.sleep(0.7)  # It goes by another connection than the interrupt, which must not overtake it.
        self.by_message()
        self.assertEqual(self.reply(first)["content"]["status"], "error")
        self.assertEqual(self.reply(second)["content"]["status"], "aborted")


class Lives(KernelCase):
    def test_restart_forgets_and_serves(self):
        self.run_cell("int before = 1;")
        self.km.restart_kernel()
        self.kc.wait_for_ready(timeout=PATIENCE)
        content, _ = self.run_cell("before")
        self.assertEqual(content["ename"], "CompilationError")
        content, outputs = self.run_cell('Console.Write("again");')
        self.assertEqual((content["execution_count"], text(outputs)), (2, "again"))

    def test_shutdown_is_answered_and_clean_even_while_busy(self):
        gate = Gate()
        self.kc.execute(gate.reach + "while (true) { }")
        gate.wait_until_reached()
        msg_id = self.send(self.kc.control_channel, "shutdown_request", {"restart": False})
        reply = self.reply(msg_id, self.kc.control_channel)["content"]
        self.assertEqual((reply["status"], reply["restart"]), ("ok", False))
        self.assertEqual(self.km.provisioner.process.wait(timeout=PATIENCE), 0)
        self.km.restart_kernel(now=True)
        self.kc.wait_for_ready(timeout=PATIENCE)


class Orphans(KernelCase):
    def test_kernel_ends_with_its_parent(self):
        parent = subprocess.Popen(
            [sys.executable, "-c",
             "import time; from jupyter_client.manager import KernelManager; "
             f"km = KernelManager(kernel_name='{KERNEL}'); km.start_kernel(); c = km.client(); c.start_channels(); "
             f"c.wait_for_ready(timeout={PATIENCE}); print(km.provisioner.process.pid, flush=True); time.sleep({PATIENCE})"],
            stdout=subprocess.PIPE)
        kernel = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and running(kernel):
            time.sleep(0.1)
        self.assertFalse(running(kernel))


def running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    strict.main()
