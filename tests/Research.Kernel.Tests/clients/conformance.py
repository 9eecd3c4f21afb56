"""What the Jupyter protocol 5.4 asks of a kernel, asked by jupyter_client."""
import zmq

import strict
from harness import PATIENCE, Gate, KernelCase, WorkClock, text, types


class Execution(KernelCase):
    def test_order_is_busy_input_outputs_result_idle(self):
        content, outputs = self.run_cell('Console.WriteLine("a"); display(1); Console.WriteLine("b"); 5')
        self.assertEqual(
            types(outputs),
            ["status", "execute_input", "stream", "display_data", "stream", "execute_result", "status"])
        self.assertEqual(outputs[0]["content"]["execution_state"], "busy")
        self.assertEqual(outputs[5]["content"]["execution_count"], content["execution_count"])
        self.assertEqual(outputs[1]["content"]["execution_count"], content["execution_count"])

    def test_10000_lines_arrive_in_order(self):
        _, outputs = self.run_cell("for (int i = 0; i < 10000; i++) Console.WriteLine(i);")
        self.assertEqual(text(outputs), "".join(f"{i}\n" for i in range(10000)))

    def test_many_threads_lose_no_line_and_do_not_hang(self):
        _, outputs = self.run_cell(
            "Parallel.For(0, 2000, i => { Console.WriteLine(i); if (i % 100 == 0) display(i); });")
        self.assertEqual(sorted(map(int, text(outputs).split())), list(range(2000)))
        self.assertEqual(types(outputs).count("display_data"), 20)

    def test_silent_shows_nothing_and_counts_nothing(self):
        before = self.run_cell("1")[0]["execution_count"]
        content, outputs = self.run_cell('Console.WriteLine("x"); 5', silent=True)
        self.assertEqual(content["status"], "ok")
        self.assertEqual(types(outputs), ["status", "status"])
        self.assertEqual(self.run_cell("1")[0]["execution_count"], before + 1)

    def test_store_history_false_counts_nothing(self):
        before = self.run_cell("1")[0]["execution_count"]
        content, outputs = self.run_cell("7", store_history=False)
        self.assertIn("execute_result", types(outputs))
        self.assertEqual(self.run_cell("1")[0]["execution_count"], before + 1)

    def test_user_expressions_are_values_or_errors(self):
        self.run_cell("int seven = 7;")
        content, _ = self.run_cell("", user_expressions={"good": "seven + 1", "bad": "missing"})
        good, bad = content["user_expressions"]["good"], content["user_expressions"]["bad"]
        self.assertEqual((good["status"], good["data"]["text/plain"]), ("ok", "8"))
        self.assertEqual((bad["status"], bad["ename"]), ("error", "CompilationError"))

    def test_error_is_published_and_replied(self):
        content, outputs = self.run_cell('throw new ArgumentException("mine");')
        [error] = [m["content"] for m in outputs if m["msg_type"] == "error"]
        for place in (content, error):
            self.assertEqual((place["ename"], place["evalue"]), ("System.ArgumentException", "mine"))
            self.assertIn("ArgumentException", place["traceback"][0])

    def test_error_aborts_what_was_queued_and_no_more(self):
        gate = Gate()
        first = self.kc.execute(gate.wait + ' throw new Exception("stop");')
        second = self.kc.execute("1")
        third = self.kc.execute("2")
        WorkClock.sleep(0.3)  # They are in the queue when the first fails.
        gate.open()
        self.assertEqual(self.reply(first)["content"]["status"], "error")
        self.assertEqual(self.reply(second)["content"]["status"], "aborted")
        self.assertEqual(self.reply(third)["content"]["status"], "aborted")
        self.assertEqual(self.value("3"), "3")

    def test_stop_on_error_false_goes_on(self):
        first = self.kc.execute('throw new Exception("go on");', stop_on_error=False)
        second = self.kc.execute("1")
        self.assertEqual(self.reply(first)["content"]["status"], "error")
        self.assertEqual(self.reply(second)["content"]["status"], "ok")

    def test_update_display_has_the_new_value(self):
        _, outputs = self.run_cell('var shown = display("old"); shown.Update("new");')
        [first] = [m["content"] for m in outputs if m["msg_type"] == "display_data"]
        [update] = [m["content"] for m in outputs if m["msg_type"] == "update_display_data"]
        self.assertEqual(first["data"]["text/plain"], "old")
        self.assertEqual(update["data"]["text/plain"], "new")
        self.assertEqual(first["transient"]["display_id"], update["transient"]["display_id"])

    def test_json_is_json_and_has_plain_text(self):
        _, outputs = self.run_cell("""'{"data": []}'""".replace("'", '"""')
                                   + '.DisplayAs("application/vnd.plotly.v1+json");')
        [shown] = [m["content"]["data"] for m in outputs if m["msg_type"] == "display_data"]
        self.assertEqual(shown["application/vnd.plotly.v1+json"], {"data": []})
        self.assertIn("text/plain", shown)

    def test_background_output_goes_to_its_own_cell(self):
        first = self.kc.execute(
            'var go = new TaskCompletionSource(); '
            'var late = Task.Run(async () => { await go.Task; Console.WriteLine("late"); });')
        self.outputs(first)
        gate = Gate()
        second = self.kc.execute("go.SetResult(); " + gate.wait)
        while True:
            message = self.receive(self.kc.iopub_channel)
            if message["msg_type"] == "stream":
                break
        gate.open()
        self.assertEqual(message["parent_header"]["msg_id"], first)
        self.outputs(second)

    def test_lone_surrogate_is_printed_and_harms_nothing(self):
        _, outputs = self.run_cell('Console.WriteLine("x\\ud800y");')
        self.assertEqual(text(outputs), "x\ufffdy\n")

    def test_clear_output(self):
        _, outputs = self.run_cell("ClearOutput(wait: true); display(2);")
        [clear] = [m["content"] for m in outputs if m["msg_type"] == "clear_output"]
        self.assertEqual(clear, {"wait": True})


