using System.Globalization;
using Research.Interactive.Owner;
using Research.Privacy.Auditing;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;

namespace Research.Interactive.Magics;

/// <summary><c>#!audit</c>: attacks a trainer with canaries, and shows the least ε that their recognition allows.</summary>
internal static class AuditMagic
{
    private const int MostThreads = 256;

    public static Magic Create() => new(
        "#!audit",
        "Attacks the trainer of a specification with canaries; shows the claimed ε and the least ε that they show.",
        ["#!audit SPEC [--data NAME] [--canaries N] [--confidence C]"],
        [
            SpecArgument.Parameter,
            DataArgument.Parameter,
            new("--canaries", "Canaries to try at least, as many as take seconds if left out.") { Value = "N" },
            new("--trials", "The same as --canaries.") { Value = "N" },
            new("--confidence", $"Confidence of the bounds, 0.95 if left out: {NumberRange.Confidence.Words}.")
            {
                Value = "C",
            },
            new("--seed", "Makes the audit reproducible; nothing of it is released.") { Value = "N" },
            new("--threads", "Threads.") { Value = "N" },
        ],
        RunAsync);

    private static async Task RunAsync(MagicCall call, CancellationToken cancellationToken)
    {
        MagicArguments arguments = call.Arguments;
        string? data = DataArgument.NameIn(arguments);
        if (arguments.Text("--canaries") is not null && arguments.Text("--trials") is not null)
        {
            throw new RefusedException("--trials: leave it out with --canaries, which is the same.");
        }

        int? trials = arguments.Whole("--canaries", 100, 100_000_000) ?? arguments.Whole("--trials", 100, 100_000_000);
        ulong? seed = arguments.Whole("--seed", 0UL, ulong.MaxValue);
        double confidence = arguments.Number("--confidence", NumberRange.Confidence) ?? AuditPlan.DefaultConfidence;
        int threads = arguments.Whole("--threads", 1, MostThreads)
            ?? Math.Clamp(Environment.ProcessorCount, 1, MostThreads);
        ModelSpec spec = await SpecArgument.ReadAsync(call, arguments.FirstWord, cancellationToken)
            .ConfigureAwait(false);
        if (spec.Privacy is null)
        {
            throw MagicArguments.Unexpected(
                "SPEC", "a specification with $.privacy, for its epsilon is audited", $"{spec.Name}, which has none");
        }

        Dataset records = data is null ? AuditPlan.Blank(spec) : DataArgument.Open(call, data).Train;
        LiveOutput shown = LiveOutput.Show("audited 0 %");
        AuditOptions options = new()
        {
            Trials = trials ?? AuditPlan.DefaultTrials(spec.Training.Steps),
            Confidence = confidence,
            Threads = threads,
            Random = seed is ulong known ? new InsecureSeededRandom(known, "audit") : null,
            Progress = new Share(shown),
        };
        AuditResult result = await Task.Run(() => Audit(spec, records, options, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        shown.Update(result);
        if (data is not null && Datasets.IsOwn(data))
        {
            LiveOutput.Show(AuditPlan.LocalOnly);
        }
    }

    private static AuditResult Audit(
        ModelSpec spec, Dataset records, AuditOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return PrivacyAudit.Run(spec, records, options, cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new RefusedException(AuditPlan.NothingClaimed, e);
        }
    }

    private sealed class Share(LiveOutput shown) : IProgress<double>
    {
        private int _tenths;

        public void Report(double value)
        {
            if ((int)(value * 10) > _tenths)
            {
                _tenths = (int)(value * 10);
                shown.Update(string.Create(CultureInfo.InvariantCulture, $"audited {_tenths * 10} %"));
            }
        }
    }
}
