"""Drives `research script` in a pseudo terminal, as a person would. Arguments: dotnet, research.dll, a home folder."""
import os
import re
import sys

import pexpect

dotnet, dll, home = sys.argv[1:4]
environment = dict(os.environ, HOME=home, XDG_DATA_HOME=home, TERM="xterm-256color")
environment.pop("NO_COLOR", None)
PATIENCE = 600  # seconds; no verdict, only so that nothing waits for ever


def start(*arguments):
    child = pexpect.spawn(
        dotnet, [dll, "script", *arguments], env=environment, dimensions=(40, 100), timeout=PATIENCE, encoding="utf-8")
    child.delaybeforesend = 0.1
    return child


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def at_prompt(child):
    # Each drawing ends in a move behind the prompt: an empty entry is "> " and the cursor in column 2.
    child.expect(r"\x1b\[J> \r\x1b\[2C")


def run(child, entry, *patterns):
    child.send(entry + "\r")
    for pattern in patterns:
        child.expect(pattern)
    at_prompt(child)


child = start()
child.expect(r"\x1b\[\?2004h")
at_prompt(child)

# Values are shown in colour, state is kept.
run(child, "int x = 20;")
run(child, "x * 2 + 2", r"\x1b\[36m42\x1b\[0m")

# A body of several lines is one entry; the editor indents, and puts the brace back.
child.send("int Twice(int k)\r")
child.expect(r"\r+\n\. ")
child.send("{\rreturn 2 * k;\r}\r")
child.expect(r"\.     return 2 \* k;")
at_prompt(child)
run(child, "Twice(21) + 1", r"36m43")

# Completion, with one candidate and with several.
child.send("Console.WriteLi\t")
child.expect_exact("Console.WriteLine")
child.send("(\"com\" + \"pleted\");\r")
child.expect_exact("completed")
at_prompt(child)
child.send("Console.Wr\t\t")
child.expect(r"Write +WriteLine\r+\n")
child.send("\x03")
at_prompt(child)

# The cursor keys: insert before the 1, then at the end.
child.send("1\x01" + "4" + "\x05" + "0" + "\x1b[D\x1b[D" + "7" + "\r")
child.expect(r"36m4710")
at_prompt(child)

# History: the entry before, the one before that, a search.
child.send("\x1b[A\r")
child.expect(r"36m4710")
at_prompt(child)
child.send("\x12Twice(21")
child.expect_exact("(search)`Twice(21': Twice(21) + 1")
child.send("\r")
child.expect(r"36m43")
at_prompt(child)

# Up to an entry of several lines brings all of it.
child.send("\x12int Tw\x05")
child.expect(r"\.     return 2 \* k;")
child.send("\x03")
at_prompt(child)

# A paste of several lines is one edit and does not run until Enter.
child.send("\x1b[200~var p = 5;\r\nvar q = 6;\r\np * q\x1b[201~")
child.expect_exact(". p * q")
child.send("\r")
child.expect(r"36m30")
at_prompt(child)

# Ctrl-C at the prompt gives the line up; in a busy loop it interrupts, and the state is kept.
child.send("nonsense(\x03")
at_prompt(child)
child.send("Console.WriteLine(\"loo\" + \"ping\"); while (true) { }\r")
child.expect_exact("looping")
child.send("\x03")
child.expect_exact("Interrupted")
at_prompt(child)
run(child, "x", r"36m20")

# Errors name the line, in red; directives work.
run(child, "throw new Exception(\"broken\");", r"\x1b\[31mSystem.Exception: broken")
run(child, "#help", "Ctrl-R searches")
run(child, "#reset")
run(child, "x", "CS0103")

# A cell's own ReadLine gets the line.
child.send("Console.WriteLine(\"as\" + \"ked\"); \"got \" + Console.ReadLine()\r")
child.expect_exact("asked")
child.send("typed\r")
child.expect("got typed")
at_prompt(child)

# Wide characters and emoji keep the cursor in its place.
run(child, "\"é漢😀\".Length", r"36m4")

child.send("\x04")
child.expect_exact("\x1b[?2004l")
child.expect(pexpect.EOF)
child.close()
assert child.exitstatus == 0, child.exitstatus

# The history outlives the process, in a file of the user's own.
child = start()
at_prompt(child)
child.send("\x12broken")
child.expect_exact("throw new Exception(\"broken\");")
child.send("\x03")
at_prompt(child)
child.send("#exit\r")
child.expect(pexpect.EOF)
child.close()
assert child.exitstatus == 0, child.exitstatus
files = [os.path.join(folder, name) for folder, _, names in os.walk(home) for name in names if "history" in name]
assert len(files) == 1 and os.stat(files[0]).st_mode & 0o077 == 0, files

# A script first, then the prompt with its state.
script = os.path.join(home, "first.csx")
with open(script, "w", encoding="utf-8") as file:
    file.write("int fromScript = 7; Console.WriteLine(\"ran with \" + Args[0]);")
child = start("-i", script, "word")
child.expect_exact("ran with word")
at_prompt(child)
run(child, "fromScript * 3", r"36m21")
child.send("\x04")
child.expect(pexpect.EOF)

print("the prompt behaves")
