namespace Research.Plotting;

/// <summary>Where a drawing will stand.</summary>
/// <param name="Id">Prefix of element ids, unique in the page.</param>
/// <param name="IsDocument">Whether it stands alone: carries its own styles, size and title.</param>
internal sealed record SvgOptions(string Id, bool IsDocument)
{
    public static SvgOptions Document { get; } = new("figure", IsDocument: true);
}
