namespace Research.Storage;

/// <summary>How stores that are far away are spoken to.</summary>
public sealed record StoreOptions
{
}
