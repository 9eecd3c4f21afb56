using System.Reflection;
using System.Runtime.Loader;

namespace Research.Interactive.Hosts;

/// <summary>Answers whoever asks for a newer FSharp.Core than the host's with the host's own.</summary>
/// <remarks>
/// Plotly.NET 6 asks for FSharp.Core 10.1; dotnet-interactive 1.0.712001 and dotnet-repl 0.3.259 are made of 10.0, which
/// their runtime finds first and refuses as too old, and the package's copy is never looked at. That copy would not do
/// either: Plotly.NET's own dependencies are content with the host's, so that one library would see two types of every
/// list, function and option. With the host's copy for all there is one, in F# cells too. What Plotly.NET takes from
/// FSharp.Core is in both: CI runs notebook 2, which makes charts, in both programs. Nothing is loaded here.
/// </remarks>
internal static class OneFSharpCore
{
    private const string Name = "FSharp.Core";

    /// <summary>Starts answering.</summary>
    public static void Offer()
    {
        AssemblyLoadContext.Default.Resolving -= Resolve;
        AssemblyLoadContext.Default.Resolving += Resolve;
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName asked) => asked.Name == Name
        ? context.Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == Name)
        : null;
}
