using System.Text.Json.Nodes;
using Research.Federation.Adversaries;
using Research.Federation.Aggregation;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Data;

namespace Research.Benchmarks;

/// <summary>What each aggregation rule makes of a round in which every fifth owner spoils the model.</summary>
/// <remarks>
/// The round follows an honest one. Accuracy is on all held-out records, of which the scoring reads a part. A rule is
/// given either the updates that the reward rule pays ("paid"), as in a task, or all of them ("all").
/// </remarks>
internal static class AggregationBenchmark
{
    private const int OwnersToAnAttacker = 5;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        if (AttackOptions.Parse(arguments, error) is not { } options)
        {
            return 2;
        }

        int attackers = Math.Max(1, options.Owners / OwnersToAnAttacker);
        AttackScene[] scenes = options.Play();
        Round[] honest = Rounds(scenes, scene => scene.Honest);
        foreach (Poisoning attack in Poisoning.All.Where(
            one => one.Name.Contains(options.Only, StringComparison.Ordinal)))
        {
            Round[] attacked = Rounds(scenes, scene => Sent(scene, attack, attackers));
            foreach ((string rule, Func<AttackScene, Aggregate> start) in Rules(options.Owners, attackers))
            {
                JsonObject line = new()
                {
                    ["rule"] = rule,
                    ["attack"] = attack.Name,
                    ["owners"] = options.Owners,
                    ["attackers"] = attackers,
                    ["seeds"] = options.Seeds,
                    ["attackersPaid"] = AttackBenchmark.Rounded(
                        attacked.Average(round => round.Paid.TakeLast(attackers).Average(paid => paid ? 1.0 : 0))),
                };
                Quality("paid", round => round.Paid);
                Quality("all", round => [.. round.Paid.Select(_ => true)]);
                AttackBenchmark.Write(output, line);

                void Quality(string name, Func<Round, bool[]> taken)
                {
                    Network[] clean = [.. honest.Select(round => round.Aggregate(start, taken(round)))];
                    Network[] spoilt = [.. attacked.Select(round => round.Aggregate(start, taken(round)))];
                    line[$"{name}Clean"] = Accuracy(clean, options.Test);
                    line[$"{name}Attacked"] = Accuracy(spoilt, options.Test);
                    if (attack.Backdoor is { } backdoor)
                    {
                        Dataset victims = backdoor.Victims(options.Test);
                        line[$"{name}BackdoorClean"] = Accuracy(clean, victims);
                        line[$"{name}Backdoor"] = Accuracy(spoilt, victims);
                    }
                }
            }
        }

        return 0;
    }

    private static (string Name, Func<AttackScene, Aggregate> Start)[] Rules(int owners, int attackers)
    {
        AggregationRule[] named =
        [
            new Mean(),
            new BoundedMean(),
            new Median(AggregationRule.MostBuckets),
            new TrimmedMean(Math.Min(attackers, (AggregationRule.MostBuckets - 1) / 2), AggregationRule.MostBuckets),
        ];
        return
        [
            .. named.Select(rule => (rule.Type, (Func<AttackScene, Aggregate>)(scene => scene.Start(rule, owners)))),
            ("krum", scene => new Krum(scene.Models[^1].Weights.Length, attackers)),
            ("multiKrum", scene => new Krum(scene.Models[^1].Weights.Length, attackers, owners - attackers)),
        ];
    }

    // The last owners attack.
    private static IReadOnlyList<int[]> Sent(AttackScene scene, Poisoning attack, int attackers)
    {
        int honest = scene.Honest.Count - attackers;
        return
        [
            .. scene.Honest.Take(honest),
            .. Enumerable.Range(honest, attackers).Select(owner => attack.Send(scene, owner)),
        ];
    }

    private static Round[] Rounds(AttackScene[] scenes, Func<AttackScene, IReadOnlyList<int[]>> send)
    {
        Round[] rounds = new Round[scenes.Length];
        Parallel.For(0, rounds.Length, i => rounds[i] = Round.Of(scenes[i], send(scenes[i])));
        return rounds;
    }

    private static double Accuracy(Network[] models, Dataset records) =>
        AttackBenchmark.Rounded(models.Average(model => model.Evaluate(records).Accuracy));

    private sealed record Round(AttackScene Scene, IReadOnlyList<int[]> Sent, bool[] Paid)
    {
        public static Round Of(AttackScene scene, IReadOnlyList<int[]> sent) =>
            new(scene, sent, [.. scene.Score(sent).Participants.Select(one => one.Points.Sign > 0)]);

        public Network Aggregate(Func<AttackScene, Aggregate> start, bool[] taken)
        {
            Aggregate aggregate = start(Scene);
            foreach (int i in Enumerable.Range(0, Sent.Count).Where(i => taken[i]))
            {
                aggregate.Add(i, Sent[i]);
            }

            Network network = Network.Create(Scene.Spec);
            network.Load(Scene.Models[^1].Moved(aggregate.Finish()).ToCheckpoint());
            return network;
        }
    }
}
