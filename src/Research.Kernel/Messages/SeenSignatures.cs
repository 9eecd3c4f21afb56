using System.Globalization;
using System.Text;

namespace Research.Kernel.Messages;

/// <summary>Remembers the last signatures, so that a message that somebody recorded cannot be played again.</summary>
/// <param name="capacity">How many; jupyter_client remembers as many.</param>
internal sealed class SeenSignatures(int capacity = 1 << 16)
{
    private readonly Lock _gate = new();
    private readonly HashSet<UInt128> _seen = [];
    private readonly Queue<UInt128> _order = new();

    /// <summary>Remembers a signature.</summary>
    /// <param name="signature">A verified signature in hexadecimal, of any case.</param>
    /// <returns>Whether it is new.</returns>
    public bool Add(ReadOnlySpan<byte> signature)
    {
        // Half of the digest: two messages with a valid signature and the same half do not come up.
        UInt128 key = UInt128.Parse(
            Encoding.ASCII.GetString(signature[..32]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        lock (_gate)
        {
            if (!_seen.Add(key))
            {
                return false;
            }

            _order.Enqueue(key);
            if (_order.Count > capacity)
            {
                _seen.Remove(_order.Dequeue());
            }

            return true;
        }
    }
}
