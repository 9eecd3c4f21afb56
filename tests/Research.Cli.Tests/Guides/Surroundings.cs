namespace Research.Tests.Guides;

/// <summary>Where people sit.</summary>
/// <param name="ShellOf">Gets what starts a shell on somebody's machine.</param>
/// <param name="AddressOf">Gets the address under which others reach what listens on this machine's loopback.</param>
internal sealed record Surroundings(Func<string, string[]> ShellOf, Func<Uri, Uri> AddressOf)
{
    /// <summary>Gets everybody on this machine.</summary>
    public static Surroundings OneMachine { get; } = new(_ => ["bash"], address => address);
}
