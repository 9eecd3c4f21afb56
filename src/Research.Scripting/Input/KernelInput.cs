using Research.Scripting.Input;

#pragma warning disable IDE0130 // The namespace is .NET Interactive's, so that its notebooks run unchanged.
namespace Microsoft.DotNet.Interactive;
#pragma warning restore IDE0130

/// <content>Asks the user, under .NET Interactive's names.</content>
public static partial class Kernel
{
    /// <summary>Asks the user for a line.</summary>
    /// <param name="prompt">What to show.</param>
    /// <param name="typeHint"><c>password</c> hides what is typed; other kinds are asked for as text.</param>
    /// <returns>The line; empty at the end of input.</returns>
    /// <exception cref="InputUnavailableException">There is nobody to ask.</exception>
    public static async Task<string> GetInputAsync(string prompt = "", string typeHint = "text") =>
        await CellInput.AskAsync(new InputRequest(prompt ?? "", IsPassword: typeHint == "password"))
            .ConfigureAwait(false) ?? "";

    /// <summary>Asks the user for a secret, which is not shown while it is typed.</summary>
    /// <param name="prompt">What to show.</param>
    /// <exception cref="InputUnavailableException">There is nobody to ask.</exception>
    public static async Task<PasswordString> GetPasswordAsync(string prompt = "") =>
        new(await GetInputAsync(prompt, "password").ConfigureAwait(false));
}
