using System.Numerics;
using Research.Federation.Scoring;

namespace Research.Federation.Adversaries;

/// <summary>What an attack earned over some seeds.</summary>
/// <param name="Attack">Which.</param>
/// <param name="Owners">Owners in the round, the attacker among them where it has records.</param>
/// <param name="Seeds">How often it was played.</param>
/// <param name="Share">The attacker's part of what is paid (with its victim's, where it has one), 0 to 1, mean.</param>
/// <param name="HonestShare">The part that the same owner earns honestly, or a mean owner where it has no records.</param>
/// <param name="Ratio">Share over HonestShare, of the means.</param>
/// <param name="RatioHigh">A 95% bound above it.</param>
/// <param name="Accuracy">Held-out accuracy of the round's model, 0 to 1, mean.</param>
public sealed record AttackResult(
    Attack Attack,
    int Owners,
    int Seeds,
    double Share,
    double HonestShare,
    double Ratio,
    double RatioHigh,
    double Accuracy)
{
    private const double Normal95 = 1.6448536269514722;

    /// <summary>Plays an attack in some scenes.</summary>
    public static AttackResult Of(Attack attack, IReadOnlyList<AttackScene> scenes)
    {
        ArgumentNullException.ThrowIfNull(attack);
        ArgumentNullException.ThrowIfNull(scenes);
        ArgumentOutOfRangeException.ThrowIfZero(scenes.Count, nameof(scenes));
        (double Share, double Honest, double Accuracy)[] played =
            [.. scenes.Select(scene => Play(attack, scene))];
        double share = played.Average(one => one.Share);
        double honest = played.Average(one => one.Honest);
        double ratio = share / honest;
        double spread = played.Length < 2 ? double.NaN : Math.Sqrt(
            played.Sum(one => Math.Pow(one.Share - (ratio * one.Honest), 2)) / (played.Length - 1) / played.Length);
        return new AttackResult(
            attack,
            scenes[0].Shards.Count,
            played.Length,
            share,
            honest,
            ratio,
            ratio + (Normal95 * spread / honest),
            played.Average(one => one.Accuracy));
    }

    private static (double Share, double Honest, double Accuracy) Play(
        Attack attack, AttackScene scene)
    {
        AttackMove move = attack.Play(scene);
        IReadOnlyList<int[]> others = attack.HasRecords ? [.. scene.Honest.SkipLast(1)] : scene.Honest;
        RoundScore played = scene.Score([.. move.Early, .. others, .. move.Late]);
        played.Trace.Dispose(); // The numbers stay.
        BigInteger[] points = [.. played.Participants.Select(one => one.Points)];
        int early = move.Early.Count;
        double mine = Sum(points[..early]) + Sum(points[(early + others.Count)..])
            + (attack.Victim is int victim ? (double)points[early + victim] : 0);
        double[] honest = [.. scene.HonestPoints];
        double reference = attack.HasRecords ? honest[^1] : attack.Victim is int robbed ? honest[robbed] : honest.Average();
        return (Part(mine, Sum(points)), Part(reference, honest.Sum()), played.AccuracyAfter);
    }

    private static double Sum(BigInteger[] points) => points.Sum(one => (double)one);

    private static double Part(double mine, double all) => all == 0 ? 0 : mine / all;
}
