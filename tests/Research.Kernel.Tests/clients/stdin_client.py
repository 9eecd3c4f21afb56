"""Input: Console.ReadLine, Console.In, GetInputAsync and GetPasswordAsync, asked through the stdin channel."""
import strict
from harness import KernelCase, WorkClock, text


class Input(KernelCase):
    def answer(self, code, *lines):
        """Runs a cell, answers its questions; gives the prompts, the reply and the outputs."""
        msg_id = self.kc.execute(code, allow_stdin=True)
        asked = []
        for line in lines:
            request = self.receive(self.kc.stdin_channel)
            self.assertEqual(request["msg_type"], "input_request")
            self.assertEqual(request["parent_header"]["msg_id"], msg_id)
            asked.append((request["content"]["prompt"], request["content"]["password"]))
            self.kc.input(line)
        outputs = self.outputs(msg_id)
        return asked, self.reply(msg_id)["content"], outputs

    def test_read_line(self):
        asked, content, outputs = self.answer('Console.Write("hello " + Console.ReadLine());', "Ada")
        self.assertEqual(asked, [("", False)])
        self.assertEqual(text(outputs), "hello Ada")

    def test_reader_character_by_character_and_line(self):
        _, _, outputs = self.answer(
            'Console.Write($"{(char)Console.In.Read()}{(char)Console.Read()}|{Console.ReadLine()}");', "abcd")
        self.assertEqual(text(outputs), "ab|cd")

    def test_get_input(self):
        asked, _, outputs = self.answer(
            'Console.Write(await Kernel.GetInputAsync("name? ") + await Kernel.GetInputAsync("town? "));', "A", "B")
        self.assertEqual(asked, [("name? ", False), ("town? ", False)])
        self.assertEqual(text(outputs), "AB")

    def test_password_is_asked_as_one_and_not_shown(self):
        asked, _, outputs = self.answer(
            'var secret = await Kernel.GetPasswordAsync("key"); '
            'Console.Write($"{secret} {secret.GetClearTextPassword().Length}");', "hunter2")
        self.assertEqual(asked, [("key", True)])
        self.assertNotIn("hunter2", text(outputs))
        self.assertTrue(text(outputs).endswith(" 7"))

    def test_end_of_input_is_null(self):
        _, _, outputs = self.answer("Console.Write(Console.ReadLine() is null);", "\x04")
        self.assertEqual(text(outputs), "True")

    def test_not_allowed_is_a_clear_error(self):
        content, _ = self.run_cell("Console.ReadLine()", allow_stdin=False)
        self.assertEqual(content["status"], "error")
        self.assertIn("InputUnavailableException", content["ename"])
        self.assertIn("allow_stdin", content["evalue"])

    def test_waiting_for_input_can_be_interrupted(self):
        for code in ("Console.ReadLine();", 'await Kernel.GetInputAsync("?");'):
            msg_id = self.kc.execute(code, allow_stdin=True)
            self.receive(self.kc.stdin_channel)
            with WorkClock() as clock:
                self.km.interrupt_kernel()
                self.assertEqual(self.reply(msg_id)["content"]["ename"], "Interrupted")
                self.assertLess(clock.elapsed(), 0.5)
        self.kc.input("too late")
        self.assertEqual(self.value("1"), "1")


if __name__ == "__main__":
    strict.main()
