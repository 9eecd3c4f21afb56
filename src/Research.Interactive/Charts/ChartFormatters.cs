using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;

namespace Research.Interactive.Charts;

/// <summary>How Plotly.NET's charts look in .NET Interactive: drawn offline. Its own page loads plotly.js from the
/// network.</summary>
internal static class ChartFormatters
{
    private static Type? _charts;

    /// <summary>Registers them once a notebook has loaded Plotly.NET; before that, nothing of it is touched.</summary>
    public static void Offer()
    {
        AppDomain.CurrentDomain.AssemblyLoad -= Look;
        AppDomain.CurrentDomain.AssemblyLoad += Look;
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            Look(assembly);
        }
    }

    /// <summary>Registers them again where a cell reset the formatters.</summary>
    public static void Restore()
    {
        if (_charts is not { } type ||
            Formatter.RegisteredFormatters(includeDefaults: false).Any(formatter => formatter.Type == type))
        {
            return;
        }

        Formatter.Register(type, (chart, writer) => writer.Write(GenericCharts.Read(chart).ToHtml()), "text/html");
        Formatter.Register(type, (chart, writer) => writer.Write(GenericCharts.Read(chart).ToText()), "text/plain");
        Formatter.SetPreferredMimeTypesFor(type, "text/html", "text/plain");
    }

    private static void Look(object? sender, AssemblyLoadEventArgs loaded) => Look(loaded.LoadedAssembly);

    private static void Look(Assembly assembly)
    {
        if (assembly.GetName().Name == GenericCharts.Library && GenericCharts.TypeIn(assembly) is { } type)
        {
            _charts = type;
            Restore();
        }
    }
}
