using System.Buffers.Binary;
using System.IO.Compression;
using Research.Storage;
using Research.Training.Data;

namespace Research.Tests.Training.Data;

public sealed class DatasetsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-data-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Open_Digits_IsTheUciSetInAFixedStratifiedSplit()
    {
        DatasetSplit digits = Datasets.Open("digits");

        Assert.Equal((1437, 360, 10), (digits.Train.Count, digits.Test.Count, digits.Train.Classes));
        Assert.Equal([64], digits.Train.Shape);
        Assert.All(digits.Train.Inputs.ToArray(), value => Assert.InRange(value, 0, 1));

        // Class counts of the whole set: sklearn's description of load_digits. A fifth of each, within one.
        int[] counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        for (int label = 0; label < 10; label++)
        {
            int test = digits.Test.Labels.ToArray().Count(l => l == label);
            Assert.Equal(counts[label], test + digits.Train.Labels.ToArray().Count(l => l == label));
            Assert.InRange(test, (counts[label] / 5.0) - 1, (counts[label] / 5.0) + 1);
        }
    }

    [Fact]
    public void Open_DigitsTwice_GivesTheSameBytes()
    {
        Assert.Equal(Hash(Datasets.Open("digits").Test), Hash(Datasets.Open("digits").Test));

        static ContentHash Hash(Dataset data) =>
            ContentHash.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(data.Inputs.Span));
    }

    [Theory]
    [InlineData("digit")]
    [InlineData("digits:x")]
    [InlineData("mnist")]
    [InlineData("csv:")]
    [InlineData("http://example.org/x")]
    public void Open_UnknownName_SaysWhatThereIs(string name)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Datasets.Open(name));

        Assert.Contains(
            $"Expected digits, mnist:FOLDER, fashion-mnist:FOLDER or csv:FILE; got '{name}'.",
            e.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_IdxFolder_ReadsImagesAndLabels(bool packed)
    {
        WriteIdx("train-images-idx3-ubyte", Images(3), packed);
        WriteIdx("train-labels-idx1-ubyte", Labels(7, 0, 9), packed);
        WriteIdx("t10k-images-idx3-ubyte", Images(1), packed);
        WriteIdx("t10k-labels-idx1-ubyte", Labels(1), packed);

        DatasetSplit split = Datasets.Open($"mnist:{_folder.FullName}");

        Assert.Equal([1, 2, 2], split.Train.Shape);
        Assert.Equal([7, 0, 9], split.Train.Labels.ToArray());
        Assert.Equal([0, 1 / 255f, 2 / 255f, 3 / 255f], split.Train.Inputs.ToArray()[..4]);
        Assert.Equal(1, split.Test.Count);
    }

    [Fact]
    public void Open_IdxEveryTruncation_SaysExpectedAndActualBytes()
    {
        byte[] images = Images(2);
        WriteIdx("train-labels-idx1-ubyte", Labels(1, 2), packed: false);
        for (int length = 0; length < images.Length; length++)
        {
            WriteIdx("train-images-idx3-ubyte", images[..length], packed: false);

            DataFormatException e = Assert.Throws<DataFormatException>(() =>
                Datasets.Open($"mnist:{_folder.FullName}"));

            Assert.EndsWith("train-images-idx3-ubyte", e.File, StringComparison.Ordinal);
            Assert.Equal($"byte {length}", e.Place);
            Assert.Equal($"{(length < 16 ? 16 : images.Length)} bytes", e.Expected);
            Assert.Equal($"{length} (the file is cut off)", e.Actual);
        }
    }

    [Fact]
    public void Open_BadIdx_NamesFileOffsetExpectedAndActual()
    {
        Refused(Labels(1, 2), Labels(1, 2), "byte 10: expected 16 bytes, got 10");
        Refused([.. Images(2), 0], Labels(1, 2), "byte 24: expected 24 bytes, got more");
        Refused(Images(2), Labels(1, 2, 3), "byte 4: expected 2 labels", "got 3");
        Refused(Images(2), Labels(1, 10), "byte 9: expected a label from 0 to 9, got 10");
        Refused(
            [0, 0, 8, 1, .. Images(2)[4..]],
            Labels(1, 2),
            "byte 0: expected magic number 0x00000803 (bytes in 3 dimensions), got 0x00000801");
        Refused(
            [0, 0, 8, 3, 0xff, 0xff, 0xff, 0xff, .. Images(2)[8..]],
            Labels(1),
            "byte 4: expected a size from 1 to 10000000",
            "got 4294967295");
        Refused(
            [0, 0, 8, 3, 0, 0x98, 0x96, 0x80, 0, 0, 0x10, 0, 0, 0, 0x10, 0],
            Labels(1),
            "byte 8",
            "at most 1073741824 bytes in all");
        Refused([0x1f, 0x8b, 1, 2, 3, 4], Labels(1), "the compressed stream: expected gzip data");
    }

    [Fact]
    public void Open_MissingFile_SaysBothNames()
    {
        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() =>
            Datasets.Open($"mnist:{_folder.FullName}"));

        Assert.Contains("train-images-idx3-ubyte or ", e.Message, StringComparison.Ordinal);
        Assert.Contains("train-images-idx3-ubyte.gz; neither exists", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2,0\n3,4,1\n5,6,0\n7,8,1\n9,10,1\n")]
    [InlineData("a,b,label\r\n1, 2,0\r\n3,4,1\r\n\r\n5,6,0\r\n7,\"8\",1\r\n9,1e1,1")]
    public void Open_Csv_ReadsNumbersAndLabels(string text)
    {
        DatasetSplit split = Datasets.Open($"csv:{WriteText(text)}");

        Assert.Equal((5, 2), (split.Train.Count + split.Test.Count, split.Train.Classes));
        Assert.Equal([2], split.Train.Shape);
        Assert.Equal(55, split.Train.Inputs.ToArray().Sum() + split.Test.Inputs.ToArray().Sum());
    }

    // What an ε for "add or remove one record" rests on.
    [Fact]
    public void Open_CsvWithOneRecordMore_HasOneRecordMoreInOnePartAndNoOtherChange()
    {
        string[] rows = [.. Enumerable.Range(0, 1000).Select(i => $"{i},{i % 2}")];
        DatasetSplit before = Datasets.Open($"csv:{WriteText(string.Join('\n', rows))}");
        for (int added = 2000; added < 2020; added++)
        {
            string[] more = [.. rows[..500], $"{added},0", .. rows[500..]];
            DatasetSplit after = Datasets.Open($"csv:{WriteText(string.Join('\n', more))}");

            Assert.Equal(1001, after.Train.Count + after.Test.Count);
            Assert.Equal(before.Train.Inputs.ToArray(), after.Train.Inputs.ToArray().Where(x => x != added));
            Assert.Equal(before.Test.Inputs.ToArray(), after.Test.Inputs.ToArray().Where(x => x != added));
        }

        Assert.InRange(before.Test.Count, 150, 250); // A fifth of 1,000, within four standard deviations.
    }

    [Theory]
    [InlineData("1,2,0\n3,x,1\n", "row 2, column 2: expected a finite number, got \"x\".")]
    [InlineData("h1,h2,h3\n1,2,0\n3,,1\n", "row 3, column 2 (h2): expected a finite number, got nothing.")]
    [InlineData("1,NaN,0\n", "row 1, column 2: expected a finite number, got \"NaN\".")]
    [InlineData("1,2,0\n1,2\n", "row 2: expected 3 columns as in row 1, got 2.")]
    [InlineData("1,2,0\n1,2,3,4\n", "row 2: expected 3 columns as in row 1, got 4.")]
    [InlineData("1,2,0.5\n", "row 1, column 3: expected a label, a whole number from 0 to 65535, got \"0.5\".")]
    [InlineData("1,2,-1\n", "row 1, column 3: expected a label, a whole number from 0 to 65535, got \"-1\".")]
    [InlineData("1,2,70000\n", "row 1, column 3: expected a label, a whole number from 0 to 65535, got \"70000\".")]
    [InlineData("1\n", "row 1: expected 2 to 1048576 columns, the last of them the label, got 1.")]
    [InlineData("", "row 1: expected at least one row of numbers, got none.")]
    [InlineData("a,b,c\n", "row 1: expected at least one row of numbers, got none.")]
    [InlineData("1,2,0\n1,\"2,0\n", "row 2: expected well-formed quotes and at most 67108864 bytes in a row, got a malformed row.")]
    public void Open_BadCsv_NamesRowAndColumn(string text, string message)
    {
        string path = WriteText(text);

        DataFormatException e = Assert.Throws<DataFormatException>(() => Datasets.Open($"csv:{path}"));

        Assert.Equal($"{path}, {message}", e.Message);
    }

    [FashionMnistFact]
    public void Open_FashionMnist_ReadsAllSeventyThousand()
    {
        DatasetSplit split = Datasets.Open($"fashion-mnist:{FashionMnistFactAttribute.Folder}");

        Assert.Equal((60_000, 10_000), (split.Train.Count, split.Test.Count));
        Assert.Equal([1, 28, 28], split.Train.Shape);
        int[] counts = new int[10];
        foreach (int label in split.Train.Labels.Span)
        {
            counts[label]++;
        }

        Assert.All(counts, count => Assert.Equal(6_000, count));

        // Mean pixel of the training set, published with many training recipes as 0.2860.
        double sum = 0;
        foreach (float pixel in split.Train.Inputs.Span)
        {
            sum += pixel;
        }

        Assert.Equal(0.2860, sum / split.Train.Inputs.Length, 1e-4);
    }

    private static byte[] Images(int count)
    {
        byte[] file = new byte[16 + (count * 4)];
        new byte[] { 0, 0, 8, 3 }.CopyTo(file, 0);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(8), 2);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(12), 2);
        for (int i = 16; i < file.Length; i++)
        {
            file[i] = (byte)(i - 16);
        }

        return file;
    }

    private static byte[] Labels(params byte[] labels) => [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];

    private void Refused(byte[] images, byte[] labels, params string[] parts)
    {
        WriteIdx("train-images-idx3-ubyte", images, packed: false);
        WriteIdx("train-labels-idx1-ubyte", labels, packed: false);

        DataFormatException e = Assert.Throws<DataFormatException>(() => Datasets.Open($"mnist:{_folder.FullName}"));

        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    private void WriteIdx(string name, byte[] content, bool packed)
    {
        using FileStream file = File.Create(Path.Combine(_folder.FullName, packed ? name + ".gz" : name));
        using Stream stream = packed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(content);
    }

    private string WriteText(string text)
    {
        string path = Path.Combine(_folder.FullName, "table.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
