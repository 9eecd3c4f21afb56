using System.Buffers.Binary;
using System.Numerics;

namespace Research.Chain.Primitives;

/// <summary>Keccak-256 as Ethereum uses it: the padding of the original submission, not SHA-3's.</summary>
/// <remarks>
/// Source: The Keccak reference, version 3.0 (Bertoni, Daemen, Peeters, Van Assche 2011), sections 1.2 and 2.
/// </remarks>
public static class Keccak256
{
    private const int Rate = 136; // Bytes absorbed a permutation: 200 - 2 * 32.

    private static readonly ulong[] RoundConstants =
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
        0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    // The rho rotations and pi targets in the order in which pi walks the lanes from lane 1.
    private static readonly int[] Rotations =
        [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    private static readonly int[] Targets =
        [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    /// <summary>Hashes <paramref name="message"/>.</summary>
    public static Bytes32 Hash(ReadOnlySpan<byte> message)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        Hash(message, hash);
        return new Bytes32(hash);
    }

    /// <summary>Hashes <paramref name="message"/> into the first 32 bytes of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter
    /// than 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Bytes32.Length);
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        while (message.Length >= Rate)
        {
            Absorb(state, message[..Rate]);
            message = message[Rate..];
        }

        Span<byte> last = stackalloc byte[Rate];
        last.Clear();
        message.CopyTo(last);
        last[message.Length] = 0x01;
        last[Rate - 1] |= 0x80;
        Absorb(state, last);
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(8 * i)..], state[i]);
        }
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (int i = 0; i < Rate / 8; i++)
        {
            state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        }

        Permute(state);
    }

    private static void Permute(Span<ulong> lanes)
    {
        Span<ulong> parity = stackalloc ulong[5];
        foreach (ulong roundConstant in RoundConstants)
        {
            for (int x = 0; x < 5; x++)
            {
                parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
            }

            for (int x = 0; x < 5; x++)
            {
                ulong mask = parity[(x + 4) % 5] ^ BitOperations.RotateLeft(parity[(x + 1) % 5], 1);
                for (int y = 0; y < 25; y += 5)
                {
                    lanes[x + y] ^= mask;
                }
            }

            ulong moving = lanes[1];
            for (int i = 0; i < 24; i++)
            {
                (lanes[Targets[i]], moving) = (BitOperations.RotateLeft(moving, Rotations[i]), lanes[Targets[i]]);
            }

            for (int y = 0; y < 25; y += 5)
            {
                lanes.Slice(y, 5).CopyTo(parity);
                for (int x = 0; x < 5; x++)
                {
                    lanes[x + y] = parity[x] ^ (~parity[(x + 1) % 5] & parity[(x + 2) % 5]);
                }
            }

            lanes[0] ^= roundConstant;
        }
    }
}
