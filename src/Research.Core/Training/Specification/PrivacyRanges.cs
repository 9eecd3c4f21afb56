namespace Research.Training.Specification;

/// <summary>What the numbers of the privacy section may be.</summary>
internal static class PrivacyRanges
{
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
            privacy.NoiseMultiplier is >= 1e-9 and <= 1e6,
            "a number in [1e-9, 1000000]",
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
