using System.Net;

namespace Research.Tests.Guides;

/// <summary>Where people sit.</summary>
/// <param name="Host">The address under which others see this machine.</param>
/// <param name="ShellOf">Gets what starts a shell on somebody's machine.</param>
/// <param name="AddressOf">Gets where others reach what listens on this machine's loopback.</param>
/// <param name="Authority">The file of the certificate that others trust; null for those of the system.</param>
internal sealed record Surroundings(
    IPAddress Host, Func<string, string[]> ShellOf, Func<Uri, Uri> AddressOf, string? Authority)
{
    /// <summary>Gets everybody on this machine.</summary>
    public static Surroundings OneMachine { get; } = new(IPAddress.Loopback, _ => ["bash"], address => address, null);
}
