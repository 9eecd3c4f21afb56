using System.Reflection;
using System.Runtime.Loader;
using Microsoft.DotNet.Interactive;
using Research.Interactive;
using Research.Plotting;

namespace Research.Tests.Charts;

/// <summary>Who draws no chart pays for none: a copy of the library with a load context of its own, which sees all that
/// it asks for.</summary>
public sealed class DefaultPathTests
{
    [Fact]
    public async Task LoadingShowingAndTraining_LoadNoPlotlyNet()
    {
        Watching watching = new();
        Assembly library = watching.LoadFromAssemblyPath(typeof(NotebookExtension).Assembly.Location);
        object extension = Activator.CreateInstance(library.GetType(typeof(NotebookExtension).FullName!)!)!;
        using CompositeKernel kernel = [];

        await ((IKernelExtension)extension).OnLoadAsync(kernel);
        Invoke(library, "Research.Interactive.LivePlot", "Show", "digits");
        Invoke(library, "Research.Interactive.LiveOutput", "Show", Figure.Titled("t").Line("a", [1, 2], [1.0, 2]));
        Assert.NotEmpty(library.GetExportedTypes());

        Assert.Contains("Research.Core", watching.Asked);
        Assert.DoesNotContain("Plotly.NET", watching.Asked);
        Assert.DoesNotContain("FSharp.Core", watching.Asked);
        Assert.DoesNotContain("DynamicObj", watching.Asked);
    }

    private static void Invoke(Assembly library, string type, string method, object argument) =>
        library.GetType(type)!.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .First(one => one.Name == method && one.GetParameters()[0].ParameterType.IsInstanceOfType(argument))
            .Invoke(null, [argument]);

    private sealed class Watching() : AssemblyLoadContext("watching")
    {
        public List<string> Asked { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            lock (Asked)
            {
                Asked.Add(assemblyName.Name!);
            }

            return null;
        }
    }
}
