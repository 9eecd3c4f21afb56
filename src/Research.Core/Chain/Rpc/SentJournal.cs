using System.Globalization;
using Nethereum.Model;
using Nethereum.Signer;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Chain.Signing;

namespace Research.Chain.Rpc;

/// <summary>Transactions that were signed and whose end was not seen yet, a file each: what a process that died has sent, the
/// next one finds.</summary>
/// <remarks>A file is on disk before its transaction leaves, and is named by chain, first block, account, nonce and hash: two
/// development chains of one number do not meet, and what was offered more for lies beside the first offer.</remarks>
internal sealed class SentJournal(string folder)
{
    private const int MostBytes = 1 << 20; // Twice what nodes take as one transaction, in hexadecimal digits.

    /// <summary>Keeps what is about to be sent.</summary>
    public void Keep(SentTransaction sent, Bytes32 genesis)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(
            folder, $"{NameOf(sent.Transaction.ChainId, genesis, sent.Signer.Address, sent.Transaction.Nonce)}-{sent.Hash}");

        // Not beside a name of up to 218 characters: 255 is the usual most.
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.part");
        try
        {
            using (FileStream stream = LocalFile.CreateForOwner(temporary))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(Hex.Encode(sent.Raw.Span)));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (PathTooLongException e)
        {
            throw LocalFile.TooLong(path, e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Forgets all that was offered under a nonce: its end was seen.</summary>
    public void Forget(SentTransaction sent, Bytes32 genesis)
    {
        foreach (string path in Files(
            $"{NameOf(sent.Transaction.ChainId, genesis, sent.Signer.Address, sent.Transaction.Nonce)}-0x*"))
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Read by another process just now: that one forgets it.
            }
        }
    }

    /// <summary>Reads those of an account on a chain, by nonce; a file that is no such thing is not taken for one.</summary>
    public IReadOnlyList<SentTransaction> Read(ulong chainId, Bytes32 genesis, ISigner signer) =>
    [
        .. Files($"{NameOf(chainId, genesis, signer.Address)}-*")
            .Select(path => Read(path, chainId, signer))
            .OfType<SentTransaction>()
            .OrderBy(sent => sent.Transaction.Nonce)
            .ThenBy(sent => sent.Transaction.MaxFeePerGas),
    ];

    private static string NameOf(ulong chainId, Bytes32 genesis, Address account) =>
        string.Create(CultureInfo.InvariantCulture, $"{chainId}-{genesis}-{account}");

    private static string NameOf(ulong chainId, Bytes32 genesis, Address account, ulong nonce) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(chainId, genesis, account)}-{nonce}");

    private static SentTransaction? Read(string path, ulong chainId, ISigner signer)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                return null;
            }

            byte[] raw = Hex.Decode(File.ReadAllText(path));
            if (TransactionFactory.CreateTransaction(raw) is not Transaction1559 read
                || (ulong)read.ChainId! != chainId
                || Address.Parse(TransactionVerificationAndRecovery.GetSenderAddress(read)) != signer.Address)
            {
                return null;
            }

            Eip1559Transaction transaction = new(
                chainId,
                (ulong)(read.Nonce ?? 0),
                new Wei(read.MaxPriorityFeePerGas ?? 0),
                new Wei(read.MaxFeePerGas ?? 0),
                (ulong)(read.GasLimit ?? 0),
                string.IsNullOrEmpty(read.ReceiverAddress) ? null : Address.Parse(read.ReceiverAddress),
                new Wei(read.Amount ?? 0),
                read.Data is { Length: > 0 } data ? Hex.Decode(data) : default(ReadOnlyMemory<byte>));
            FeeEstimate fee = new(Wei.Zero, transaction.MaxFeePerGas, transaction.MaxPriorityFeePerGas);
            return new SentTransaction(Keccak256.Hash(raw), signer, transaction, fee, raw);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null; // Written by somebody else, or gone just now.
        }
    }

    private IEnumerable<string> Files(string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Where(path => !path.EndsWith(".part", StringComparison.Ordinal)) : [];
}
