namespace Research.Cli.Stores;

/// <summary>The uploads that were cut, for their senders to go on with: few, counted by the quota, and not for ever.</summary>
internal sealed class UploadParts(string folder, StoreQuota quota, BlobServerOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UploadId, UploadPart> _parts = [];

    /// <summary>Takes over what an earlier process left: parts to be gone on with; all other files are deleted.</summary>
    public void Adopt()
    {
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (UploadId.TryParseFileName(file.Name, out UploadId upload) && file.Length <= options.LargestBytes
                && _parts.Count < options.MostParts)
            {
                long held = StoreQuota.Cost(file.Length);
                quota.Add(held);
                _parts.Add(upload, new UploadPart(upload, file.FullName)
                {
                    Size = file.Length,
                    Held = held,
                    LastUsed = options.Time.GetTimestamp(),
                });
            }
            else if (file.Extension == UploadId.Extension)
            {
                file.Delete();
            }
        }
    }

    /// <summary>Gets how many bytes of an upload are here.</summary>
    public long OffsetOf(UploadId upload)
    {
        lock (_gate)
        {
            return _parts.TryGetValue(upload, out UploadPart? part) ? part.Size : 0;
        }
    }

    /// <summary>Gets the part of an upload, a new one where there is none; null where all others are being written.</summary>
    public UploadPart? GetOrAdd(UploadId upload)
    {
        lock (_gate)
        {
            if (_parts.TryGetValue(upload, out UploadPart? part))
            {
                return part;
            }

            if (_parts.Count >= options.MostParts && !TryEvict())
            {
                return null;
            }

            part = new UploadPart(upload, Path.Combine(folder, upload.FileName))
            {
                LastUsed = options.Time.GetTimestamp(),
            };
            _parts.Add(upload, part);
            return part;
        }
    }

    /// <summary>Takes bytes from the quota; parts that nobody writes to give way.</summary>
    public bool TryTake(long bytes)
    {
        while (!quota.TryTake(bytes))
        {
            lock (_gate)
            {
                if (bytes > quota.Most || !TryEvict())
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Throws a part away whose turn the caller has.</summary>
    public void Remove(UploadPart part)
    {
        lock (_gate)
        {
            _parts.Remove(part.Upload);
            part.IsGone = true;
        }

        ServedFolder.DeleteLeftOver(part.Path);
        quota.Add(-part.Held);
        part.Held = 0;
        part.Dispose();
    }

    /// <summary>Forgets a part that has become a blob, with what the quota counts for it.</summary>
    public void Forget(UploadPart part)
    {
        lock (_gate)
        {
            _parts.Remove(part.Upload);
            part.IsGone = true;
        }

        part.Dispose();
    }

    /// <summary>Throws away what nobody went on with in time.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            foreach (UploadPart part in _parts.Values
                .Where(part => options.Time.GetElapsedTime(part.LastUsed) >= options.PartLifetime).ToArray())
            {
                TryThrowAway(part);
            }
        }
    }

    private bool TryEvict() => _parts.Values.OrderBy(part => part.LastUsed).ToArray().Any(TryThrowAway);

    private bool TryThrowAway(UploadPart part)
    {
        if (!part.TryTake())
        {
            return false;
        }

        Remove(part);
        part.Release();
        return true;
    }
}
