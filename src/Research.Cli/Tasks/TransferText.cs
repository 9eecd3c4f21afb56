using System.Globalization;
using Research.Storage;

namespace Research.Cli.Tasks;

/// <summary>Says how far a large blob has come, a line each tenth.</summary>
internal sealed class TransferText(TextWriter error) : IProgress<BlobProgress>
{
    private const long Large = 4 << 20;

    private readonly Lock _lock = new();
    private (ContentHash Hash, BlobDirection Direction, long Tenth)? _said;

    public void Report(BlobProgress value)
    {
        if (value.Total is not >= Large)
        {
            return;
        }

        lock (_lock)
        {
            (ContentHash, BlobDirection, long) now = (value.Hash, value.Direction, value.Done * 10 / value.Total.Value);
            if (now == _said)
            {
                return;
            }

            _said = now;
            string way = value.Direction == BlobDirection.Download ? "from" : "to";
            error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Hash.ToString()[..12]}…: {value.Done / 1e6:F1} of {value.Total.Value / 1e6:F1} MB {way} {value.Store}"));
        }
    }
}
