namespace Research.Tests.Federation.Trace;

/// <summary>Seeded bytes.</summary>
internal static class Bytes
{
    public static byte[] Random(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
