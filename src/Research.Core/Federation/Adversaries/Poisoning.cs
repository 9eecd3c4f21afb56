using Research.Training.Data;

namespace Research.Federation.Adversaries;

/// <summary>One way to spoil the model rather than the pay: what an aggregation rule is held to.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Send">Makes what an owner who attacks sends in its update's place, [P] in units.</param>
/// <param name="Backdoor">What the model shall do for the attacker; null where it shall just fail.</param>
public sealed record Poisoning(string Name, Func<AttackScene, int, int[]> Send, Backdoor? Backdoor = null)
{
    // Enough to outweigh four honest owners: with one attacker in five, the mean becomes the attackers' model
    // (Bagdasaryan et al. 2020, arXiv:1807.00459v3, model replacement).
    private const double Replacing = 5;

    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<Poisoning> All { get; } =
    [
        new("labels-flipped", (scene, owner) => scene.Train(Flipped(scene.Shards[owner]), $"flipped {owner}")),
        new("signs-flipped", (scene, owner) => Attacks.Scaled(scene.Honest[owner], -1)),
        new("signs-flipped-scaled", (scene, owner) => Attacks.Scaled(scene.Honest[owner], -Replacing)),
        new("scaled", (scene, owner) => Attacks.Scaled(scene.Honest[owner], 100)),
        WithBackdoor("backdoor", 1),
        WithBackdoor("backdoor-scaled", Replacing),
    ];

    private static Poisoning WithBackdoor(string name, double times)
    {
        Backdoor backdoor = new(Target: 0, Patch: 4);
        return new Poisoning(
            name,
            (scene, owner) =>
                Attacks.Scaled(scene.Train(backdoor.Poison(scene.Shards[owner]), $"backdoor {owner}"), times),
            backdoor);
    }

    // Fang et al. 2020, arXiv:1911.11815: each label l of L becomes L − 1 − l.
    private static Dataset Flipped(Dataset records) =>
        records.WithLabels(records.Labels.ToArray().Select(label => records.Classes - 1 - label).ToArray());
}
