using System.Buffers.Binary;
using Research.Chain.Contracts;
using Research.Federation.Program;
using Research.Federation.Refutation;
using Research.Federation.Trace;
using Research.Market;
using Research.Tests.Federation.Program;

namespace Research.Tests.Federation.Refutation;

/// <summary>The contract that refutes, asked about real rounds: whatever is wrong falls, what is right never does.</summary>
public sealed class RefuterTests : IAsyncLifetime
{
    private RefuterNode _node = null!;

    public static TheoryData<string, int, int> Rounds
    {
        get
        {
            TheoryData<string, int, int> rounds = [];
            foreach (string name in TinyTasks.All.Keys)
            {
                rounds.Add(name, 1, 0);
                rounds.Add(name, 5, 1);
            }

            rounds.Add("median", 17, 1);
            return rounds;
        }
    }

    public async Task InitializeAsync() => _node = await RefuterNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [MemberData(nameof(Rounds))]
    public async Task Refute_WrongTrace_Falls(string task, int reveals, int round)
    {
        RefutedRound scene = new(TinyTasks.All[task], reveals, round, extreme: reveals > 1);
        byte[] right = scene.Trace.Read(0, (int)scene.Trace.Bytes);
        Random random = new(HashCode.Combine(reveals, round));
        foreach (long address in Addresses(scene, random, 100))
        {
            byte[] wrong = new byte[Math.Max(right.Length, address + 1)];
            right.CopyTo(wrong, 0);
            wrong[address] ^= (byte)random.Next(1, 256);
            for (int more = random.Next(2) * 100; more > 0; more--)
            {
                wrong[random.NextInt64(address, wrong.Length)] ^= (byte)random.Next(256);
            }

            if (wrong[address] == (address < right.Length ? right[address] : 0))
            {
                continue; // Changed twice, and back.
            }

            Assert.Equal(RefuterNode.Holds, await OverturnAsync(scene, new BytesTree(wrong)));
        }
    }

    [Fact]
    public async Task Refute_TraceOfAnotherRound_Falls()
    {
        RefutedRound scene = new(TinyTasks.All["perceptron"], 5, 0);
        RefutedRound others = new(TinyTasks.All["perceptron"], 5, 0, extreme: true);
        byte[] wrong = others.Trace.Read(0, (int)others.Trace.Bytes);

        Assert.Equal(RefuterNode.Holds, await OverturnAsync(scene, new BytesTree(wrong)));
    }

    [Theory]
    [MemberData(nameof(Rounds))]
    public async Task Refute_RightTrace_NeverFalls(string task, int reveals, int round)
    {
        RefutedRound scene = new(TinyTasks.All[task], reveals, round, extreme: reveals > 1);
        Random random = new(HashCode.Combine(reveals, round));
        OwnTrace own = new(scene.Trace);
        byte[] facts = scene.Facts(scene.Right);
        byte[] before = scene.Before();
        foreach (long address in Addresses(scene, random, 100))
        {
            byte[] call = scene.CallOf(scene.Right, scene.Refuter.Open(own, address)).Data.ToArray();
            Assert.Equal("IsRight", await _node.TryAsync(call, facts, before));
            for (int forgery = 0; forgery < 9; forgery++)
            {
                byte[] forged = Forge(call, random);
                Assert.NotEqual(RefuterNode.Holds, await _node.TryAsync(forged, facts, before));
            }
        }
    }

