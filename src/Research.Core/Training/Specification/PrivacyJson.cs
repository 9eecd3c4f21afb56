using System.Text.Json;

namespace Research.Training.Specification;

/// <summary>The privacy section in JSON.</summary>
internal static class PrivacyJson
{
    public const string Modes = "flat, perLayer or automatic";

    public static PrivacySection Read(SpecObject privacy)
    {
        PrivacySection section = new(
            privacy.Number("sampleRate"),
            privacy.Number("clipNorm"),
            privacy.Number("noiseMultiplier"),
            privacy.Number("delta"),
            privacy.Number("epsilonCap"),
            Mode(privacy));
        privacy.End();
        return section;
    }

    public static void Write(Utf8JsonWriter json, PrivacySection? privacy)
    {
        if (privacy is null)
        {
            return;
        }

        json.WriteStartObject("privacy");
        json.WriteNumber("sampleRate", privacy.SampleRate);
        json.WriteNumber("clipNorm", privacy.ClipNorm);
        json.WriteNumber("noiseMultiplier", privacy.NoiseMultiplier);
        json.WriteNumber("delta", privacy.Delta);
        json.WriteNumber("epsilonCap", privacy.EpsilonCap);
        if (privacy.Clipping != ClippingMode.Flat)
        {
            json.WriteString("clipping", privacy.Clipping == ClippingMode.PerLayer ? "perLayer" : "automatic");
        }

        json.WriteEndObject();
    }

    private static ClippingMode Mode(SpecObject privacy)
    {
        string mode = privacy.Text("clipping", absent: "flat");
        return mode switch
        {
            "flat" => ClippingMode.Flat,
            "perLayer" => ClippingMode.PerLayer,
            "automatic" => ClippingMode.Automatic,
            _ => throw privacy.UnknownText("clipping", mode, Modes),
        };
    }
}
