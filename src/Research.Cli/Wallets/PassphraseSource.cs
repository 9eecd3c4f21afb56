using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Research.Cli.Wallets;

/// <summary>Where a wallet's passphrase comes from: the file descriptor that an option names, else an environment
/// variable, else whoever sits at the terminal. No option takes it.</summary>
/// <param name="terminal">Where somebody may be asked.</param>
/// <param name="descriptor">An open file descriptor of this process, or null.</param>
internal sealed class PassphraseSource(ISecretTerminal terminal, int? descriptor)
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "RESEARCH_PASSPHRASE";

    /// <summary>Gets the passphrase of a wallet that there is.</summary>
    /// <param name="wallet">The wallet, for the prompt.</param>
    /// <param name="cancellationToken">Stops waiting for an answer.</param>
    /// <exception cref="CommandException">There is none, and nobody to be asked.</exception>
    public async Task<SecretBytes> ReadAsync(string wallet, CancellationToken cancellationToken) =>
        Given() ?? await AskAsync($"Passphrase of {wallet}: ", cancellationToken).ConfigureAwait(false);

    /// <summary>Gets the passphrase of a wallet to be made; whoever types it types it twice.</summary>
    /// <exception cref="CommandException">There is none, it is empty, or the two differ.</exception>
    public async Task<SecretBytes> ReadNewAsync(string wallet, CancellationToken cancellationToken)
    {
        SecretBytes? given = Given();
        SecretBytes first = given
            ?? await AskAsync($"New passphrase of {wallet}: ", cancellationToken).ConfigureAwait(false);
        try
        {
            if (first.Length == 0)
            {
                throw new CommandException("Expected a passphrase, got an empty one: it would protect nothing.");
            }

            if (given is null)
            {
                using SecretBytes second =
                    await AskAsync("The same once more: ", cancellationToken).ConfigureAwait(false);
                if (!CryptographicOperations.FixedTimeEquals(first.Span, second.Span))
                {
                    throw new CommandException("The two passphrases differ. Nothing was written.");
                }
            }

            return first;
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    private SecretBytes? Given()
    {
        if (descriptor is int number)
        {
            return ReadDescriptor(number);
        }

        string? value = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(value) ? null : new SecretBytes(Encoding.UTF8.GetBytes(value));
    }

    private Task<SecretBytes> AskAsync(string prompt, CancellationToken cancellationToken) => terminal.CanAsk
        ? terminal.AskAsync(prompt, cancellationToken)
        : throw new CommandException(
            "The wallet's passphrase is needed, and there is no terminal to ask for it: name a file descriptor with "
            + $"--passphrase-fd (for example --passphrase-fd 3 3< FILE), or set {Variable}.");

    private static SecretBytes ReadDescriptor(int number)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new CommandException(
                $"--passphrase-fd: this system has no file descriptors; set {Variable} instead.",
                CommandRunner.WrongUsage);
        }

        try
        {
            using SafeFileHandle handle = new(number, ownsHandle: false);
            using FileStream file = new(handle, FileAccess.Read, bufferSize: 0);
            return SecretBytes.ReadLine(file) ?? throw new CommandException(
                $"--passphrase-fd: file descriptor {number} is at its end; expected a line with the passphrase.");
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"--passphrase-fd: file descriptor {number} cannot be read ({e.Message}).", innerException: e);
        }
    }
}
