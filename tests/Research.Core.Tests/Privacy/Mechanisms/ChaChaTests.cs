using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

public sealed class ChaChaTests
{
    // RFC 8439, appendix A.1, vectors 1 to 4: those whose nonce is zero, as is ours but for the counter's upper word.
    [Theory]
    [InlineData("00", 0, "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
        + "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586")]
    [InlineData("00", 1, "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
        + "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f")]
    [InlineData("01", 1, "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"
        + "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0")]
    public void Write_PublishedVectors_AreMet(string lastKeyByte, int block, string expected)
    {
        byte[] key = new byte[32];
        key[31] = Convert.FromHexString(lastKeyByte)[0];

        Assert.Equal(expected, Convert.ToHexStringLower(Block(Chunk(key, 0), block)));
    }

    // The same, vector 4: the key's second byte is ff.
    [Fact]
    public void Write_PublishedVectorOfBlock2_IsMet()
    {
        byte[] key = new byte[32];
        key[1] = 0xff;

        Assert.Equal(
            "72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca"
            + "13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096",
            Convert.ToHexStringLower(Block(Chunk(key, 0), 2)));
    }

    // Oracle: OpenSSL's ChaCha20-Poly1305 of zeros (RFC 8439, section 2.8): its key stream begins at block 1.
    [Fact]
    public void Write_RandomKey_IsTheKeyStreamOfChaCha20Poly1305()
    {
        byte[] key = SHA256.HashData("key"u8);
        byte[] stream = new byte[64 * 80];
        using ChaCha20Poly1305 oracle = new(key);
        oracle.Encrypt(new byte[12], new byte[stream.Length], stream, new byte[16]);

        for (int block = 1; block <= 80; block++)
        {
            byte[] expected = stream[(64 * (block - 1))..(64 * block)];
            Assert.Equal(expected, Block(Chunk(key, (ulong)block / 16), block % 16));
        }
    }

    // The counter's upper word is the first word of the RFC's nonce.
    [Fact]
    public void Write_PastTheLowerCounter_CarriesIntoTheUpperWord()
    {
        byte[] key = SHA256.HashData("carry"u8);
        ulong chunk = ((7UL << 32) / ChaCha.ChunkBlocks) + 3;
        byte[] nonce = new byte[12];
        nonce[0] = 7;
        byte[] stream = new byte[64 * 64];
        using ChaCha20Poly1305 oracle = new(key);
        oracle.Encrypt(nonce, new byte[stream.Length], stream, new byte[16]);

        Assert.Equal(stream[(64 * 52)..(64 * 53)], Block(Chunk(key, chunk), 5));
    }

    [Fact]
    public void Write_EveryWidth_HasTheBitsOfTheScalarForm()
    {
        uint[] key = new uint[ChaCha.KeyWords];
        for (ulong i = 0; i < 50; i++)
        {
            new InsecureSeededRandom(i, "width").Fill(MemoryMarshal.AsBytes(key.AsSpan()));
            ulong chunk = (i * 0x9E3779B97F4A7C15) >> 4;
            uint[] scalar = new uint[ChaCha.ChunkWords];
            ChaCha.Write<ChaChaLanes1, uint>(key, chunk, scalar);
            uint[] vector = new uint[ChaCha.ChunkWords];
            ChaCha.Write<ChaChaLanes4, Vector128<uint>>(key, chunk, vector);
            Assert.Equal(scalar, vector);
            Array.Clear(vector);
            ChaCha.Write<ChaChaLanes8, Vector256<uint>>(key, chunk, vector);
            Assert.Equal(scalar, vector);
            Array.Clear(vector);
            ChaCha.Write<ChaChaLanes16, Vector512<uint>>(key, chunk, vector);
            Assert.Equal(scalar, vector);
        }
    }

    private static uint[] Chunk(byte[] key, ulong chunk)
    {
        uint[] words = new uint[ChaCha.KeyWords];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key.AsSpan(4 * i));
        }

        uint[] stream = new uint[ChaCha.ChunkWords];
        ChaCha.Write(words, chunk, stream.AsSpan());
        return stream;
    }

    // Puts one block's words, which stand 16 apart, into the RFC's order.
    private static byte[] Block(uint[] chunk, int block)
    {
        byte[] bytes = new byte[64];
        for (int word = 0; word < 16; word++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(
                bytes.AsSpan(4 * word), chunk[(word * ChaCha.ChunkBlocks) + block]);
        }

        return bytes;
    }
}
