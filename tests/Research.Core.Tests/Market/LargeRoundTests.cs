using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation;
using Research.Federation.Adversaries;
using Research.Federation.Aggregation;
using Research.Market;
using Research.Market.Watching;
using Research.Storage;
using Research.Tests.Federation;
using Research.Tests.Tools;
using Research.Training;
using Xunit.Abstractions;

namespace Research.Tests.Market;

/// <summary>A round of many participants, three who lie about it, and one who watches: from the publication to the last
/// claim, to the wei.</summary>
/// <remarks>As many participants as <c>RESEARCH_PARTICIPANTS</c> says, 40 without it; <c>.ci/run</c> plays 1,024.</remarks>
/// <param name="output">Takes the times.</param>
public sealed class LargeRoundTests(ITestOutputHelper output)
{
    private const int Sponsor = 0;
    private const int Watcher = 1;
    private const int WrongTotal = 2;
    private const int WrongTrace = 3;
    private const int Withholding = 4;
    private const int First = 5; // Of the participants.
    private const int AtOnce = 8;

    private static readonly ModelSpec Spec = FederatedDigits.Spec with
    {
        Training = FederatedDigits.Spec.Training with { Steps = 5 },
    };

    private static int Participants => int.Parse(
        Environment.GetEnvironmentVariable("RESEARCH_PARTICIPANTS") ?? "40", CultureInfo.InvariantCulture);

