using System.Runtime.InteropServices;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

public sealed class BoxMullerTests
{
    private const double AngleUnit = 1.0 / (1L << 52);

    [Fact]
    public void Add_Vectors_HaveTheBitsOfTheScalarForm()
    {
        ulong[] uniform = new ulong[BoxMuller.Block];
        InsecureSeededRandom source = new(5, "twin");
        float[] scalar = new float[BoxMuller.Block];
        float[] vector = new float[BoxMuller.Block];
        for (int i = 0; i < 20_000; i++)
        {
            source.Fill(MemoryMarshal.AsBytes(uniform.AsSpan()));
            uniform[i % 16] = (i % 97) switch { 0 => 0, 1 => ulong.MaxValue, 2 => 1, _ => uniform[i % 16] };
            uniform[(i + 3) % 16] >>= i % 64; // Radii of every size.
            NoiseGrid grid = new(Math.ScaleB(1 + (i / 20_000.0), (i % 160) - 80));
            BoxMuller.AddScalar(uniform, grid, scalar);
            BoxMuller.MakeRadii(ref uniform[0], grid);
            BoxMuller.Add(ref uniform[0], grid, ref vector[0]);
            Assert.Equal(scalar, vector);
            Array.Fill(scalar, i / 7f);
            Array.Fill(vector, i / 7f);
        }
    }

    // Oracle: the formula, with the framework's functions, from the words as the remarks describe them.
    [Fact]
    public void AddScalar_RandomWords_IsBoxMullersFormula()
    {
        const double Deviation = 65536; // A grid of 1: the noise's own error shows in the last digits of a float.
        NoiseGrid grid = new(Deviation);
        ulong[] uniform = new ulong[BoxMuller.Block];
        InsecureSeededRandom source = new(6, "formula");
        for (int i = 0; i < 5_000; i++)
        {
            source.Fill(MemoryMarshal.AsBytes(uniform.AsSpan()));
            uniform[i % 8] >>= i % 64;
            float[] values = new float[BoxMuller.Block];
            BoxMuller.AddScalar(uniform, grid, values);
            for (int j = 0; j < 8; j++)
            {
                ulong turns = uniform[j + 8];
                double quarter = ((turns & ((1UL << 52) - 1)) | 1) * AngleUnit; // Of a quarter turn, from −45° on.
                double angle = (quarter - 0.5) * Math.PI / 2;
                angle = (turns >> 63) == 0 ? angle : (Math.PI / 2) - angle;
                angle += (turns >> 62 & 1) * Math.PI;
                double radius = Deviation * Math.Sqrt(-2 * Math.Log(((double)uniform[j] + 0.5) / Math.ScaleB(1, 64)));
                Assert.InRange(values[j] - (radius * Math.Cos(angle)), -0.51, 0.51);
                Assert.InRange(values[j + 8] - (radius * Math.Sin(angle)), -0.51, 0.51);
            }
        }
    }

    [Fact]
    public void AddScalar_ExtremeBits_StayFiniteAndReachTheFarTail()
    {
        float[] least = new float[BoxMuller.Block];
        float[] greatest = new float[BoxMuller.Block];
        ulong[] ones = new ulong[BoxMuller.Block];
        Array.Fill(ones, ulong.MaxValue);
        BoxMuller.AddScalar(new ulong[BoxMuller.Block], new NoiseGrid(1), least);
        BoxMuller.AddScalar(ones, new NoiseGrid(1), greatest);

        double radius = Math.Sqrt(((double)least[0] * least[0]) + ((double)least[8] * least[8]));
        Assert.Equal(Math.Sqrt(2 * 65 * Math.Log(2)), radius, 1e-4);
        Assert.All(greatest, value => Assert.Equal(0f, value)); // ln 1: the centre.
    }
}
