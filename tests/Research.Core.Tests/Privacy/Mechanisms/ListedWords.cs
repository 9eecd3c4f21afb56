using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

/// <summary>Words chosen by a test; throws past the last.</summary>
internal struct ListedWords(params ulong[] words) : IWords
{
    /// <summary>Gets how many were taken.</summary>
    public int Used { get; private set; }

    public ulong Next() => words[Used++];
}
