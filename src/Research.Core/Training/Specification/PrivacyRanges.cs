namespace Research.Training.Specification;

/// <summary>What the numbers of the privacy section may be.</summary>
internal static class PrivacyRanges
{
    /// <summary>What a noise multiplier may be, in words.</summary>
    public const string NoiseMultipliers = "a number in [1e-6, 10000]";

    /// <summary>Says whether sums have a grid for such noise: see <see cref="Research.Privacy.Sums.SumGrid"/>.</summary>
    public static bool IsNoiseMultiplier(double value) => value is >= 1e-6 and <= 1e4;

    public static void Check(PrivacySection? privacy)
    {
        if (privacy is null)
        {
            return;
        }

        Check(privacy.SampleRate, privacy.SampleRate is > 0 and <= 1, "a number in (0, 1]", "sampleRate");
        Check(privacy.ClipNorm, privacy.ClipNorm is >= 1e-9 and <= 1e9, "a number in [1e-9, 1e9]", "clipNorm");
        Check(
            privacy.NoiseMultiplier,
            IsNoiseMultiplier(privacy.NoiseMultiplier),
            NoiseMultipliers,
            "noiseMultiplier");
        Check(privacy.Delta, privacy.Delta is > 0 and < 1, "a number in (0, 1)", "delta");
        Check(privacy.EpsilonCap, privacy.EpsilonCap is > 0 and <= 1e6, "a number in (0, 1000000]", "epsilonCap");
        if (!Enum.IsDefined(privacy.Clipping))
        {
            throw new SpecException("$.privacy.clipping", PrivacyJson.Modes, $"{(int)privacy.Clipping}");
        }
    }

    private static void Check(double value, bool inside, string interval, string name) =>
        SpecRange.Check(value, inside, interval, "$.privacy." + name);
}