class Code(KernelCase):
    def test_complete_counts_code_points(self):
        code = 'string s = "😀😀"; s.ToUpperInv'
        msg_id = self.kc.complete(code, len(code))
        content = self.reply(msg_id)["content"]
        self.assertEqual(content["matches"], ["ToUpperInvariant"])
        self.assertEqual((content["cursor_start"], content["cursor_end"]), (len(code) - 10, len(code)))
        [typed] = content["metadata"]["_jupyter_types_experimental"]
        self.assertEqual((typed["text"], typed["type"]), ("ToUpperInvariant", "method"))

    def test_complete_sees_the_session(self):
        self.run_cell("int somethingOfMine = 1;")
        self.assertIn("somethingOfMine", self.reply(self.kc.complete("somethingO"))["content"]["matches"])

    def test_inspect_finds_or_says_not(self):
        found = self.reply(self.kc.inspect("Math.Abs", 6))["content"]
        self.assertTrue(found["found"])
        self.assertIn("Abs", found["data"]["text/plain"])
        missing = self.reply(self.kc.inspect("nothingAtAll"))["content"]
        self.assertEqual((missing["status"], missing["found"], missing["data"]), ("ok", False, {}))

    def test_is_complete_replies_once(self):
        for code, status in (("if (true) {", "incomplete"), ("1", "complete")):
            msg_id = self.kc.is_complete(code)
            reply = self.receive(self.kc.shell_channel)  # Replies come in order: a second to the first would be next.
            self.assertEqual((reply["parent_header"]["msg_id"], reply["content"]["status"]), (msg_id, status))

    def test_page(self):
        for code in ("?Console", "Console?", "Console??"):
            content, _ = self.run_cell(code)
            self.assertEqual(content["payload"][0]["source"], "page")
            self.assertIn("Console", content["payload"][0]["data"]["text/plain"])

    def test_history_of_range_and_output(self):
        self.run_cell("20 + 2")
        content = self.reply(self.kc.history(hist_access_type="range", session=0, output=True))["content"]
        session, line, (source, output) = content["history"][-1]
        self.assertEqual((source, output), ("20 + 2", "22"))


