using Microsoft.DotNet.Interactive.Events;
using Research.Interactive;

namespace Research.Tests;

public sealed class NotebookExtensionTests
{
    [Fact]
    public async Task OnLoadAsync_OpensTheLibrarysNamespaces()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        await kernel.MustRunAsync(
            "Figure figure = Figure.Titled(\"t\"); ModelSpec? spec = null; PrivacyLedger? ledger = null; Wei wei = Wei.Zero;\n"
            + "LivePlot? plot = null; string path = Path.GetTempPath();");
    }

    [Fact]
    public async Task OnLoadAsync_Twice_ChangesNothing()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        int directives = kernel.CSharp.KernelInfo.SupportedDirectives.Count;

        await new NotebookExtension().OnLoadAsync(kernel.Root);
        await kernel.MustRunAsync("#!account --sample-rate 0.1 --noise-multiplier 2 --steps 100");

        Assert.Equal(directives, kernel.CSharp.KernelInfo.SupportedDirectives.Count);
    }

    [Fact]
    public async Task OnLoadAsync_OnASecondKernelOfTheProcess_GivesItAllToo()
    {
        using NotebookKernel first = await NotebookKernel.StartAsync();
        using NotebookKernel second = await NotebookKernel.StartAsync();

        await second.MustRunAsync("#!account --sample-rate 0.1 --noise-multiplier 2 --steps 100");
    }

    [Fact]
    public async Task Figure_IsShownAsHtmlAndTextAndNoPlotlyJson()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        DisplayEvent shown = Assert.Single(await kernel.MustRunAsync("Figure.Titled(\"t\").Line(\"a\", [1, 2], [1.0, 2.0])"));

        Assert.Equal(["text/html", "text/plain"], shown.FormattedValues.Select(value => value.MimeType).Order());
        Assert.Contains("<svg", NotebookKernel.Html(shown), StringComparison.Ordinal);
        Assert.DoesNotContain("http://cdn", NotebookKernel.Html(shown), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script src", NotebookKernel.Html(shown), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task LiveOutput_EachUpdate_CarriesTheIdOfTheFirst()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        IReadOnlyList<DisplayEvent> shown = await kernel.MustRunAsync(
            "LiveOutput live = LiveOutput.Show(\"a\"); live.Update(\"b\"); live.Update(\"c\");");

        Assert.IsType<DisplayedValueProduced>(shown[0]);
        Assert.Equal(["a", "b", "c"], shown.Select(NotebookKernel.Text));
        Assert.Single(shown.Select(one => one.ValueId).Distinct());
        Assert.Equal(2, shown.OfType<DisplayedValueUpdated>().Count());
    }

    [Fact]
    public void Library_NamesEveryNamespaceThatThisPackagePublishesButItsHosts() => Assert.Empty(
        typeof(NotebookExtension).Assembly.GetExportedTypes().Select(type => type.Namespace)
            .Except(NotebookImports.Library).Except(["Research.Interactive.Hosts"]));
}
