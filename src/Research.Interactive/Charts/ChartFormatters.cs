using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;

namespace Research.Interactive.Charts;

/// <summary>How Plotly.NET's charts look in .NET Interactive: drawn offline. Its own page loads plotly.js from the
/// network.</summary>
internal static class ChartFormatters
{
    /// <summary>Registers them once a notebook has loaded Plotly.NET; before that, nothing of it is touched.</summary>
    public static void Offer()
    {
        AppDomain.CurrentDomain.AssemblyLoad -= Register;
        AppDomain.CurrentDomain.AssemblyLoad += Register;
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            Register(assembly);
        }
    }

    private static void Register(object? sender, AssemblyLoadEventArgs loaded) => Register(loaded.LoadedAssembly);

    private static void Register(Assembly assembly)
    {
        if (assembly.GetName().Name == GenericCharts.Library && GenericCharts.TypeIn(assembly) is { } type)
        {
            Formatter.Register(type, (chart, writer) => writer.Write(GenericCharts.Read(chart).ToHtml()), "text/html");
            Formatter.Register(type, (chart, writer) => writer.Write(GenericCharts.Read(chart).ToText()), "text/plain");
            Formatter.SetPreferredMimeTypesFor(type, "text/html", "text/plain");
        }
    }
}
