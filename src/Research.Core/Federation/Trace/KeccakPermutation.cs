namespace Research.Federation.Trace;

/// <summary>The permutation keccak-f[1600] of several states side by side.</summary>
/// <remarks>
/// Source: FIPS 202, sections 3.2 and 3.3. Word x + 5y of a state is the standard's lane (x, y). A round takes a0…a24
/// to e0…e24 and the next one back, so that π moves nothing: c are θ's column parities, d what θ adds to a column, b a
/// row after ρ and π. The state and d fit the 32 registers of AVX-512.
/// </remarks>
internal static unsafe class KeccakPermutation
{
    /// <summary>Words of a state.</summary>
    public const int StateWords = 25;

    /// <summary>Words of a 256-bit digest.</summary>
    public const int DigestWords = 4;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
        0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Replaces words 0 to 3 by those of the permuted state; words 4 to 24 stay as they were.</summary>
    /// <param name="state">[25] words, each of all the states.</param>
    public static void Digest<TWord, TWidth>(TWord* state)
        where TWord : unmanaged
        where TWidth : struct, IKeccakWidth<TWord>
    {
        TWord a0 = state[0];
        TWord a1 = state[1];
        TWord a2 = state[2];
        TWord a3 = state[3];
        TWord a4 = state[4];
        TWord a5 = state[5];
        TWord a6 = state[6];
        TWord a7 = state[7];
        TWord a8 = state[8];
        TWord a9 = state[9];
        TWord a10 = state[10];
        TWord a11 = state[11];
        TWord a12 = state[12];
        TWord a13 = state[13];
        TWord a14 = state[14];
        TWord a15 = state[15];
        TWord a16 = state[16];
        TWord a17 = state[17];
        TWord a18 = state[18];
        TWord a19 = state[19];
        TWord a20 = state[20];
        TWord a21 = state[21];
        TWord a22 = state[22];
        TWord a23 = state[23];
        TWord a24 = state[24];
        ReadOnlySpan<ulong> constants = RoundConstants;
        for (int round = 0; round < constants.Length; round += 2)
        {
            TWord c0 = TWidth.Xor(TWidth.Xor(a0, a5, a10), a15, a20);
            TWord c1 = TWidth.Xor(TWidth.Xor(a1, a6, a11), a16, a21);
            TWord c2 = TWidth.Xor(TWidth.Xor(a2, a7, a12), a17, a22);
            TWord c3 = TWidth.Xor(TWidth.Xor(a3, a8, a13), a18, a23);
            TWord c4 = TWidth.Xor(TWidth.Xor(a4, a9, a14), a19, a24);
            TWord d0 = TWidth.Xor(c4, TWidth.RotateLeft(c1, 1));
            TWord d1 = TWidth.Xor(c0, TWidth.RotateLeft(c2, 1));
            TWord d2 = TWidth.Xor(c1, TWidth.RotateLeft(c3, 1));
            TWord d3 = TWidth.Xor(c2, TWidth.RotateLeft(c4, 1));
            TWord d4 = TWidth.Xor(c3, TWidth.RotateLeft(c0, 1));

            TWord b0 = TWidth.Xor(a0, d0);
            TWord b1 = TWidth.RotateLeft(TWidth.Xor(a6, d1), 44);
            TWord b2 = TWidth.RotateLeft(TWidth.Xor(a12, d2), 43);
            TWord b3 = TWidth.RotateLeft(TWidth.Xor(a18, d3), 21);
            TWord b4 = TWidth.RotateLeft(TWidth.Xor(a24, d4), 14);
            TWord e0 = TWidth.Xor(TWidth.Chi(b0, b1, b2), TWidth.Broadcast(constants[round]));
            TWord e1 = TWidth.Chi(b1, b2, b3);
            TWord e2 = TWidth.Chi(b2, b3, b4);
            TWord e3 = TWidth.Chi(b3, b4, b0);
            TWord e4 = TWidth.Chi(b4, b0, b1);

            b0 = TWidth.RotateLeft(TWidth.Xor(a3, d3), 28);
            b1 = TWidth.RotateLeft(TWidth.Xor(a9, d4), 20);
            b2 = TWidth.RotateLeft(TWidth.Xor(a10, d0), 3);
            b3 = TWidth.RotateLeft(TWidth.Xor(a16, d1), 45);
            b4 = TWidth.RotateLeft(TWidth.Xor(a22, d2), 61);
            TWord e5 = TWidth.Chi(b0, b1, b2);
            TWord e6 = TWidth.Chi(b1, b2, b3);
            TWord e7 = TWidth.Chi(b2, b3, b4);
            TWord e8 = TWidth.Chi(b3, b4, b0);
            TWord e9 = TWidth.Chi(b4, b0, b1);

            b0 = TWidth.RotateLeft(TWidth.Xor(a1, d1), 1);
            b1 = TWidth.RotateLeft(TWidth.Xor(a7, d2), 6);
            b2 = TWidth.RotateLeft(TWidth.Xor(a13, d3), 25);
            b3 = TWidth.RotateLeft(TWidth.Xor(a19, d4), 8);
            b4 = TWidth.RotateLeft(TWidth.Xor(a20, d0), 18);
            TWord e10 = TWidth.Chi(b0, b1, b2);
            TWord e11 = TWidth.Chi(b1, b2, b3);
            TWord e12 = TWidth.Chi(b2, b3, b4);
            TWord e13 = TWidth.Chi(b3, b4, b0);
            TWord e14 = TWidth.Chi(b4, b0, b1);

            b0 = TWidth.RotateLeft(TWidth.Xor(a4, d4), 27);
            b1 = TWidth.RotateLeft(TWidth.Xor(a5, d0), 36);
            b2 = TWidth.RotateLeft(TWidth.Xor(a11, d1), 10);
            b3 = TWidth.RotateLeft(TWidth.Xor(a17, d2), 15);
            b4 = TWidth.RotateLeft(TWidth.Xor(a23, d3), 56);
            TWord e15 = TWidth.Chi(b0, b1, b2);
            TWord e16 = TWidth.Chi(b1, b2, b3);
            TWord e17 = TWidth.Chi(b2, b3, b4);
            TWord e18 = TWidth.Chi(b3, b4, b0);
            TWord e19 = TWidth.Chi(b4, b0, b1);

            b0 = TWidth.RotateLeft(TWidth.Xor(a2, d2), 62);
            b1 = TWidth.RotateLeft(TWidth.Xor(a8, d3), 55);
            b2 = TWidth.RotateLeft(TWidth.Xor(a14, d4), 39);
            b3 = TWidth.RotateLeft(TWidth.Xor(a15, d0), 41);
            b4 = TWidth.RotateLeft(TWidth.Xor(a21, d1), 2);
            TWord e20 = TWidth.Chi(b0, b1, b2);
            TWord e21 = TWidth.Chi(b1, b2, b3);
            TWord e22 = TWidth.Chi(b2, b3, b4);
            TWord e23 = TWidth.Chi(b3, b4, b0);
            TWord e24 = TWidth.Chi(b4, b0, b1);

            c0 = TWidth.Xor(TWidth.Xor(e0, e5, e10), e15, e20);
            c1 = TWidth.Xor(TWidth.Xor(e1, e6, e11), e16, e21);
            c2 = TWidth.Xor(TWidth.Xor(e2, e7, e12), e17, e22);
            c3 = TWidth.Xor(TWidth.Xor(e3, e8, e13), e18, e23);
            c4 = TWidth.Xor(TWidth.Xor(e4, e9, e14), e19, e24);
            d0 = TWidth.Xor(c4, TWidth.RotateLeft(c1, 1));
            d1 = TWidth.Xor(c0, TWidth.RotateLeft(c2, 1));
            d2 = TWidth.Xor(c1, TWidth.RotateLeft(c3, 1));
            d3 = TWidth.Xor(c2, TWidth.RotateLeft(c4, 1));
            d4 = TWidth.Xor(c3, TWidth.RotateLeft(c0, 1));

            b0 = TWidth.Xor(e0, d0);
            b1 = TWidth.RotateLeft(TWidth.Xor(e6, d1), 44);
            b2 = TWidth.RotateLeft(TWidth.Xor(e12, d2), 43);
            b3 = TWidth.RotateLeft(TWidth.Xor(e18, d3), 21);
            b4 = TWidth.RotateLeft(TWidth.Xor(e24, d4), 14);
            a0 = TWidth.Xor(TWidth.Chi(b0, b1, b2), TWidth.Broadcast(constants[round + 1]));
            a1 = TWidth.Chi(b1, b2, b3);
            a2 = TWidth.Chi(b2, b3, b4);
            a3 = TWidth.Chi(b3, b4, b0);
            a4 = TWidth.Chi(b4, b0, b1);

            b0 = TWidth.RotateLeft(TWidth.Xor(e3, d3), 28);
            b1 = TWidth.RotateLeft(TWidth.Xor(e9, d4), 20);
            b2 = TWidth.RotateLeft(TWidth.Xor(e10, d0), 3);
            b3 = TWidth.RotateLeft(TWidth.Xor(e16, d1), 45);
            b4 = TWidth.RotateLeft(TWidth.Xor(e22, d2), 61);
            a5 = TWidth.Chi(b0, b1, b2);
            a6 = TWidth.Chi(b1, b2, b3);
            a7 = TWidth.Chi(b2, b3, b4);
            a8 = TWidth.Chi(b3, b4, b0);
            a9 = TWidth.Chi(b4, b0, b1);

            b0 = TWidth.RotateLeft(TWidth.Xor(e1, d1), 1);
            b1 = TWidth.RotateLeft(TWidth.Xor(e7, d2), 6);
            b2 = TWidth.RotateLeft(TWidth.Xor(e13, d3), 25);
            b3 = TWidth.RotateLeft(TWidth.Xor(e19, d4), 8);
            b4 = TWidth.RotateLeft(TWidth.Xor(e20, d0), 18);
            a10 = TWidth.Chi(b0, b1, b2);
            a11 = TWidth.Chi(b1, b2, b3);
            a12 = TWidth.Chi(b2, b3, b4);
            a13 = TWidth.Chi(b3, b4, b0);
            a14 = TWidth.Chi(b4, b0, b1);

            b0 = TWidth.RotateLeft(TWidth.Xor(e4, d4), 27);
            b1 = TWidth.RotateLeft(TWidth.Xor(e5, d0), 36);
            b2 = TWidth.RotateLeft(TWidth.Xor(e11, d1), 10);
            b3 = TWidth.RotateLeft(TWidth.Xor(e17, d2), 15);
            b4 = TWidth.RotateLeft(TWidth.Xor(e23, d3), 56);
            a15 = TWidth.Chi(b0, b1, b2);
            a16 = TWidth.Chi(b1, b2, b3);
            a17 = TWidth.Chi(b2, b3, b4);
            a18 = TWidth.Chi(b3, b4, b0);
            a19 = TWidth.Chi(b4, b0, b1);

            b0 = TWidth.RotateLeft(TWidth.Xor(e2, d2), 62);
            b1 = TWidth.RotateLeft(TWidth.Xor(e8, d3), 55);
            b2 = TWidth.RotateLeft(TWidth.Xor(e14, d4), 39);
            b3 = TWidth.RotateLeft(TWidth.Xor(e15, d0), 41);
            b4 = TWidth.RotateLeft(TWidth.Xor(e21, d1), 2);
            a20 = TWidth.Chi(b0, b1, b2);
            a21 = TWidth.Chi(b1, b2, b3);
            a22 = TWidth.Chi(b2, b3, b4);
            a23 = TWidth.Chi(b3, b4, b0);
            a24 = TWidth.Chi(b4, b0, b1);
        }

        state[0] = a0;
        state[1] = a1;
        state[2] = a2;
        state[3] = a3;
    }
}
