"""A session in jupyter-console, typed by pexpect."""
import os
import sys
import unittest

import pexpect

import strict
from harness import KERNEL, PATIENCE


class Console(unittest.TestCase):
    def test_a_session(self):
        child = pexpect.spawn(
            "/usr/bin/jupyter-console", ["--kernel", KERNEL, "--simple-prompt", f"--ZMQTerminalInteractiveShell.kernel_timeout={PATIENCE}"],
            encoding="utf-8", timeout=PATIENCE, env={**os.environ, "TERM": "dumb"}, dimensions=(40, 120))
        child.logfile_read = sys.stdout
        try:
            child.expect("C#")
            child.expect(r"In \[1\]")
            child.sendline("6 * 7")
            child.expect(r"Out\[1\]:\s*42")
            child.expect(r"In \[2\]")
            child.sendline('Console.WriteLine("printed" + 1);')
            child.expect("printed1")
            child.expect(r"In \[3\]")
            child.sendline('Console.Write("[" + Console.ReadLine() + "]");')
            child.sendline("typed")
            child.expect(r"\[typed\]")
            child.expect(r"In \[4\]")
            child.sendline('throw new Exception("shown");')
            child.expect("System.Exception: shown")
            child.expect(r"In \[5\]")
            child.sendline("Enumerable.Range(0, 3).Sum()")
            child.expect(r"Out\[5\]:\s*3")
            child.expect(r"In \[6\]")
            child.sendeof()
            child.expect("exit")
            child.sendline("y")
            child.expect(pexpect.EOF)
        finally:
            child.close(force=True)


if __name__ == "__main__":
    strict.main()
