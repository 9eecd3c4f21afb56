using Microsoft.Win32.SafeHandles;
using Research.Chain.Primitives;

namespace Research.Market;

/// <summary>A round's updates as fetched and checked once, in a file that goes with this: scoring reads them there.</summary>
/// <remarks>Ten thousand updates take the disk's room and not the memory's, no store is asked twice for one, and none can
/// change or go away while the round is scored.</remarks>
internal sealed class UpdateSpool : IDisposable
{
    private readonly Dictionary<Address, (long First, int Bytes)> _places = [];
    private readonly Lock _lock = new();
    private SafeFileHandle? _file;
    private long _end;

    /// <summary>Gets whether an update is here.</summary>
    public bool Has(Address participant)
    {
        lock (_lock)
        {
            return _places.ContainsKey(participant);
        }
    }

    /// <summary>Keeps an update's numbers.</summary>
    public void Add(Address participant, ReadOnlySpan<byte> numbers)
    {
        lock (_lock)
        {
            _file ??= File.OpenHandle(
                Path.Combine(Path.GetTempPath(), $"research-updates-{Guid.NewGuid():N}"),
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.None,
                FileOptions.DeleteOnClose);
            RandomAccess.Write(_file, numbers, _end);
            _places[participant] = (_end, numbers.Length);
            _end += numbers.Length;
        }
    }

    /// <summary>Reads the numbers of an update that is here; on any thread.</summary>
    public byte[] Read(Address participant)
    {
        (long first, int bytes) = _places[participant];
        byte[] numbers = new byte[bytes];
        for (int read = 0; read < bytes;)
        {
            int more = RandomAccess.Read(_file!, numbers.AsSpan(read), first + read);
            read += more > 0 ? more : throw new EndOfStreamException("The file of the round's updates was cut short.");
        }

        return numbers;
    }

    public void Dispose() => _file?.Dispose();
}
