namespace Research.Federation.Scoring;

/// <summary>Why an update earns what it earns.</summary>
public enum Verdict
{
    /// <summary>It earns points by its signal.</summary>
    Paid,

    /// <summary>There is no update: it is missing, or not what was committed to.</summary>
    Missing,

    /// <summary>It changes no weight.</summary>
    Empty,

    /// <summary>The round's records cannot tell help from noise, whoever sends it.</summary>
    RoundCannotTell,

    /// <summary>It moves the model where the fresh records do not want it.</summary>
    Harmful,

    /// <summary>It lacks the noise that the specification asks for.</summary>
    LacksNoise,

    /// <summary>Its signal is no more than noise gives.</summary>
    WithinNoise,

    /// <summary>Others committed to the same work earlier.</summary>
    SameWork,
}
