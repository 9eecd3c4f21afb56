using Research.Tests.Tools;

namespace Research.Tests.Jupyter;

public sealed class JupyterClientTests
{
    [RequiresFact(DebianJupyter.Python, DebianJupyter.KernelTest)]
    public async Task KernelTestSuite_All_PassNoneSkipped()
    {
        string output = await DebianJupyter.RunAsync("kernel_test_suite.py");

        Assert.Contains("Ran 13 tests", output, StringComparison.Ordinal);
    }

    [RequiresFact(DebianJupyter.Python, DebianJupyter.Client)]
    public async Task Conformance_ToProtocol54_Holds() => await DebianJupyter.RunAsync("conformance.py");

    [RequiresFact(DebianJupyter.Python, DebianJupyter.Client)]
    public async Task Interrupt_ShutdownAndRestart_AreSurvivedOrClean() =>
        await DebianJupyter.RunAsync("interrupts.py");

    [RequiresFact(DebianJupyter.Python, DebianJupyter.Client)]
    public async Task Input_ByStdinChannel_IsAsked() => await DebianJupyter.RunAsync("stdin_client.py");

    [RequiresFact(DebianJupyter.Python, DebianJupyter.Console, DebianJupyter.Pexpect)]
    public async Task Console_Session_ShowsValuesErrorsAndInput() => await DebianJupyter.RunAsync("console.py");

    [RequiresFact(DebianJupyter.Python, DebianJupyter.Notebook, DebianJupyter.Selenium, DebianJupyter.Driver)]
    public async Task ClassicNotebook_InChromium_RunsPlotsLiveInterruptsRestartsAndSaves() =>
        await DebianJupyter.RunAsync("browser.py");

    [RequiresFact(DebianJupyter.Python, DebianJupyter.Nbconvert, DebianJupyter.Selenium, DebianJupyter.Driver)]
    public async Task Nbconvert_EveryNotebook_RunsAndItsPageShowsEveryFigureOffline()
    {
        NodeTools.EnsureInstalled(); // Some notebooks start a chain.

        await DebianJupyter.RunAsync("nbconvert_notebooks.py", ExternalTool.RepositoryRoot);
    }
}
