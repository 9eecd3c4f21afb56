using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Cli.Tasks;

/// <summary>What is asked of an ERC-20 token: its name, what somebody has, and leave to move a pool.</summary>
internal sealed class Erc20(EthereumClient client, Address token)
{
    private const int Word = 32;
    private const uint Symbol = 0x95d89b41; // symbol()
    private const uint Decimals = 0x313ce567; // decimals()
    private const uint Balance = 0x70a08231; // balanceOf(address)
    private const uint Allowance = 0xdd62ed3e; // allowance(address,address)
    private const uint Approve = 0x095ea7b3; // approve(address,uint256)

    /// <summary>Gets how its amounts are shown; a token that says nothing of itself is shown in its smallest
    /// unit.</summary>
    /// <param name="native">The chain's own currency, for which it must not pass.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NoCodeException">There is no contract at its address.</exception>
    public async Task<Currency> DescribeAsync(Currency native, CancellationToken cancellationToken)
    {
        byte[]? symbol = await TryCallAsync(Symbol, cancellationToken).ConfigureAwait(false);
        byte[]? decimals = await TryCallAsync(Decimals, cancellationToken).ConfigureAwait(false);
        return Currency.Of(token, TextOf(symbol), decimals is { Length: Word } ? NumberOf(decimals) : null, native);
    }

    /// <summary>Gets what an account has.</summary>
    public Task<Wei> BalanceAsync(Address account, CancellationToken cancellationToken) =>
        AmountAsync(Call(Balance, WordOf(account)), "balanceOf", cancellationToken);

    /// <summary>Gets what somebody may move of an account's.</summary>
    public Task<Wei> AllowanceAsync(Address owner, Address spender, CancellationToken cancellationToken) =>
        AmountAsync(Call(Allowance, WordOf(owner), WordOf(spender)), "allowance", cancellationToken);

    /// <summary>Lets somebody move exactly so much of the signer's.</summary>
    public async Task<TransactionReceipt> ApproveAsync(
        ISigner owner, Address spender, Wei amount, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(owner, spender, amount, cancellationToken).ConfigureAwait(false);
        }
        catch (RevertException e) when (e.TransactionHash is null)
        {
            // Some tokens change an allowance only from zero.
            await SendAsync(owner, spender, Wei.Zero, cancellationToken).ConfigureAwait(false);
            return await SendAsync(owner, spender, amount, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<TransactionReceipt> SendAsync(
        ISigner owner, Address spender, Wei amount, CancellationToken cancellationToken) =>
        client.SendAsync(
            owner,
            new CallRequest { To = token, Data = Call(Approve, WordOf(spender), WordOf(amount.Amount)) },
            cancellationToken);

    private async Task<byte[]?> TryCallAsync(uint function, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CallAsync(
                new CallRequest { To = token, Data = Call(function) }, null, cancellationToken).ConfigureAwait(false);
        }
        catch (RevertException)
        {
            return null; // It has no such function.
        }
    }

    private async Task<Wei> AmountAsync(byte[] call, string function, CancellationToken cancellationToken)
    {
        byte[] result = await client.CallAsync(new CallRequest { To = token, Data = call }, null, cancellationToken)
            .ConfigureAwait(false);
        return result.Length == Word
            ? new Wei(NumberOf(result))
            : throw new CommandException(
                $"--token: {token} is no ERC-20 token: {function} gives {result.Length} bytes, expected {Word}.");
    }

    private static byte[] Call(uint function, params byte[][] words)
    {
        byte[] data = new byte[sizeof(uint) + (Word * words.Length)];
        BinaryPrimitives.WriteUInt32BigEndian(data, function);
        for (int i = 0; i < words.Length; i++)
        {
            words[i].CopyTo(data, sizeof(uint) + (Word * i));
        }

        return data;
    }

    private static byte[] WordOf(Address account)
    {
        byte[] word = new byte[Word];
        account.CopyTo(word.AsSpan(Word - Address.Length));
        return word;
    }

    private static byte[] WordOf(BigInteger number)
    {
        byte[] word = new byte[Word];
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(word, Word - bytes.Length);
        return word;
    }

    private static BigInteger NumberOf(ReadOnlySpan<byte> word) => new(word, isUnsigned: true, isBigEndian: true);

    // A string, or 32 bytes as the first tokens had.
    private static string? TextOf(byte[]? result)
    {
        if (result is null || result.Length < Word)
        {
            return null;
        }

        if (result.Length == Word)
        {
            return Encoding.UTF8.GetString(result).TrimEnd('\0');
        }

        BigInteger length = result.Length < 2 * Word ? -1 : NumberOf(result.AsSpan(Word, Word));
        return length >= 0 && length <= result.Length - (2 * Word)
            ? Encoding.UTF8.GetString(result, 2 * Word, (int)length)
            : null;
    }
}
