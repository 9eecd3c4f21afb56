using System.Globalization;

namespace Research.Benchmarks;

/// <summary>What <c>quick</c> may be told.</summary>
internal sealed record QuickOptions(int Threads = 1, int Batch = 256, double Seconds = 1)
{
    private const int MostThreads = 256;
    private const int MostBatch = 1 << 16;
    private const double MostSeconds = 600;

    /// <summary>Reads options, or says what was expected and what came instead.</summary>
    public static (QuickOptions Options, string? Error) Read(ReadOnlySpan<string> arguments)
    {
        QuickOptions options = new();
        string? error = null;
        for (int i = 0; i < arguments.Length && error is null; i += 2)
        {
            string name = arguments[i];
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (name)
            {
                case "--threads":
                    (int threads, error) = Count(name, value, MostThreads);
                    options = options with { Threads = threads };
                    break;
                case "--batch":
                    (int batch, error) = Count(name, value, MostBatch);
                    options = options with { Batch = batch };
                    break;
                case "--seconds":
                    (double seconds, error) = Duration(name, value);
                    options = options with { Seconds = seconds };
                    break;
                default:
                    error = $"Expected --threads, --batch or --seconds; got '{name}'.";
                    break;
            }
        }

        return (options, error);
    }

    private static (int Count, string? Error) Count(string name, string? text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        && count >= 1 && count <= most
            ? (count, null)
            : (0, string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: expected a whole number from 1 to {most}; got {Quoted(text)}."));

    private static (double Seconds, string? Error) Duration(string name, string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
        && seconds is > 0 and <= MostSeconds
            ? (seconds, null)
            : (0, string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: expected a number above 0, at most {MostSeconds}; got {Quoted(text)}."));

    private static string Quoted(string? text) => text is null ? "nothing" : $"'{text}'";
}
