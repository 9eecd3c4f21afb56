using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Benchmarks.Rewards;
using Research.Federation.Adversaries;

namespace Research.Benchmarks;

/// <summary>Plays the attacks, and honest owners, in rounds of seeded owners.</summary>
internal static class AttackBenchmark
{
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        if (AttackOptions.Parse(arguments, error) is not { } options)
        {
            return 2;
        }

        AttackScene[] scenes = options.Play();
        Write(output, new HonestRounds(scenes).ToJson());
        foreach (Attack attack in Attacks.All.Where(one => one.Name.Contains(options.Only, StringComparison.Ordinal)))
        {
            AttackResult result = AttackResult.Of(attack, scenes);
            Write(output, new JsonObject
            {
                ["attack"] = attack.Name,
                ["kind"] = attack.Kind.ToString().ToLowerInvariant(),
                ["owners"] = options.Owners,
                ["seeds"] = options.Seeds,
                ["share"] = Rounded(result.Share),
                ["honestShare"] = Rounded(result.HonestShare),
                ["ratio"] = Rounded(result.Ratio),
                ["ratioHigh"] = Rounded(result.RatioHigh),
                ["accuracy"] = Rounded(result.Accuracy),
            });
        }

        return 0;
    }

    internal static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 4) : -1;

    internal static void Write(TextWriter output, JsonObject line) =>
        output.WriteLine(line.ToJsonString(JsonSerializerOptions.Default));
}
