using System.Text.Json;

namespace Research.Training.Data.Scattering;

/// <summary>How fixed features are brought to one scale before the layers see them.</summary>
public abstract record FeatureNormalization
{
    private protected FeatureNormalization()
    {
    }

    /// <summary>Gets the name that stands in the document's <c>type</c> field.</summary>
    public abstract string Type { get; }

    /// <summary>Throws unless it suits that many channels.</summary>
    internal abstract void Check(int channels, string path);

    /// <summary>Writes the fields besides <c>type</c>.</summary>
    internal abstract void WriteFields(Utf8JsonWriter json);
}
