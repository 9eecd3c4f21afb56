using System.Text.Json;
using Research.Privacy;
using Research.Privacy.Accounting;

namespace Research.Interactive.Formatters;

/// <summary>A plan in words and as members of a JSON object.</summary>
internal static class EventText
{
    /// <summary>Writes what kind of release it is, without the number of steps.</summary>
    public static string Of(PrivacyEvent e)
    {
        (string kind, (string Symbol, string Member, double Value)[] parts) = Parts(e);
        string values = string.Join(", ", parts.Select(part => $"{part.Symbol} {EpsilonText.Exact(part.Value)}"));
        return e is GaussianEvent ? values : $"{kind}, {values}";
    }

    /// <summary>Writes the kind, its parameters and the steps.</summary>
    public static void Write(Utf8JsonWriter json, PrivacyEvent e)
    {
        (string kind, (string Symbol, string Member, double Value)[] parts) = Parts(e);
        json.WriteString("kind", kind);
        foreach ((string _, string member, double value) in parts)
        {
            json.WriteNumber(member, value);
        }

        json.WriteNumber("steps", e.Steps);
    }

    private static (string Kind, (string Symbol, string Member, double Value)[] Parts) Parts(PrivacyEvent e) =>
        e switch
        {
            GaussianEvent g => (
                "gaussian", [("q", "sampleRate", g.SampleRate), ("σ", "noiseMultiplier", g.NoiseMultiplier)]),
            LaplaceEvent l => ("laplace", [("scale", "scale", l.Scale)]),
            DiscreteGaussianEvent d => ("discrete-gaussian", [("σ", "sigma", d.Sigma)]),
            RandomizedResponseEvent r => (
                "randomized-response", [("ε", "epsilon", r.Epsilon), ("categories", "categories", r.Categories)]),
            PureEvent p => ("pure", [("ε", "epsilon", p.Epsilon)]),
            ConcentratedEvent c => ("concentrated", [("ρ", "rho", c.Rho)]),
            _ => (e.GetType().Name, []),
        };
}
