namespace Research.Cli.Wallets;

/// <summary>Where somebody types secrets, and sees them: the terminal, or a test's.</summary>
internal interface ISecretTerminal
{
    /// <summary>Gets whether somebody is there to be asked.</summary>
    bool CanAsk { get; }

    /// <summary>Gets whether standard output is what somebody looks at, not a file or a program.</summary>
    bool ShowsOutput { get; }

    /// <summary>Asks for a secret, which does not show while it is typed.</summary>
    Task<SecretBytes> AskAsync(string prompt, CancellationToken cancellationToken);

    /// <summary>Asks a question whose answer shows.</summary>
    Task<string> AskOpenlyAsync(string prompt, CancellationToken cancellationToken);

    /// <summary>Reads a line of standard input that is no terminal; null at its end.</summary>
    SecretBytes? ReadInputLine();
}
