using System.Text.Json;

namespace Research.Plotting.Reading;

/// <summary>Makes sure that a template only says how things look.</summary>
internal static class PlotlyTemplate
{
    private static readonly string[] Axes = ["xaxis", "yaxis"];
    private static readonly (string Name, string[] Telling)[] Telling =
        [("error_x", ["array", "value", "visible"]), ("error_y", ["array", "value", "visible"]), ("line", ["shape", "dash"])];

    private static readonly string[] Kinds = ["scatter", "scattergl", "bar"];

    /// <exception cref="NotSupportedException">It says more.</exception>
    public static void Check(PlotlyAttributes layout)
    {
        PlotlyAttributes template = Of(layout);
        PlotlyAttributes general = template.Object("layout");
        foreach (string name in (string[])["barmode", "shapes", "annotations", "images"])
        {
            if (general.Has(name))
            {
                throw general.Refused(name);
            }
        }

        foreach (string name in Axes)
        {
            general.Object(name).Only(PlotlyVocabulary.TemplateAxis);
        }

        PlotlyAttributes data = template.Object("data");
        foreach (string kind in Kinds)
        {
            foreach (JsonElement trace in data.Items(kind))
            {
                CheckTrace(new PlotlyAttributes(trace, $"{data.Place}.{kind}"));
            }
        }
    }

    /// <summary>Tells whether texts that are numbers stay texts.</summary>
    public static bool KeepsTexts(PlotlyAttributes layout, PlotlyAttributes axis) =>
        (axis.Text("autotypenumbers") ?? layout.Text("autotypenumbers")
            ?? Of(layout).Object("layout").Text("autotypenumbers")) == "strict";

    private static PlotlyAttributes Of(PlotlyAttributes layout) => layout["template"].ValueKind == JsonValueKind.String
        ? throw layout.Refused("template") // A name, which says something only to another library.
        : layout.Object("template");

    private static void CheckTrace(PlotlyAttributes trace)
    {
        trace.Only(PlotlyVocabulary.TemplateTrace);
        foreach ((string name, string[] telling) in Telling)
        {
            if (telling.Any(trace.Object(name).Has))
            {
                throw trace.Refused(name);
            }
        }
    }
}