    [Fact]
    public async Task Refute_Fields_FallWhereTheyAreWrong()
    {
        RefutedRound scene = new(TinyTasks.All["perceptron"], 5, 1);
        ClaimResult right = scene.Right;
        ClaimResult[] wrong =
        [
            right with { Total = right.Total + 1 },
            right with { Right = right.Right ^ 1 },
            right with { ModelRoot = right.TraceRoot },
            right with { Total = ulong.MaxValue, Right = 0, ModelRoot = default },
        ];

        foreach (ClaimResult claim in wrong)
        {
            FieldRefutation refutation = scene.Refuter.RefuteFields(claim.ModelRoot.ToTreeHash(), claim.Total, claim.Right)!;
            Assert.Equal(RefuterNode.Holds, await TryAsync(scene, claim, refutation));
        }

        Assert.Null(scene.Refuter.RefuteFields(right.ModelRoot.ToTreeHash(), right.Total, right.Right));
        foreach (ResultField field in Enum.GetValues<ResultField>())
        {
            Assert.Equal("IsRight", await TryAsync(scene, right, scene.Refuter.OpenField(field)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Refute_Results_FallWhereTheyAreWrong(int reveals)
    {
        RefutedRound scene = new(TinyTasks.All["perceptron"], reveals, 0);
        BytesTree right = new(scene.Results.Leaves);
        Random random = new(3);
        for (int leaf = 0; leaf < 1 << right.Depth; leaf++)
        {
            Assert.Equal("IsRight", await TryAsync(scene, scene.Right, scene.Refuter.OpenResult(right, leaf)));
            byte[] wrong = new byte[KeccakLanes.LeafBytes << right.Depth];
            scene.Results.Leaves.CopyTo(wrong);
            wrong[(leaf * KeccakLanes.LeafBytes) + random.Next(KeccakLanes.LeafBytes)] ^= (byte)random.Next(1, 256);
            BytesTree claimed = new(wrong);
            ClaimResult claim = scene.Right with { ResultsRoot = claimed.Node(claimed.Depth, 0).ToBytes32() };

            Assert.Equal(RefuterNode.Holds, await TryAsync(scene, claim, scene.Refute(ClaimTree.Results, claimed)));
        }
    }

    [Theory]
    [InlineData(nameof(StepKind.Zero))]
    [InlineData(nameof(StepKind.Dot))]
    [InlineData(nameof(StepKind.Sum))]
    [InlineData(nameof(StepKind.Mac))]
    [InlineData(nameof(StepKind.Ratio))]
    [InlineData(nameof(StepKind.Gather))]
    [InlineData(nameof(StepKind.Table))]
    [InlineData(nameof(StepKind.Largest))]
    [InlineData(nameof(StepKind.Select))]
    [InlineData(nameof(StepKind.Less))]
    [InlineData(nameof(StepKind.Match))]
    [InlineData(nameof(StepKind.Root))]
    [InlineData(nameof(StepKind.Decode))]
    [InlineData(nameof(StepKind.Coin))]
    [InlineData(nameof(StepKind.Noise))]
    [InlineData(nameof(StepKind.Explain))]
    [InlineData(nameof(StepKind.Trim))]
    [InlineData(nameof(StepKind.Hash))]
    [InlineData(nameof(StepKind.Choice))]
    public async Task Compute_RandomSteps_AsHere(string name)
    {
        const int Batch = 200;
        StepKind kind = Enum.Parse<StepKind>(name);
        Random random = new((int)kind);
        for (int batch = 0; batch < 27; batch++) // 19 · 27 · 200 > 100,000.
        {
            RandomStep[] steps = [.. Enumerable.Range(0, Batch).Select(_ => RandomStep.Of(kind, random))];
            byte[][] theirs = await _node.AskAsync([.. steps.Select(step => step.Call())]);
            for (int i = 0; i < Batch; i++)
            {
                byte[] output = theirs[i][64..(64 + steps[i].Record.Width)];
                Assert.True(output.AsSpan().SequenceEqual(steps[i].Output), $"{steps[i]}: {Convert.ToHexString(output)}");
            }
        }
    }

    private static IEnumerable<long> Addresses(RefutedRound scene, Random random, int count)
    {
        List<long> addresses = [];
        long blocks = scene.Trace.Seats / Extent.SeatBlock;
        foreach (ProgramRecord record in scene.Trace.Code.Records)
        {
            for (int which = 0; which < 3; which++)
            {
                long address = record.Start.At(blocks);
                foreach (RecordLoop loop in record.Loops)
                {
                    long extent = loop.Extent.At(scene.Trace.Seats);
                    long at = which == 0 ? 0 : which == 1 ? extent - 1 : random.NextInt64(extent);
                    address += at * loop.Stride.At(blocks);
                }

                addresses.Add(address + random.Next(record.Width));
            }
        }

        long end = (long)KeccakLanes.LeafBytes << scene.Trace.Depth;
        addresses.AddRange(Enumerable.Range(0, addresses.Count / 20).Select(_ => random.NextInt64(end)));
        addresses.Add(end - 1);
        long[] all = [.. addresses];
        random.Shuffle(all);
        return all.Take(count);
    }

    // Changes the call: a number, an offset, a hash, a byte of a leaf.
    private static byte[] Forge(byte[] call, Random random)
    {
        byte[] forged = [.. call];
        int word = 4 + (32 * random.Next((call.Length - 4) / 32));
        switch (random.Next(4))
        {
            case 0:
                forged[word + 31] ^= (byte)random.Next(1, 256);
                break;
            case 1:
                forged[word + random.Next(32)] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                int other = 4 + (32 * random.Next((call.Length - 4) / 32));
                call.AsSpan(other, 32).CopyTo(forged.AsSpan(word));
                break;
            default:
                BinaryPrimitives.WriteInt32BigEndian(forged.AsSpan(word + 28), random.Next(64));
                break;
        }

        return forged;
    }

    private async Task<string> OverturnAsync(RefutedRound scene, BytesTree claimed)
    {
        ClaimResult claim = scene.Right with { TraceRoot = claimed.Node(claimed.Depth, 0).ToBytes32() };
        return await TryAsync(scene, claim, scene.Refute(ClaimTree.Trace, claimed));
    }

    private Task<string> TryAsync(
        RefutedRound scene, ClaimResult claim, Research.Federation.Refutation.Refutation refutation) =>
        _node.TryAsync(scene.CallOf(claim, refutation).Data, scene.Facts(claim), scene.Before());
}
