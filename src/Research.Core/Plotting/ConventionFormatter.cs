namespace Research.Plotting;

/// <summary>One form of a value, with the members that .NET Interactive's formatting library finds by name.</summary>
internal sealed class ConventionFormatter<T>(string mimeType, Func<T, string> render)
    where T : class
{
    public string MimeType { get; } = mimeType;

    /// <summary>Writes the value, or returns false for anything else.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not T value)
        {
            return false;
        }

        writer.Write(render(value));
        return true;
    }
}
