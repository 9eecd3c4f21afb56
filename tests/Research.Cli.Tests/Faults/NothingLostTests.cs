using System.Diagnostics;
using System.Text.Json.Nodes;
using Research.Tests.Tools;

namespace Research.Tests.Faults;

/// <summary>
/// Every verb, disturbed at every place where it does something: run it again, and what money, stakes and privacy depend on
/// is as if nothing had happened.
/// </summary>
public sealed class NothingLostTests
{
    private const string Send = "eth_sendRawTransaction";

    // At each transaction before it leaves and after the node has it, mined or not; and at the first, a middle and the last of
    // its files, or at each where a ledger is charged.
    [RequiresFact("node", "npm")]
    public async Task Task_KilledAtEachEffect_GoesOnWhereItWas()
    {
        await using FaultStage stage = await FaultStage.StartAsync();
        List<string> wrong = [];
        await stage.PlayAsync(async step =>
        {
            await stage.SaveAsync();
            int files = await WatchedAsync(stage, step, int.MaxValue);
            int sends = stage.Node.Seen.Count(name => name == Send);
            string expected = await stage.OutcomeAsync();
            for (int i = 0; i < sends; i++)
            {
                int number = i;
                foreach (Fault fault in (Fault[])[Fault.KillBefore, Fault.KillAfter])
                {
                    await TryAsync($"{fault} transaction {number + 1}", () => KilledAsync(
                        stage, step, (name, before) => name == Send && before == number ? fault : Fault.None));
                }

                await TryAsync($"killed with transaction {number + 1} not mined", async () =>
                {
                    await stage.AnvilAsync("evm_setAutomine", JsonValue.Create(number > 0));
                    await KilledAsync(
                        stage, step, (name, before) => name == Send && before == number ? Fault.KillAfter : Fault.None);
                    await stage.AnvilAsync("evm_setAutomine", JsonValue.Create(true));
                    await stage.AnvilAsync("evm_mine");
                });
            }

            int[] places = step.IsCharged ? [.. Enumerable.Range(0, files)] : [0, files / 2, files - 1];
            foreach (int number in places.Where(file => file >= 0).Distinct())
            {
                await TryAsync($"killed at file {number + 1} of {files}", () => WatchedAsync(stage, step, number));
            }

            async Task TryAsync(string what, Func<Task> disturb)
            {
                await stage.RestoreAsync();
                await disturb();
                stage.Node.Plan = (_, _) => Fault.None;
                CommandLineResult again = await CommandLine.FinishAsync(stage.Start(step));
                await CheckAsync(stage, $"{step}, {what}", expected, again, wrong);
            }
        });

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    // Each kind of request fails the first time it is made; what is not tried again is said in a line.
    [RequiresTheory("node", "npm")]
    [InlineData("Delay")]
    [InlineData("TooMany")]
    [InlineData("Broken")]
    [InlineData("Page")]
    [InlineData("Half")]
    [InlineData("LostAnswer")]
    public async Task Task_EachRequestFailsOnce_IsDoneOrSaidAndDoneTheNextTime(string name)
    {
        await using FaultStage stage = await FaultStage.StartAsync();
        List<string> wrong = [];

        await stage.PlayAsync(step => DisturbAsync(stage, stage.Node, step, Enum.Parse<Fault>(name), wrong));

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    // The same of the store, which each role has from afar and nobody has a copy of.
    [RequiresTheory("node", "npm")]
    [InlineData("Delay")]
    [InlineData("TooMany")]
    [InlineData("Broken")]
    [InlineData("Page")]
    [InlineData("Half")]
    [InlineData("LostAnswer")]
    public async Task Store_EachRequestFailsOnce_IsDoneOrSaidAndDoneTheNextTime(string name)
    {
        await using FaultStage stage = await FaultStage.StartApartAsync();
        List<string> wrong = [];

        await stage.PlayPaidAsync(step => DisturbAsync(stage, stage.Store!, step, Enum.Parse<Fault>(name), wrong));

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    [RequiresFact("node", "npm")]
    public async Task Store_KilledAtEachWrite_GoesOnWhereItWas()
    {
        await using FaultStage stage = await FaultStage.StartApartAsync();
        List<string> wrong = [];
        await stage.PlayPaidAsync(async step =>
        {
            await stage.SaveAsync();
            CommandLineResult clean = await CommandLine.FinishAsync(stage.Start(step));
            Assert.True(clean.ExitCode == 0, $"{step}: {clean.Error}");
            int writes = stage.Store!.Seen.Count(name => name == "PUT");
            string expected = await stage.OutcomeAsync();
            for (int i = 0; i < writes; i++)
            {
                foreach (Fault fault in (Fault[])[Fault.KillBefore, Fault.KillAfter])
                {
                    int number = i;
                    await stage.RestoreAsync();
                    stage.Store.Plan = (name, before) => name == "PUT" && before == number ? fault : Fault.None;
                    using Process killed = stage.Start(step);
                    await CommandLine.FinishAsync(killed);
                    stage.Store.Plan = (_, _) => Fault.None;
                    CommandLineResult again = await CommandLine.FinishAsync(stage.Start(step));
                    await CheckAsync(stage, $"{step}, {fault} write {number + 1}", expected, again, wrong);
                }
            }
        });

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    // Nothing is sent for more than was allowed, and the next run, when blocks are cheap again, does it.
    [RequiresFact("node", "npm")]
    public async Task Task_BaseFeeAboveTheCap_SendsNothingAndIsDoneWhenItIsCheap()
    {
        await using FaultStage stage = await FaultStage.StartAsync();
        List<string> wrong = [];
        await stage.PlayPaidAsync(async step =>
        {
            await stage.SaveAsync();
            string before = await stage.OutcomeAsync();
            CommandLineResult clean = await stage.RunAsync(step);
            Assert.True(clean.ExitCode == 0, $"{step}: {clean.Error}");
            int sends = stage.Node.Seen.Count(name => name == Send);
            string expected = await stage.OutcomeAsync();
            await stage.RestoreAsync();
            if (sends == 0)
            {
                await CheckAsync(stage, $"{step}", expected, await stage.RunAsync(step), wrong);
                return;
            }

            await stage.AnvilAsync("anvil_setNextBlockBaseFeePerGas", JsonValue.Create("0xe8d4a51000"));
            await stage.AnvilAsync("evm_mine");
            CommandLineResult dear = await stage.RunAsync(step);
            Assert.Equal(before, await stage.OutcomeAsync());
            Assert.True(dear.ExitCode == 1 && dear.Error.Contains("gwei", StringComparison.Ordinal), $"{step}: {dear.Error}");
            await stage.AnvilAsync("anvil_setNextBlockBaseFeePerGas", JsonValue.Create("0x3b9aca00"));
            await stage.AnvilAsync("evm_mine");
            await CheckAsync(stage, $"{step}", expected, await stage.RunAsync(step), wrong);
        });

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    [RequiresFact("node", "npm")]
    public async Task Task_BlockOfEachStepIsNoMore_IsDoneOnceMore()
    {
        await using FaultStage stage = await FaultStage.StartAsync();
        List<string> wrong = [];
        await stage.PlayAsync(async step =>
        {
            ulong before = await stage.Chain.Client.GetBlockNumberAsync();
            CommandLineResult first = await stage.RunAsync(step);
            Assert.True(first.ExitCode == 0, $"{step}: {first.Error}");
            string expected = await stage.OutcomeAsync();
            ulong blocks = await stage.Chain.Client.GetBlockNumberAsync() - before;
            if (blocks == 0)
            {
                return;
            }

            await stage.AnvilAsync("anvil_rollback", JsonValue.Create(blocks));
            CommandLineResult again = await stage.RunAsync(step);

            await CheckAsync(stage, $"{step}, {blocks} blocks back", expected, again, wrong);
        });

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    // The publication waits to be mined; a node that cannot say so is not taken for one that says no.
    [RequiresFact("node", "npm")]
    public async Task Publish_NodeCannotSayWhatBecameOfTheFirst_SendsNoSecond()
    {
        await using FaultStage stage = await FaultStage.StartAsync();
        RoleStep publish = stage.Publication;
        await stage.AnvilAsync("evm_setAutomine", JsonValue.Create(false));
        await KilledAsync(stage, publish, (name, _) => name == Send ? Fault.KillAfter : Fault.None);
        stage.Node.Plan = (name, _) => name == "eth_getTransactionByHash" ? Fault.Page : Fault.None;
        stage.Node.Forget();

        CommandLineResult unsure = await CommandLine.FinishAsync(stage.Start(publish));

        Assert.Equal(1, unsure.ExitCode);
        Assert.DoesNotContain(Send, stage.Node.Seen);
        stage.Node.Plan = (_, _) => Fault.None;
        await stage.AnvilAsync("evm_setAutomine", JsonValue.Create(true));
        await stage.AnvilAsync("evm_mine");
        CommandLineResult again = await CommandLine.FinishAsync(stage.Start(publish));
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(1UL, await stage.Chain.Client.GetTransactionCountAsync(stage.Chain.Accounts[0].Address));
    }

    private static async Task DisturbAsync(
        FaultStage stage, FaultyServer server, RoleStep step, Fault fault, List<string> wrong)
    {
        await stage.SaveAsync();
        CommandLineResult clean = await stage.RunAsync(step);
        Assert.True(clean.ExitCode == 0, $"{step}: {clean.Error}");
        string expected = await stage.OutcomeAsync();
        await stage.RestoreAsync();
        server.Plan = (_, before) => before == 0 ? fault : Fault.None;

        CommandLineResult disturbed = await stage.RunAsync(step);
        server.Plan = (_, _) => Fault.None;
        CommandLineResult again = disturbed.ExitCode == 0 ? disturbed : await stage.RunAsync(step);

        if (disturbed.Error.Contains("bug in research", StringComparison.Ordinal))
        {
            wrong.Add($"{step}: {disturbed.Error}");
        }

        await CheckAsync(stage, $"{step}, {fault}", expected, again, wrong);
    }

    private static async Task KilledAsync(FaultStage stage, RoleStep step, Func<string, int, Fault> plan)
    {
        stage.Node.Plan = plan;
        using Process process = stage.Start(step);
        await CommandLine.FinishAsync(process);
    }

    // Kills the process when so many files have come; gets how many came.
    private static async Task<int> WatchedAsync(FaultStage stage, RoleStep step, int most)
    {
        int came = 0;
        using Process process = stage.Start(step);
        using FileSystemWatcher watcher = new(stage.Folder) { IncludeSubdirectories = true };
        void Count(object sender, FileSystemEventArgs e)
        {
            if (Interlocked.Increment(ref came) > most)
            {
                process.Kill();
            }
        }

        watcher.Created += Count;
        watcher.Renamed += Count;
        watcher.EnableRaisingEvents = true;
        CommandLineResult result = await CommandLine.FinishAsync(process);
        Assert.True(most < int.MaxValue || result.ExitCode == 0, $"{step}: {result.Error}");
        return came;
    }

    private static async Task CheckAsync(
        FaultStage stage, string what, string expected, CommandLineResult again, List<string> wrong)
    {
        string actual = await stage.OutcomeAsync();
        if (again.ExitCode != 0 || actual != expected)
        {
            wrong.Add($"{what}: exit {again.ExitCode} {again.Error}\nexpected\n{expected}\nactual\n{actual}");
        }
    }
}
