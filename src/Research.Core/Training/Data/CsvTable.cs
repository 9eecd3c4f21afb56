using System.Globalization;
using CsvHelper;

namespace Research.Training.Data;

/// <summary>Reads comma-separated numbers whose last column is the label.</summary>
/// <remarks>
/// The first row counts as a header if none of its fields is a number. A column that it names <c>unit</c> says who each
/// row belongs to, in any text, and is neither an input nor the label.
/// </remarks>
internal static class CsvTable
{
    private const int MostColumns = 1 << 20;
    private const int LongestRow = 1 << 26;
    private const long MostNumbers = 1L << 28;
    private const int LargestLabel = 65_535;
    private const string UnitColumn = "unit";
    private const int LongestUnit = 256;

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
        List<string> units = [];
        Columns columns = new(0, null, source);
        int row = 0;
        try
        {
            using CsvReader reader = CsvReader.Create(text, Options);
            while (reader.Read())
            {
                row++;
                if (row == 1)
                {
                    bool hasHeader = IsHeader(reader);
                    int count = reader.FieldCount;
                    columns = new Columns(
                        count, hasHeader ? [.. Enumerable.Range(0, count).Select(reader.GetString)] : null, source);
                    if (hasHeader)
                    {
                        continue;
                    }
                }

                ReadRow(reader, row, columns, inputs, labels, units);
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

        Dataset data = Dataset.Over(inputs.ToArray(), labels.ToArray(), [columns.Inputs], labels.Max() + 1);
        return columns.Unit < 0 ? data : data.WithUnits(units);
    }

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
        CsvReader reader, int row, Columns columns, List<float> inputs, List<int> labels, List<string> units)
    {
        if (reader.FieldCount != columns.Count)
        {
            throw new DataFormatException(
                columns.Source, $"row {row}", $"{columns.Count} columns as in row 1", $"{reader.FieldCount}");
        }

        if (inputs.Count + (long)columns.Count > MostNumbers)
        {
            throw new DataFormatException(columns.Source, $"row {row}", $"at most {MostNumbers} numbers in all", "more");
        }

        for (int column = 0; column < columns.Count; column++)
        {
            string text = reader.GetString(column);
            if (column == columns.Unit)
            {
                units.Add(text.Length is > 0 and <= LongestUnit
                    ? text
                    : throw Wrong($"who the row belongs to, 1 to {LongestUnit} characters", column));
            }
            else if (column == columns.Label)
            {
                bool isLabel = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int label);
                labels.Add(isLabel && label <= LargestLabel
                    ? label
                    : throw Wrong($"a label, a whole number from 0 to {LargestLabel}", column));
            }
            else
            {
                bool isNumber = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value);
                inputs.Add(isNumber && float.IsFinite(value) ? value : throw Wrong("a finite number", column));
            }
        }

        DataFormatException Wrong(string expected, int column)
        {
            string text = reader.GetString(column);
            string actual = text.Length == 0 ? "nothing" : text.Length <= 40 ? $"\"{text}\"" : $"\"{text[..40]}…\"";
            string name = columns.Names is null ? "" : $" ({columns.Names[column]})";
            return new DataFormatException(columns.Source, $"row {row}, column {column + 1}{name}", expected, actual);
        }
    }

    /// <summary>What each column holds.</summary>
    private sealed class Columns
    {
        public Columns(int count, string[]? names, string source)
        {
            Count = count;
            Names = names;
            Source = source;
            Unit = names is null ? -1 : Array.IndexOf(names, UnitColumn);
            if (names is not null && Array.LastIndexOf(names, UnitColumn) != Unit)
            {
                throw new DataFormatException(source, "row 1", $"one column named {UnitColumn} at most", "several");
            }

            string? similar = Unit < 0
                ? names?.FirstOrDefault(name => string.Equals(name.Trim(), UnitColumn, StringComparison.OrdinalIgnoreCase))
                : null;
            if (similar is not null)
            {
                throw new DataFormatException(
                    source, "row 1", $"{UnitColumn}, written so, for the column that says whose a row is", similar);
            }

            int least = Unit < 0 ? 2 : 3;
            string besides = Unit < 0 ? "" : $" and one of them {UnitColumn}";
            if (count != 0 && (count < least || count > MostColumns))
            {
                throw new DataFormatException(
                    source, "row 1", $"{least} to {MostColumns} columns, the last of them the label{besides}", $"{count}");
            }

            Label = Unit == count - 1 ? count - 2 : count - 1;
            Inputs = count - least + 1;
        }

        public int Count { get; }

        public string[]? Names { get; }

        public string Source { get; }

        /// <summary>Gets the column of units; −1 where there is none.</summary>
        public int Unit { get; }

        public int Label { get; }

        public int Inputs { get; }
    }
}
