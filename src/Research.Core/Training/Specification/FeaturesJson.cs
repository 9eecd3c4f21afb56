using System.Text.Json;
using Research.Training.Data.Scattering;

namespace Research.Training.Specification;

/// <summary>The model's fixed features in JSON.</summary>
internal static class FeaturesJson
{
    public static ScatteringFeatures? Read(SpecObject model)
    {
        if (model.Optional("features") is not { } element)
        {
            return null;
        }

        SpecObject features = new(element, model.At("features"));
        CheckType(features, "scattering");
        ScatteringFeatures result = new(features.Int("scales"), features.Int("angles"), ReadNormalization(features));
        features.End();
        return result;
    }

    public static void Write(Utf8JsonWriter json, ScatteringFeatures? features)
    {
        if (features is null)
        {
            return;
        }

        json.WriteStartObject("features");
        json.WriteString("type", "scattering");
        json.WriteNumber("scales", features.Scales);
        json.WriteNumber("angles", features.Angles);
        if (features.Normalization is { } normalization)
        {
            json.WriteStartObject("normalization");
            json.WriteString("type", normalization.Type);
            normalization.WriteFields(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static FeatureNormalization? ReadNormalization(SpecObject features)
    {
        if (features.Optional("normalization") is not { } element)
        {
            return null;
        }

        SpecObject normalization = new(element, features.At("normalization"));
        FeatureNormalization result = CheckType(normalization, "group", "data") == "group"
            ? new GroupNormalization(normalization.Int("groups"))
            : new DataNormalization(normalization.Number("noiseMultiplier"));
        normalization.End();
        return result;
    }

    private static string CheckType(SpecObject parent, params ReadOnlySpan<string> known)
    {
        string type = parent.Text("type");
        return known.Contains(type)
            ? type
            : throw new SpecException(parent.At("type"), string.Join(" or ", known), $"\"{type}\"");
    }
}