    [RequiresFact("node", "npm")]
    public async Task Round_ThreeLiarsAndOneWatcher_PaysEveryoneWhatScoringGives()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("research-round-");
        await PlayAsync(Participants, folder);
        folder.Delete(recursive: true);
    }

    private async Task PlayAsync(int count, DirectoryInfo folder)
    {
        Stopwatch watch = Stopwatch.StartNew();
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(
            new DevChainOptions { AnvilPath = NodeTools.Anvil, Accounts = count + First });
        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[Sponsor]);
        FolderStore store = new(Path.Combine(folder.FullName, "store"));
        Sponsor sponsor = new(market, store);
        Terms terms = Research.Market.Sponsor.TermsFor(Spec, Wei.FromEther("30")) with
        {
            Delivery = Delivery.Demand,
            AnswerSeconds = 86_400,
        };
        Publication published = await sponsor.PublishAsync(Spec, terms, FederatedDigits.Rounds);
        OpenTask task = await OpenTask.LoadAsync(market, store, published.TaskId);
        await chain.MineAsync();
        await sponsor.OpenSampleAsync(task, 0, FederatedDigits.Rounds[0]);
        Lap("published");

        GlobalModel start = await task.StartingModelAsync(0);
        Participant[] participants = [.. Enumerable.Range(0, count).Select(i => new Participant(
            task, market.As(chain.Accounts[First + i]), Path.Combine(folder.FullName, $"own-{i}")))];
        int[][] deltas = Deltas(start, count);
        await EachAsync(count, i => participants[i].CommitAsync(ModelUpdate.Forge(start, 0, deltas[i])));
        await chain.AdvanceToAsync(task.Terms.ScheduleOf(0).Reveal);
        await EachAsync(count, i => participants[i].RevealAsync(0));
        await chain.AdvanceToAsync(task.Terms.ScheduleOf(0).Open);
        await sponsor.OpenKeysAsync(task, 0, FederatedDigits.Rounds[0]);
        await chain.AdvanceToAsync(task.Terms.ScheduleOf(0).Score);
        Lap("committed and revealed");

        using Watcher watcher = new(
            market.As(chain.Accounts[Watcher]), store, Path.Combine(folder.FullName, "watcher"),
            new WatchOptions { Claims = WatchClaims.Always });
        Assert.Contains(await watcher.PassAsync(), one => one.Action == WatchAction.Sealed);
        Lap("scored and sealed");
        ScoredRound scored = await new Scorer(task).ScoreAsync(0);
        ForgedTrace tree = new(scored.Score.Trace, scored.Score.Trace.Bytes / 5 * 3);
        Dictionary<int, ClaimResult> lies = new()
        {
            [WrongTotal] = scored.Claim with { Total = scored.Claim.Total - 1 },
            [WrongTrace] = scored.Claim with { TraceRoot = tree.Root.ToBytes32() },
            [Withholding] = scored.Claim with { TraceRoot = Keccak256.Hash([7]), ModelRoot = Keccak256.Hash([8]) },
        };
        foreach ((int liar, ClaimResult lie) in lies)
        {
            TrainingMarket own = market.As(chain.Accounts[liar]);
            await own.SealClaimAsync(task.Id, await own.SealHashAsync(task.Id, 0, own.Account!.Address, lie, default), terms.Bond);
        }

        await chain.AdvanceToAsync(task.Terms.ScheduleOf(0).Post);
        foreach ((int liar, ClaimResult lie) in lies)
        {
            await market.As(chain.Accounts[liar]).PostClaimAsync(task.Id, lie, default, default);
        }

        await FightAsync(chain, market, task, watcher, lies[WrongTrace], tree);
        Lap("refuted");

        RoundFinalised end = Assert.Single(await market.Events.RoundFinalisedAsync(task.Id, 0));
        Assert.Equal((Outcome.Scored, chain.Accounts[Watcher].Address), (end.Outcome, end.Claimant));
        Wei[] before = await BalancesAsync(chain, count);
        foreach (Reward reward in scored.Results.Rewards) // Anybody may send it; it goes to its owner.
        {
            await market.ClaimRewardAsync(
                task.Id, 0, reward, scored.Results.ProofOf(reward), reward.Participant);
        }

        Lap("claimed");
        Wei[] after = await BalancesAsync(chain, count);
        BigInteger paid = 0;
        foreach (Reward reward in scored.Results.Rewards)
        {
            int i = Enumerable.Range(0, count).First(at => chain.Accounts[First + at].Address == reward.Participant);
            Wei amount = scored.AmountOf(reward.Index);
            Assert.Equal(before[i] + amount, after[i]);
            paid += amount.Amount;
        }

        Assert.True(paid > 0);
        await RequireBooksAsync(chain, market, task, terms, end, paid, count);

        void Lap(string what) => output.WriteLine($"{watch.Elapsed.TotalSeconds,6:0.0} s {what} ({count} participants)");
    }

    // The watcher goes on until nothing is left to do; the liar who has a trace answers everything, the other nothing.
    private static async Task FightAsync(
        DevChain chain, TrainingMarket market, OpenTask task, Watcher watcher, ClaimResult wrong, ForgedTrace tree)
    {
        Refuter refuter = market.Refuter.As(chain.Accounts[WrongTrace]);
        Bytes32 id = RefuterCase.IdOf(market.Address, task.Id, 0, wrong.Digest);
        HashSet<Bytes32> answered = [];
        List<WatchEvent> all = [];
        Schedule schedule = task.Terms.ScheduleOf(0);
        bool isExpired = false;
        for (int pass = 0; pass < 60; pass++)
        {
            IReadOnlyList<WatchEvent> events = await watcher.PassAsync([task.Id]);
            all.AddRange(events);
            Assert.DoesNotContain(events, one => one.Action is WatchAction.RightFell or WatchAction.TooLate or WatchAction.NodeAway);
            foreach (NodeDemanded demand in await refuter.Events.NodeDemandedAsync(id))
            {
                if (answered.Add(demand.Node))
                {
                    await refuter.AnswerAsync(id, demand.Tree, demand.Level, tree.Answer(demand.Level, (long)demand.Index));
                }
            }

            if (!isExpired && all.Any(one => one.Action == WatchAction.Refuted && one.At is not null))
            {
                await chain.AdvanceToAsync(schedule.Refute + (task.Terms.RefuteSeconds / 2)); // Nobody answers the third.
                isExpired = true;
            }
            else if (all.Count(one => one.Action == WatchAction.Struck) == 3)
            {
                await chain.AdvanceToAsync(schedule.End);
                await watcher.PassAsync([task.Id]);
                return;
            }

            await chain.MineAsync();
        }

        Assert.Fail(string.Join(Environment.NewLine, all.TakeLast(20)));
    }

    // What the market holds is what is not paid yet, and what is burned.
    private static async Task RequireBooksAsync(
        DevChain chain, TrainingMarket market, OpenTask task, Terms terms, RoundFinalised end, BigInteger paid, int count)
    {
        IReadOnlyList<BondLost> lost = await market.Events.BondLostAsync(task.Id, 0);
        Assert.Equal(3, lost.Count);
        Assert.All(lost, one => Assert.Equal(chain.Accounts[Watcher].Address, one.Winner));
        BigInteger won = lost.Aggregate(BigInteger.Zero, (sum, one) => sum + one.Amount.Amount);
        BigInteger audit = terms.AuditFee.Amount / 3;
        BigInteger held = terms.Pool.Amount + (terms.AuditFee.Amount * terms.Rounds)
            + (terms.Stake.Amount * count) + (3 * terms.Bond.Amount) - paid - won - audit;

        Assert.Equal(held, (await chain.Client.GetBalanceAsync(market.Address)).Amount);
        Assert.Equal(Wei.Zero, await chain.Client.GetBalanceAsync(market.Refuter.Address));
        Assert.Equal(terms.Pool.Amount / terms.Rounds, end.Pool.Amount);
    }

    private static async Task<Wei[]> BalancesAsync(DevChain chain, int count) => await Task.WhenAll(
        Enumerable.Range(0, count).Select(i => chain.Client.GetBalanceAsync(chain.Accounts[First + i].Address)));

    private static async Task EachAsync<T>(int count, Func<int, Task<T>> work) => await Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => await work(i));

    // What many owners of like records would send: the signal of a few who trained, and noise of each one's own.
    private static int[][] Deltas(GlobalModel start, int count)
    {
        const int Trained = 12;
        int[] sum = new int[start.Weights.Length];
        for (int part = 0; part < Trained; part++)
        {
            int[] delta = FederatedDigits.Delta(start, FederatedDigits.Train(start, part, Trained));
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += delta[i];
            }
        }

        double deviation = new Research.Federation.Program.ScoringNumbers(Spec, 0).Deviation;
        return
        [
            .. Enumerable.Range(0, count).Select(owner =>
            {
                Random random = new(owner);
                return sum.Select(one => (int)Math.Round((one / (double)Trained) + (deviation * Gaussian(random)))).ToArray();
            }),
        ];
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
