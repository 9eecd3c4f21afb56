using System.Diagnostics;
using System.Globalization;
using Research.Chain;
using Research.Chain.Primitives;
using Research.Privacy.Mechanisms;
using Research.Storage;

namespace Research.Cli.Demo;

/// <summary>
/// What everybody in a demo acts on: the chain and its clock, the shared store, and the notes that are kept.
/// </summary>
internal sealed class DemoStage(
    DemoOptions options, DemoFolder folder, DemoScenario scenario, DevChain chain, IProgress<DemoProgress> progress)
{
    public DemoOptions Options { get; } = options;

    public DemoFolder Folder { get; } = folder;

    public DemoScenario Scenario { get; } = scenario;

    public DevChain Chain { get; } = chain;

    public FolderStore Store { get; } = new(folder.Store);

    public DemoChainLog Log { get; } = new();

    public Stopwatch Training { get; } = new();

    public Stopwatch Scoring { get; } = new();

    public void Report(string part, double fraction) => progress.Report(new DemoProgress(part, fraction));

    /// <summary>Moves the local chain's clock on.</summary>
    public Task AdvanceAsync(ulong timestamp, CancellationToken cancellationToken) =>
        Log.TimeAsync(() => Chain.AdvanceToAsync(timestamp, cancellationToken));

    /// <summary>
    /// Gets somebody's randomness for one purpose in one round; secret unless the run says otherwise.
    /// </summary>
    public RandomSource Random(string purpose, string name, int round) => Options.InsecureNoiseSeed is ulong seed
        ? new InsecureSeededRandom(
            seed, string.Create(CultureInfo.InvariantCulture, $"{purpose} {name} round {round}"))
        : new CryptographicRandom();

    public static string Text(Wei amount) => amount.Amount.ToString(CultureInfo.InvariantCulture);
}
