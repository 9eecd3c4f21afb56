namespace Research.Privacy.Mechanisms;

/// <summary>Uniform words, one after the other.</summary>
internal interface IWords
{
    /// <summary>Gets the next word.</summary>
    ulong Next();
}
