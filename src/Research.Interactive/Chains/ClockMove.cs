using System.Globalization;
using Research.Chain;
using Research.Chain.Rpc;
using Research.Interactive.Magics;

namespace Research.Interactive.Chains;

/// <summary>A move of a local chain's clock: on by a time, or to one.</summary>
internal sealed class ClockMove
{
    private const string Amount = "a time such as 90s, 15m, 2h or 3d";

    private static readonly string[] Moments =
        ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz"];

    private readonly string _where;
    private readonly string _text;
    private readonly ulong _seconds;
    private readonly bool _isMoment;

    private ClockMove(string where, string text, ulong seconds, bool isMoment)
    {
        _where = where;
        _text = text;
        _seconds = seconds;
        _isMoment = isMoment;
    }

    /// <summary>Reads the words of a command: one of the two must be there.</summary>
    /// <param name="amount">By how much, such as 3d, or null.</param>
    /// <param name="moment">The time to move to, such as 2026-12-01T00:00:00Z, or null.</param>
    /// <exception cref="RefusedException">Neither is there, or both, or it is malformed.</exception>
    public static ClockMove Parse(string? amount, string? moment) => (amount, moment) switch
    {
        (null, null) => throw MagicArguments.Unexpected("TIME", $"{Amount}, or --to", ""),
        (string text, null) => By(text),
        (null, string text) => To(text),
        (string text, _) => throw MagicArguments.Unexpected(
            "TIME", "either an amount of time or --to", $"both, {text} and --to"),
    };

    /// <summary>Moves a node's clock, and mines a block at the new time.</summary>
    /// <returns>The chain's time before and after.</returns>
    /// <exception cref="RefusedException">The node is no local chain, or the time is past or out of bounds.</exception>
    /// <exception cref="ChainException">The node does not answer, or refused.</exception>
    public async Task<ClockMoved> ApplyAsync(EthereumClient client, CancellationToken cancellationToken)
    {
        ulong before = await client.GetNextTimestampAsync(cancellationToken).ConfigureAwait(false);
        if (_isMoment && _seconds <= before)
        {
            throw MagicArguments.Unexpected(
                _where,
                $"a time after the chain's, which is {ClockMoved.Text(before)} and never runs backwards",
                _text);
        }

        if (_seconds > ChainClock.End || (!_isMoment && before > ChainClock.End - _seconds))
        {
            throw MagicArguments.Unexpected(_where, "a time that ends before the year 10000", _text);
        }

        try
        {
            await ChainClock.MineAtAsync(client, _isMoment ? _seconds : before + _seconds, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (RpcException e) when (IsUnknownMethod(e))
        {
            throw new RefusedException(
                $"The node at {client.Endpoint.Scheme}://{client.Endpoint.Authority} is no local chain: "
                + "its clock cannot be moved.",
                e);
        }

        Block newest = await client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false);
        return new ClockMoved(before, newest.Timestamp, newest.Number);
    }

    private static ClockMove By(string text)
    {
        ulong unit = text.Length == 0 ? 0 : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => 0UL,
        };
        if (unit == 0
            || !ulong.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong count)
            || count == 0)
        {
            throw MagicArguments.Unexpected("TIME", Amount, text);
        }

        ulong seconds = count > ulong.MaxValue / unit ? ulong.MaxValue : count * unit;
        return new ClockMove("TIME", text, seconds, isMoment: false);
    }

    private static ClockMove To(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            Moments,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset time)
            ? new ClockMove("--to", text, (ulong)Math.Max(0, time.ToUnixTimeSeconds()), isMoment: true)
            : throw MagicArguments.Unexpected("--to", "a time such as 2026-12-01T00:00:00Z", text);

    // Public nodes word it in their own ways; -32004 is "method not supported" (EIP-1474).
    private static bool IsUnknownMethod(RpcException exception) => exception.Code is -32601 or -32004
        || exception.RpcMessage.Contains("method", StringComparison.OrdinalIgnoreCase);
}
