using System.Buffers.Binary;
using System.Text;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Training;

public sealed class SafetensorsTests
{
    [Fact]
    public void Write_TwoTensors_GivesTheFormatsBytes()
    {
        byte[] file = Safetensors.Write(
            [SafeTensor.Of<byte>("b", [3], [7, 8, 9]), SafeTensor.Of<float>("a", [1, 2], [1f, -2f])],
            new Dictionary<string, string> { ["z"] = "1", ["k"] = "v" });

        const string Header =
            """{"__metadata__":{"k":"v","z":"1"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""";
        int padded = (Header.Length + 7) / 8 * 8;
        Assert.Equal((ulong)padded, BinaryPrimitives.ReadUInt64LittleEndian(file));
        Assert.Equal(Header.PadRight(padded), Encoding.UTF8.GetString(file, 8, padded));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7, 8, 9], file[(8 + padded)..]);
    }

    [Fact]
    public void Read_EveryType_RoundTrips()
    {
        byte[] file = Safetensors.Write(
            [
                SafeTensor.Of<float>("f", [2], [1.5f, float.NaN]), SafeTensor.Of<int>("i", [], [int.MinValue]),
                SafeTensor.Of<long>("l", [1, 1], [long.MaxValue]), SafeTensor.Of<byte>("u", [0, 5], []),
            ],
            new Dictionary<string, string> { ["note"] = "é\n" });

        SafetensorsFile read = Safetensors.Read(file);

        Assert.Equal(["l", "f", "i", "u"], read.Tensors.Select(t => t.Name));
        Assert.Equal([1.5f, float.NaN], read["f"].ToArray<float>());
        Assert.Equal([int.MinValue], read["i"].ToArray<int>());
        Assert.Equal([long.MaxValue], read["l"].ToArray<long>());
        Assert.Equal([0, 5], read["u"].Shape);
        Assert.Equal("é\n", read.Metadata["note"]);
        Assert.Throws<InvalidOperationException>(() => read["f"].ToArray<int>());
        Assert.Throws<KeyNotFoundException>(() => read["x"]);
        Assert.Equal(file, Safetensors.Write(read.Tensors, read.Metadata));
    }

    [Fact]
    public void Read_EveryTruncation_SaysExpectedAndActualBytes()
    {
        byte[] file = Safetensors.Write(
            [SafeTensor.Of<float>("a", [4], [1, 2, 3, 4]), SafeTensor.Of<int>("b", [2], [5, 6])]);
        for (int length = 0; length < file.Length; length++)
        {
            DataFormatException e = Assert.Throws<DataFormatException>(() =>
                Safetensors.Read(file.AsSpan(0, length), "update"));
            Assert.Equal("update", e.File);
            Assert.Equal($"{length}", e.Actual);
            Assert.Contains("bytes", e.Expected, StringComparison.Ordinal);
        }

        DataFormatException last = Assert.Throws<DataFormatException>(() =>
            Safetensors.Read(file.AsSpan(0, file.Length - 1), "update"));
        Assert.Equal(
            $"update, the end of the file: expected {file.Length} bytes, got {file.Length - 1}.", last.Message);
    }

    [Fact]
    public void Read_OneByteTooMany_IsRefused() => Assert.Throws<DataFormatException>(
        () => Safetensors.Read([.. Safetensors.Write([SafeTensor.Of<byte>("a", [1], [1])]), 0]));

    [Fact]
    public void Read_RandomByteChanges_ReadsOrThrowsDataFormatException()
    {
        byte[] good = Safetensors.Write(
            [SafeTensor.Of<float>("a", [4], [1, 2, 3, 4]), SafeTensor.Of<int>("b", [2], [5, 6])],
            new Dictionary<string, string> { ["k"] = "v" });
        Random random = new(1);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bad = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            if (Record.Exception(() => Safetensors.Read(bad)) is { } e)
            {
                Assert.IsType<DataFormatException>(e);
            }
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "byte 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "byte 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "[0, 4]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "[4, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "-1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,0]}}""", 0, "[65536, 65536]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "3")]
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,8]}}""", 8, "\"F16\"")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "it twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}""", 1, "an unknown field")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1]}}""", 0, "nothing")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "1")]
    [InlineData("""{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "\"\"")]
    [InlineData("[]", 0, "an array")]
    [InlineData("{", 0, "something else")]
    public void Read_HostileHeader_IsRefused(string header, int dataLength, string actual)
    {
        byte[] file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        Encoding.UTF8.GetBytes(header).CopyTo(file, 8);

        DataFormatException e = Assert.Throws<DataFormatException>(() => Safetensors.Read(file));

        Assert.Equal(actual, e.Actual);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData((1UL << 20) + 1)]
    public void Read_HugeHeaderLength_IsRefusedBeforeAllocation(ulong length)
    {
        byte[] file = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);

        DataFormatException e = Assert.Throws<DataFormatException>(() => Safetensors.Read(file));

        Assert.Equal(("a header of at most 1048576 bytes", $"{length}"), (e.Expected, e.Actual));
    }

    [Fact]
    public void Write_BadTensors_AreRefused()
    {
        SafeTensor good = SafeTensor.Of<byte>("a", [1], [1]);

        Assert.Throws<ArgumentException>(() => Safetensors.Write([good, good]));
        Assert.Throws<ArgumentException>(() => Safetensors.Write([good with { Name = "__metadata__" }]));
        Assert.Throws<ArgumentException>(() => Safetensors.Write([good with { Shape = [2] }]));
        Assert.Throws<NotSupportedException>(() => SafeTensor.Of<short>("a", [1], [1]));
    }

    [Fact]
    public void Checkpoint_ThroughSafetensors_LoadsBackBitForBit()
    {
        Network network = Network.Create(Specs.DigitsCnn);
        Network other = Network.Create(Specs.DigitsCnn with { Model = Specs.DigitsCnn.Model with { Seed = 9 } });

        other.Load(Checkpoint.FromSafetensors(network.ToCheckpoint().ToSafetensors()));

        Tensors.Numbers.AssertSameBits(network.Weights, other.Weights);
        Assert.Equal(
            [
                "layers.0.weight", "layers.0.bias", "layers.3.weight", "layers.3.bias",
                "layers.7.weight", "layers.7.bias",
            ],
            network.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void Load_OtherModelsCheckpoint_IsRefusedAndChangesNothing()
    {
        Network network = Network.Create(Specs.DigitsMlp);
        float[] before = network.Weights.ToArray();

        Assert.Throws<ArgumentException>(() => network.Load(Network.Create(Specs.DigitsCnn).ToCheckpoint()));

        Assert.Equal(before, network.Weights.ToArray());
    }

    [Fact]
    public void FromSafetensors_IntegerTensor_IsRefused()
    {
        DataFormatException e = Assert.Throws<DataFormatException>(
            () => Checkpoint.FromSafetensors(Safetensors.Write([SafeTensor.Of<int>("a", [1], [1])])));

        Assert.Equal("checkpoint, tensor 'a': expected F32, got I32.", e.Message);
    }
}
