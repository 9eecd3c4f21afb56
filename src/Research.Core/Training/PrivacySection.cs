namespace Research.Training;

/// <summary>The privacy of a specification; fixed by the sponsor, so that no participant chooses the noise.</summary>
/// <remarks>Neighbouring relation: add or remove one record.</remarks>
/// <param name="SampleRate">Poisson rate q of one step, in (0, 1]; independent of the number of records, so that ε says
/// nothing about it.</param>
/// <param name="ClipNorm">Largest L2 norm of what one example adds to the sum, over all parameters together,
/// positive.</param>
/// <param name="NoiseMultiplier">Standard deviation of the noise over <paramref name="ClipNorm"/>, positive.</param>
/// <param name="Delta">δ, in (0, 1).</param>
/// <param name="EpsilonCap">The ε that a participant's ledger may not exceed, in nats, positive.</param>
/// <param name="Clipping">How each example's gradient is held within <paramref name="ClipNorm"/>.</param>
public sealed record PrivacySection(
    double SampleRate,
    double ClipNorm,
    double NoiseMultiplier,
    double Delta,
    double EpsilonCap,
    ClippingMode Clipping = ClippingMode.Flat);
