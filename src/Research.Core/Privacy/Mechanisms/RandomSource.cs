namespace Research.Privacy.Mechanisms;

/// <summary>A stream of independent uniform bytes, for one purpose.</summary>
/// <remarks>
/// Not safe for concurrent use. Whatever draws from a source for long takes its own stream with <see cref="Fork"/>, as
/// <see cref="GaussianNoise"/> and <see cref="Sampling.PoissonSampler"/> do, so no two purposes ever share bytes.
/// </remarks>
public abstract class RandomSource
{
    // Whether bytes are secret is a claim that receipts repeat: nobody else makes it.
    private protected RandomSource()
    {
    }

    /// <summary>Gets whether the bytes are unpredictable to everyone: the condition for any claim of privacy.</summary>
    public abstract bool IsCryptographic { get; }

    /// <summary>Overwrites <paramref name="destination"/> with the stream's next bytes.</summary>
    /// <param name="destination">The bytes to fill; any length.</param>
    public abstract void Fill(Span<byte> destination);

    /// <summary>Starts a stream that is independent of this one and of every other fork.</summary>
    /// <param name="purpose">What the stream is for, such as <c>noise</c>; forking a purpose
    /// again starts another stream.</param>
    /// <exception cref="ArgumentException"><paramref name="purpose"/> is empty.</exception>
    public abstract RandomSource Fork(string purpose);
}
