using System.Globalization;
using CsvHelper;

namespace Research.Training.Data;

/// <summary>Reads comma-separated numbers whose last column is the label.</summary>
/// <remarks>The first row counts as a header if none of its fields is a number.</remarks>
internal static class CsvTable
{
    private const int MostColumns = 1 << 20;
    private const int LongestRow = 1 << 26;
    private const long MostNumbers = 1L << 28;
    private const int LargestLabel = 65_535;

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        HasHeader = false,
        TrimWhitespace = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = LongestRow,
    };

    /// <summary>Reads a table; classes are 0 to the largest label.</summary>
    public static Dataset Read(TextReader text, string source)
    {
        List<float> inputs = [];
        List<int> labels = [];
        string[]? names = null;
        int columns = 0;
        int row = 0;
        try
        {
            using CsvReader reader = CsvReader.Create(text, Options);
            while (reader.Read())
            {
                row++;
                if (row == 1)
                {
                    columns = CheckColumns(reader.FieldCount, source);
                    if (IsHeader(reader))
                    {
                        names = [.. Enumerable.Range(0, columns).Select(reader.GetString)];
                        continue;
                    }
                }

                ReadRow(reader, source, row, columns, names, inputs, labels);
            }
        }
        catch (CsvFormatException e)
        {
            throw new DataFormatException(
                source,
                $"row {row + 1}",
                $"well-formed quotes and at most {LongestRow} bytes in a row",
                "a malformed row",
                e);
        }

        if (labels.Count == 0)
        {
            throw new DataFormatException(source, "row 1", "at least one row of numbers", "none");
        }

        return new Dataset(inputs.ToArray(), labels.ToArray(), [columns - 1], labels.Max() + 1);
    }

    private static int CheckColumns(int count, string source) => count is >= 2 and <= MostColumns
        ? count
        : throw new DataFormatException(
            source, "row 1", $"2 to {MostColumns} columns, the last of them the label", $"{count}");

    private static bool IsHeader(CsvReader reader)
    {
        for (int column = 0; column < reader.FieldCount; column++)
        {
            if (float.TryParse(reader.GetString(column), NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static void ReadRow(
        CsvReader reader, string source, int row, int columns, string[]? names, List<float> inputs, List<int> labels)
    {
        if (reader.FieldCount != columns)
        {
            throw new DataFormatException(
                source, $"row {row}", $"{columns} columns as in row 1", $"{reader.FieldCount}");
        }

        if (inputs.Count + (long)columns > MostNumbers)
        {
            throw new DataFormatException(source, $"row {row}", $"at most {MostNumbers} numbers in all", "more");
        }

        for (int column = 0; column < columns - 1; column++)
        {
            bool isNumber = float.TryParse(
                reader.GetString(column), NumberStyles.Float, CultureInfo.InvariantCulture, out float value);
            inputs.Add(isNumber && float.IsFinite(value) ? value : throw Wrong("a finite number", column));
        }

        bool isLabel = int.TryParse(
            reader.GetString(columns - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int label);
        labels.Add(isLabel && label <= LargestLabel
            ? label
            : throw Wrong($"a label, a whole number from 0 to {LargestLabel}", columns - 1));

        DataFormatException Wrong(string expected, int column)
        {
            string text = reader.GetString(column);
            string actual = text.Length == 0 ? "nothing" : text.Length <= 40 ? $"\"{text}\"" : $"\"{text[..40]}…\"";
            string name = names is null ? "" : $" ({names[column]})";
            return new DataFormatException(source, $"row {row}, column {column + 1}{name}", expected, actual);
        }
    }
}
