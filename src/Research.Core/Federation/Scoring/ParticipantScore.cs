using System.Globalization;
using System.Numerics;

namespace Research.Federation.Scoring;

/// <summary>What one participant's update was worth, and why.</summary>
/// <param name="Index">The participant's place in reveal order, from 0.</param>
/// <param name="Points">The integer that rewards are split by, 0 to 1,000,000: a full share.</param>
/// <param name="Verdict">Why.</param>
public sealed record ParticipantScore(int Index, BigInteger Points, Verdict Verdict)
{
    private const double FullPoints = 1_000_000;

    /// <summary>Gets its signal, in standard deviations of the noise that an honest update carries.</summary>
    public double Signal { get; init; }

    /// <summary>Gets the signal that it must exceed to be told from its own noise, in the same unit.</summary>
    public double Threshold { get; init; }

    /// <summary>Gets the signal up to which nobody earns anything, in the same unit.</summary>
    public double Unpaid { get; init; }

    /// <summary>Gets its signal over the one that earns a full share; negative when it does harm, and above 1 it earns no
    /// more.</summary>
    public double Share { get; init; }

    /// <summary>Gets its length beside the signal, squared, over the least that an honest update has.</summary>
    public double Noise { get; init; }

    /// <summary>Gets the length that it counts with over its own: below 1 where it is longer than any reference run.</summary>
    public double Counted { get; init; } = 1;

    /// <summary>Gets the part of it, squared, that earlier updates explain, 0 to 1.</summary>
    public double Explained { get; init; }

    /// <summary>Gets the index of whoever committed earlier to what is most alike, where the work is not its own.</summary>
    public int? CopyOf { get; init; }

    /// <summary>Gets why there is no update; null where there is one.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets why, in a sentence for people.</summary>
    public string Reason => Verdict switch
    {
        Verdict.Paid => string.Create(
            CultureInfo.InvariantCulture,
            $"earns {(double)Points / FullPoints:0.00} of a full share (its signal: {Share:0.00})"),
        Verdict.Missing => Problem ?? "submitted no update",
        Verdict.Empty => "changes nothing",
        Verdict.RoundCannotTell =>
            "the round's records cannot tell help from noise: nor could any owner's update be told",
        Verdict.Harmful => "moves the model where the fresh records do not want it",
        Verdict.LacksNoise => string.Create(
            CultureInfo.InvariantCulture,
            $"lacks the noise that the specification asks for: {Noise:0.00} of the least that an honest update carries"),
        Verdict.WithinNoise => string.Create(
            CultureInfo.InvariantCulture,
            $"cannot be told from noise: its signal is {Signal:0.0} standard deviations of it; it takes more than {Math.Max(Threshold, Unpaid):0.0}"),
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"has the noise of #{CopyOf}, committed earlier: the same work is paid once"),
    };
}
