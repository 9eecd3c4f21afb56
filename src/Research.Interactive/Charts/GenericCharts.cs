using System.Reflection;
using System.Runtime.CompilerServices;
using Research.Plotting;

namespace Research.Interactive.Charts;

/// <summary>Recognises Plotly.NET's charts by their name, without a reference to what most notebooks never load.</summary>
/// <remarks>Each notebook may have a Plotly.NET of its own, so the type is the value's, and not ours.</remarks>
internal static class GenericCharts
{
    public const string Library = "Plotly.NET";

    private static readonly ConditionalWeakTable<Type, Func<object, string>> Writers = [];

    /// <summary>Tells whether values of a type are charts.</summary>
    public static bool Is(Type type) => BaseOf(type) is not null;

    /// <summary>Finds the charts' type in the library.</summary>
    public static Type? TypeIn(Assembly library) => library.GetType($"{Library}.GenericChart", throwOnError: false);

    /// <summary>Reads a chart as it is now; Plotly.NET changes some in place.</summary>
    /// <exception cref="InvalidOperationException">Plotly.NET fails to write it.</exception>
    public static PlotlyFigure Read(object chart)
    {
        try
        {
            return PlotlyFigure.Parse(Writers.GetValue(BaseOf(chart.GetType())!, Writer)(chart), Library);
        }
        catch (TargetInvocationException exception)
        {
            throw new InvalidOperationException(
                $"Plotly.NET did not write the chart: {exception.InnerException?.Message}", exception);
        }
        catch (FormatException exception)
        {
            throw new InvalidOperationException($"Plotly.NET wrote no figure: {exception.Message}", exception);
        }
    }

    private static Func<object, string> Writer(Type type)
    {
        MethodInfo write = type.GetMethod("toJson", BindingFlags.Public | BindingFlags.Static, [type])
            ?? throw new InvalidOperationException(
                $"Expected Plotly.NET 6; {type.Assembly.GetName()} has no GenericChart.toJson.");
        return chart => (string)write.Invoke(null, [chart])!;
    }

    private static Type? BaseOf(Type type)
    {
        for (Type? one = type; one is not null; one = one.BaseType)
        {
            if (one is { Name: "GenericChart", Namespace: Library, IsNested: false })
            {
                return one;
            }
        }

        return null;
    }
}
