using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Cli.Tasks;

/// <summary>A file of accounts that may take part, one a line; empty lines and those that begin with # count
/// not.</summary>
internal static class AllowFile
{
    private const long MostBytes = 1 << 26;

    /// <summary>Reads it.</summary>
    /// <exception cref="CommandException">There is none, or a line is no address, or one is there twice.</exception>
    public static async Task<AllowList> ReadAsync(string path, CancellationToken cancellationToken)
    {
        InputFile.Check("--allow", path, MostBytes);
        List<Address> accounts = [];
        HashSet<Address> seen = [];
        int number = 0;
        foreach (string line in await File.ReadAllLinesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            number++;
            string text = line.Trim();
            if (text.Length == 0 || text.StartsWith('#'))
            {
                continue;
            }

            Address account = Parse(path, number, text);
            if (!seen.Add(account))
            {
                throw new CommandException($"--allow: {path}, line {number}: {account} is there twice.");
            }

            accounts.Add(account);
        }

        return accounts.Count > 0
            ? new AllowList(accounts)
            : throw new CommandException($"--allow: {path} holds no address: expected one a line.");
    }

    /// <summary>Proves that an account may commit; null where everybody may.</summary>
    /// <exception cref="CommandException">It may not, or the file is another list, or there is none.</exception>
    public static async Task<IReadOnlyList<Bytes32>?> ProofAsync(
        string? path, ulong taskId, Terms terms, Address account, CancellationToken cancellationToken)
    {
        if (terms.AllowRoot == Bytes32.Zero)
        {
            return null;
        }

        if (path is null)
        {
            throw new CommandException(
                $"Task {taskId} lets only accounts on its sponsor's list take part: name that list with --allow, one "
                + "address a line.");
        }

        AllowList list = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        if (list.Root != terms.AllowRoot)
        {
            throw new CommandException(
                $"--allow: {path} is another list than that of task {taskId}: expected the root {terms.AllowRoot}, got "
                + $"{list.Root}. Ask the sponsor for its file.");
        }

        return list.Accounts.Contains(account)
            ? list.ProofOf(account)
            : throw new CommandException(
                $"{account} is not among the {list.Accounts.Count} accounts that may take part in task {taskId}.");
    }

    private static Address Parse(string path, int number, string text)
    {
        try
        {
            return Address.Parse(text);
        }
        catch (FormatException e)
        {
            throw new CommandException($"--allow: {path}, line {number}: {e.Message}", innerException: e);
        }
    }
}
