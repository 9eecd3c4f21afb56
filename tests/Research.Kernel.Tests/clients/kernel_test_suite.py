"""Debian's python3-jupyter-kernel-test, and the checks that its later versions (0.7) added."""
import unittest

import jupyter_kernel_test
from jupyter_client.manager import KernelManager

import strict
from harness import KERNEL, PATIENCE

jupyter_kernel_test.TIMEOUT = PATIENCE


class CSharpTests(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("to stderr");'
    completion_samples = [
        {"text": "Console.WriteL", "matches": ["WriteLine"]},
        {"text": 'string.IsNullOrW', "matches": ["IsNullOrWhiteSpace"]},
    ]
    complete_code_samples = ["1 + 1", "int x = 1;", "for (int i = 0; i < 3; i++)\n{\n    Console.Write(i);\n}"]
    incomplete_code_samples = ["if (true)\n{", "Console.WriteLine(", "int Twice(int a)\n{\n    return"]
    invalid_code_samples = ["int x = 1; }", "Console.WriteLine(1));"]
    code_page_something = "?Console"
    code_generate_error = 'throw new InvalidOperationException("on purpose");'
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": '"a" + 1', "result": "a1"},
        {"code": "new[] { 1, 2 }", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'display(HTML("<b>bold</b>"));', "mime": "text/html"},
        {"code": '"# title".DisplayAs("text/markdown");', "mime": "text/markdown"},
    ]
    code_history_pattern = "6*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Console.WriteLine"
    code_clear_output = "ClearOutput();"


class LaterVersions(unittest.TestCase):
    def test_iopub_welcome_is_the_first_message(self):
        manager = KernelManager(kernel_name=KERNEL)
        manager.start_kernel()
        client = manager.client()
        try:
            client.start_channels()
            message = client.get_iopub_msg(timeout=PATIENCE)
            self.assertEqual(message["msg_type"], "iopub_welcome")
            self.assertEqual(message["content"], {"subscription": ""})
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    strict.main()
