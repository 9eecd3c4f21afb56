using System.Buffers.Binary;

namespace Research.Training.Data;

/// <summary>Reads IDX files of unsigned bytes, the format of MNIST, packed with gzip or not.</summary>
/// <remarks>
/// Format: LeCun, Cortes and Burges, "The MNIST database", file format section: big-endian magic 0x0000080d for d
/// dimensions, sizes, bytes.
/// </remarks>
internal static class IdxFile
{
    private const int MostExamples = 10_000_000;
    private const int LongestSide = 4096;
    private const long MostBytes = 1L << 30;

    /// <summary>Reads images and their labels.</summary>
    public static Dataset Read(string imagePath, string labelPath, int classes)
    {
        (int[] imageSizes, byte[] pixels) = ReadBytes(imagePath, dimensions: 3);
        (int[] labelSizes, byte[] labels) = ReadBytes(labelPath, dimensions: 1);
        if (labelSizes[0] != imageSizes[0])
        {
            throw new DataFormatException(
                labelPath, "byte 4", $"{imageSizes[0]} labels (the images of {imagePath})", $"{labelSizes[0]}");
        }

        float[] inputs = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            inputs[i] = pixels[i] / 255f;
        }

        int[] wholeLabels = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            wholeLabels[i] = labels[i] < classes
                ? labels[i]
                : throw new DataFormatException(
                    labelPath, $"byte {8 + i}", $"a label from 0 to {classes - 1}", $"{labels[i]}");
        }

        return Dataset.Over(inputs, wholeLabels, [1, imageSizes[1], imageSizes[2]], classes);
    }

    private static (int[] Sizes, byte[] Content) ReadBytes(string path, int dimensions)
    {
        using Stream stream = BoundedFile.Open(path);
        int headerLength = 4 + (4 * dimensions);
        byte[] header = new byte[headerLength];
        BoundedFile.ReadExactly(stream, header, 0, path);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint expected = 0x800u + (uint)dimensions;
        if (magic != expected)
        {
            throw new DataFormatException(
                path, "byte 0", $"magic number 0x{expected:x8} (bytes in {dimensions} dimensions)", $"0x{magic:x8}");
        }

        int[] sizes = new int[dimensions];
        long length = 1;
        for (int i = 0; i < dimensions; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + (4 * i)));
            int most = i == 0 ? MostExamples : LongestSide;
            if (size < 1 || size > most || (length *= size) > MostBytes)
            {
                throw new DataFormatException(
                    path,
                    $"byte {4 + (4 * i)}",
                    $"a size from 1 to {most} and at most {MostBytes} bytes in all",
                    $"{size}");
            }

            sizes[i] = (int)size;
        }

        byte[] content = new byte[length];
        BoundedFile.ReadExactly(stream, content, headerLength, path);
        BoundedFile.ExpectEnd(stream, headerLength + length, path);
        return (sizes, content);
    }
}