class Answers(KernelCase):
    def test_unknown_messages_are_answered(self):
        for channel in (self.kc.shell_channel, self.kc.control_channel):
            msg_id = self.send(channel, "dance_request", {})
            reply = self.reply(msg_id, channel)
            self.assertEqual(reply["msg_type"], "dance_reply")
            self.assertEqual(reply["content"]["status"], "error")

    def test_malformed_contents_are_answered(self):
        for msg_type, content in [
            ("execute_request", {}),
            ("execute_request", {"code": 5}),
            ("execute_request", {"code": "1", "silent": "yes"}),
            ("complete_request", {"code": "x", "cursor_pos": "end"}),
            ("history_request", {"hist_access_type": "all"}),
            ("inspect_request", {"cursor_pos": 1}),
            ("is_complete_request", {"code": None}),
        ]:
            reply = self.reply(self.send(self.kc.shell_channel, msg_type, content))
            self.assertEqual(reply["content"]["status"], "error", msg_type)
            self.assertTrue(reply["content"]["evalue"], msg_type)
        self.assertEqual(self.value("1"), "1")

    def test_cursor_outside_the_code_is_moved_inside(self):
        for position in (-5, 500):
            content = self.reply(self.send(
                self.kc.shell_channel, "complete_request", {"code": "Math.Ab", "cursor_pos": position}))["content"]
            self.assertEqual(content["status"], "ok")

    def test_debug_is_refused(self):
        msg_id = self.send(
            self.kc.control_channel, "debug_request", {"type": "request", "seq": 9, "command": "initialize"})
        content = self.reply(msg_id, self.kc.control_channel)["content"]
        self.assertEqual((content["success"], content["request_seq"]), (False, 9))
        self.assertEqual(content["command"], "initialize")

    def test_connect_names_the_ports(self):
        content = self.reply(self.send(self.kc.shell_channel, "connect_request", {}))["content"]
        self.assertEqual(content["shell_port"], self.km.shell_port)
        self.assertEqual(content["hb_port"], self.km.hb_port)

    def test_control_answers_while_a_cell_runs(self):
        gate = Gate()
        running = self.kc.execute(gate.reach + gate.wait)
        gate.wait_until_reached()
        reply = self.reply(self.send(self.kc.control_channel, "kernel_info_request", {}), self.kc.control_channel)
        self.assertEqual(reply["content"]["implementation"], "research")
        gate.open()
        self.assertEqual(self.reply(running)["content"]["status"], "ok")

    def test_heartbeat_answers_while_all_pool_threads_are_held(self):
        gate = Gate()
        running = self.kc.execute(
            "var held = Enumerable.Range(0, 64).Select(_ => Task.Run(() => { " + gate.wait + " })).ToArray(); "
            + gate.reach + " await Task.WhenAll(held);")
        gate.wait_until_reached()
        socket = zmq.Context.instance().socket(zmq.REQ)
        socket.connect(f"tcp://127.0.0.1:{self.km.hb_port}")
        socket.send(b"ping")
        self.assertTrue(socket.poll(PATIENCE * 1000))  # While the gate is shut, the threads are held.
        self.assertEqual(socket.recv(), b"ping")
        socket.close(linger=0)
        gate.open()
        self.reply(running)


