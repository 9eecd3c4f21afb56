using Research.Privacy.Mechanisms;

namespace Research.Interactive.Formatters;

/// <summary>Where noise comes from; neither a seed nor a byte of it.</summary>
internal static class RandomnessCard
{
    public static Card Of(RandomSource source) => new Card(source.GetType().Name)
        .Line("stream", (source as InsecureSeededRandom)?.Stream)
        .Line("noise", source.IsCryptographic
            ? "cryptographic"
            : "SEEDED: whoever has the seed can remove it. NOT PRIVATE");
}
