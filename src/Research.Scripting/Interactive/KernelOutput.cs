using Research.Scripting.Outputs;

#pragma warning disable IDE0130 // The namespace is .NET Interactive's, so that its notebooks run unchanged.
namespace Microsoft.DotNet.Interactive;
#pragma warning restore IDE0130

/// <content>Removes what was shown.</content>
public static partial class Kernel
{
    /// <summary>Removes what the running cell has shown so far.</summary>
    /// <param name="wait">Whether to wait for the next output, so that the page does not flicker.</param>
    public static void ClearOutput(bool wait = false) => OutputChannel.Current?.Emit(new ClearOutput(wait));
}