class Signatures(KernelCase):
    def frames(self, code):
        session = self.kc.session
        message = session.msg("execute_request", {
            "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False})
        return message["header"]["msg_id"], session.serialize(message)

    def raw(self):
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.connect(f"tcp://127.0.0.1:{self.km.shell_port}")
        self.addCleanup(socket.close, linger=0)
        return socket

    def is_read(self, socket):
        """Returns when the kernel has read what was sent: the next message of a connection comes after it."""
        msg_id, frames = self.frames("0")
        socket.send_multipart(frames)
        self.outputs(msg_id)

    def test_replay_is_refused(self):
        self.run_cell("int played = 0;")
        msg_id, frames = self.frames("played++;")
        socket = self.raw()
        socket.send_multipart(frames)
        self.outputs(msg_id)
        socket.send_multipart(frames)
        self.is_read(socket)
        self.assertEqual(self.value("played"), "1")

    def test_wrong_signature_is_ignored(self):
        self.run_cell("int forged = 0;")
        socket = self.raw()
        for bad in (b"0" * 64, b"", b"zz" * 32, b"0" * 63, b"\xff" * 64):
            _, frames = self.frames("forged++;")
            frames[1] = bad
            socket.send_multipart(frames)
        self.is_read(socket)
        self.assertEqual(self.value("forged"), "0")

    def test_a_changed_frame_is_ignored(self):
        self.run_cell("int changed = 0;")
        socket = self.raw()
        _, frames = self.frames("changed += 1;")
        frames[-1] = frames[-1].replace(b"+= 1", b"+= 2")
        socket.send_multipart(frames)
        self.is_read(socket)
        self.assertEqual(self.value("changed"), "0")


class Comms(KernelCase):
    def comm(self, msg_type, content):
        msg_id = self.send(self.kc.shell_channel, msg_type, content)
        return self.outputs(msg_id)

    def test_unknown_target_is_closed(self):
        outputs = self.comm("comm_open", {"comm_id": "u1", "target_name": "nobody", "data": {}})
        self.assertEqual(types(outputs), ["status", "comm_close", "status"])
        self.assertEqual(outputs[1]["content"]["comm_id"], "u1")

    def test_page_opens_sends_and_closes(self):
        self.run_cell("""
            using Research.Scripting.Comms;
            var heard = new List<string>();
            Comm.RegisterTarget("echo", (comm, first) =>
            {
                heard.Add(first.Data["hello"].ToString());
                comm.Received += (_, message) => comm.Send(new { back = message.Data["x"].GetValue<int>() + 1 });
                comm.Closed += (_, _) => heard.Add("closed");
            });
            """)
        self.comm("comm_open", {"comm_id": "e1", "target_name": "echo", "data": {"hello": "hi"}})
        listed = self.reply(self.kc.comm_info("echo"))["content"]["comms"]
        self.assertEqual(listed, {"e1": {"target_name": "echo"}})
        outputs = self.comm("comm_msg", {"comm_id": "e1", "data": {"x": 4}})
        [answer] = [m["content"] for m in outputs if m["msg_type"] == "comm_msg"]
        self.assertEqual((answer["comm_id"], answer["data"]), ("e1", {"back": 5}))
        self.comm("comm_close", {"comm_id": "e1", "data": {}})
        self.assertEqual(self.reply(self.kc.comm_info())["content"]["comms"], {})
        self.assertEqual(self.value('string.Join(",", heard)'), "hi,closed")

    def test_cell_opens_with_buffers(self):
        _, outputs = self.run_cell("""
            using Research.Scripting.Comms;
            Comm bar = Comm.Open("progress", new { max = 10 });
            bar.Send(new { value = 3 }, new byte[] { 1, 2, 3 });
            bar.Close();
            """)
        shown = [m for m in outputs if m["msg_type"].startswith("comm_")]
        self.assertEqual(types(shown), ["comm_open", "comm_msg", "comm_close"])
        self.assertEqual(shown[0]["content"]["target_name"], "progress")
        self.assertEqual(shown[0]["content"]["data"], {"max": 10})
        self.assertEqual(bytes(shown[1]["buffers"][0]), b"\x01\x02\x03")

    def test_failing_handler_is_shown_and_survived(self):
        self.run_cell("""
            using Research.Scripting.Comms;
            Comm.RegisterTarget("bad", (comm, first) => throw new Exception("handler"));
            """)
        outputs = self.comm("comm_open", {"comm_id": "b1", "target_name": "bad", "data": {}})
        [error] = [m["content"] for m in outputs if m["msg_type"] == "error"]
        self.assertEqual(error["evalue"], "handler")
        self.assertNotIn("b1", self.reply(self.kc.comm_info())["content"]["comms"])
        self.assertEqual(self.value("1"), "1")


if __name__ == "__main__":
    strict.main()
