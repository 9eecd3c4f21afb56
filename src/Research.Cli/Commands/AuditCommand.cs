using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using Research.Cli.Audit;
using Research.Interactive.Magics;
using Research.Interactive.Owner;
using Research.Privacy.Auditing;
using Research.Privacy.Mechanisms;

namespace Research.Cli.Commands;

/// <summary>
/// <c>research audit</c>: attacks the trainer with canaries, and prints the least ε that their recognition allows.
/// </summary>
internal static class AuditCommand
{
    private const int MostThreads = 256;
    private const double LeastNoise = 0.001; // Below, every canary is plain to see.
    private const double MostNoise = 1e6;
    private const int Lines = 10;

    public static Command Create()
    {
        Option<string?> spec = PathOption.Optional("--spec", "The specification whose trainer is audited.");
        Option<string?> data = DataOption.Optional(
            "--data", "Data that canaries hide among, one blank record if left out");
        Option<double?> sampleRate = BoundedOption.Optional(
            "--sample-rate",
            "Poisson rate q of a step, without --spec",
            NumberRange.SampleRate);
        Option<double?> noise = BoundedOption.Optional(
            "--noise-multiplier", "Standard deviation of the noise over the clip norm", LeastNoise, MostNoise);
        Option<int?> steps = BoundedOption.Optional("--steps", "Steps, each a release", 1, 10_000_000);
        Option<double?> delta = BoundedOption.Optional(
            "--delta",
            "δ, 1e-5 if left out",
            NumberRange.Delta);
        Option<int?> trials = BoundedOption.Optional(
            "--trials", "Canaries to try at least, as many as take seconds if left out", 100, 100_000_000);
        Option<double?> confidence = BoundedOption.Optional(
            "--confidence",
            "Confidence of the bounds, 0.95 if left out",
            NumberRange.Confidence);
        Option<int> threads = BoundedOption.Create(
            "--threads", "Threads", Math.Clamp(Environment.ProcessorCount, 1, MostThreads), 1, MostThreads);
        Option<ulong?> seed = BoundedOption.Optional(
            "--seed", "Makes the audit reproducible; nothing of it is released", 0UL, ulong.MaxValue);
        Option<string?> html = PathOption.Optional("--html", "Write a page with the picture there.");
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };

        Command command = new(
            "audit", "Attack a trainer with canaries; print the claimed ε and the least ε that they show.")
        {
            spec, data, sampleRate, noise, steps, delta, trials, confidence, threads, seed, html, json,
        };
        command.Validators.Add(result => Combine(result, spec, data, [sampleRate, noise, steps], delta));
        command.SetAction((parse, cancellationToken) => RunAsync(
            new AuditRequest
            {
                Spec = parse.GetValue(spec),
                Data = parse.GetValue(data),
                SampleRate = parse.GetValue(sampleRate),
                NoiseMultiplier = parse.GetValue(noise),
                Steps = parse.GetValue(steps),
                Delta = parse.GetValue(delta),
                Trials = parse.GetValue(trials),
                Confidence = parse.GetValue(confidence) ?? AuditPlan.DefaultConfidence,
                Threads = parse.GetValue(threads),
                Seed = parse.GetValue(seed),
                Html = parse.GetValue(html),
                Json = parse.GetValue(json),
            },
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Audits, and fails when the claim is refuted.</summary>
    internal static async Task<int> RunAsync(
        AuditRequest request, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (request.Html is string page)
        {
            OutputFile.Check("--html", page);
        }

        AuditSubject subject = AuditSubject.Prepare(request);
        long began = Stopwatch.GetTimestamp();
        AuditResult result = await Task.Run(
            () => Audit(subject, request, Lined(error), cancellationToken), cancellationToken).ConfigureAwait(false);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        if (request.Html is string path)
        {
            await OutputFile.WriteAsync(path, AuditPicture.Page(subject, result), cancellationToken)
                .ConfigureAwait(false);
        }

        await output.WriteLineAsync(request.Json
            ? AuditReport.Json(subject, result, elapsed)
            : AuditReport.Text(subject, result, elapsed)).ConfigureAwait(false);
        return result.IsRefuted ? CommandRunner.Failure : CommandRunner.Success;
    }

    private static AuditResult Audit(
        AuditSubject subject, AuditRequest request, IProgress<double> progress, CancellationToken cancellationToken)
    {
        AuditOptions options = new()
        {
            Trials = request.Trials ?? AuditPlan.DefaultTrials(subject.Spec.Training.Steps),
            Confidence = request.Confidence,
            Threads = request.Threads,
            Random = request.Seed is ulong seed ? new InsecureSeededRandom(seed, "audit") : null,
            Progress = progress,
        };
        try
        {
            return PrivacyAudit.Run(subject.Spec, subject.Data, options, cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new CommandException(AuditPlan.NothingClaimed, innerException: e);
        }
    }

    private static SynchronousProgress<double> Lined(TextWriter error)
    {
        int written = 0;
        return new SynchronousProgress<double>(share =>
        {
            if ((int)(share * Lines) > written)
            {
                written = (int)(share * Lines);
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"audited {share:0 %} of the steps"));
            }
        });
    }

    private static void Combine(CommandResult result, Option spec, Option data, Option[] plan, Option delta)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };

        if (Given(spec))
        {
            foreach (Option other in plan.Append(delta).Where(Given))
            {
                result.AddError($"{other.Name}: leave it out with --spec, whose $.privacy says it.");
            }

            return;
        }

        if (Given(data))
        {
            result.AddError("--data: expected --spec beside it, which says what is trained on them, got nothing.");
        }

        foreach (Option missing in plan.Where(option => !Given(option)))
        {
            result.AddError($"{missing.Name}: expected it, or --spec, got neither.");
        }
    }
}
