namespace Research.Storage;

/// <summary>Which way a blob goes.</summary>
public enum BlobDirection
{
    /// <summary>From a store to here.</summary>
    Download,

    /// <summary>From here to a store.</summary>
    Upload,
}
