namespace Research.Scripting.Packages;

/// <summary>What NuGet has to say of a restore.</summary>
/// <param name="Code">Its number, for example <c>NU1101</c>; empty when NuGet itself broke down.</param>
/// <param name="Package">The package concerned, or null.</param>
/// <param name="Message">Its words.</param>
internal sealed record RestoreProblem(string Code, string? Package, string Message)
{
    /// <summary>A package is asked for in a lower version than another one needs.</summary>
    public const string Downgrade = "NU1605";

    /// <summary>A source cannot be reached.</summary>
    public const string Unreachable = "NU1301";

    /// <summary>A package was made for another framework.</summary>
    public const string Foreign = "NU1701";
}
