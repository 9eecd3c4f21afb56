using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Research.Interactive.Magics;

namespace Research.Cli.Commands;

/// <summary>What <c>research account</c> takes, and which of it goes together.</summary>
internal sealed class AccountOptions
{
    public const string Poisson = "poisson";
    public const string WithoutReplacement = "without-replacement";

    private const string OnlyWithoutReplacement = $"leave it out, or give --sampling {WithoutReplacement}.";

    public Option<double?> SampleRate { get; } = BoundedOption.Optional(
        "--sample-rate", "Poisson rate q of a step", NumberRange.SampleRate);

    public Option<double?> Noise { get; } = BoundedOption.Optional(
        "--noise-multiplier", "Standard deviation of the noise over the clip norm", NumberRange.Positive);

    public Option<int?> Steps { get; } = BoundedOption.Optional("--steps", "Steps, each a release", 1, int.MaxValue);

    public Option<double?> Delta { get; } = BoundedOption.Optional(
        "--delta", "δ, 1e-5 if left out", NumberRange.Delta);

    public Option<double?> Target { get; } = BoundedOption.Optional(
        "--target-epsilon", "Print the noise multiplier that keeps to this ε instead", NumberRange.Positive);

    public Option<bool> Compare { get; } = new("--compare")
    {
        Description = "Print what every accountant says of the plan side by side, with the time of a query.",
    };

    public Option<string?> Plans { get; } = PathOption.Optional(
        "--plans",
        "Print the ε of many plans: an array of {q, sigma, steps, delta}, answered by {epsilon, milliseconds}.");

    public Option<string?> Sampling { get; } = CreateSampling();

    public Option<int?> Records { get; } = BoundedOption.Optional(
        "--records", $"Records of the data set, with --sampling {WithoutReplacement}", 1, int.MaxValue);

    public Option<int?> Batch { get; } = BoundedOption.Optional(
        "--batch", $"Records in each batch, with --sampling {WithoutReplacement}", 1, int.MaxValue);

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON document on standard output." };

    /// <summary>Adds all options, and the check of their combination.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
            [SampleRate, Noise, Steps, Delta, Target, Compare, Plans, Sampling, Records, Batch, Json];
        foreach (Option option in all)
        {
            command.Add(option);
        }

        command.Validators.Add(Check);
    }

    private void Check(CommandResult result)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };
        void Refuse(string reason, params Option[] options)
        {
            foreach (Option option in options.Where(Given))
            {
                result.AddError($"{option.Name}: {reason}");
            }
        }

        void Expect(string beside, params Option[] options)
        {
            foreach (Option option in options.Where(option => !Given(option)))
            {
                result.AddError($"{option.Name}: expected it {beside}, got nothing.");
            }
        }

        if (Given(Plans))
        {
            Refuse(
                "leave it out with --plans, whose file says it for each plan.",
                SampleRate, Noise, Steps, Delta, Target, Sampling, Records, Batch);
            Refuse("leave it out with --plans; it compares one plan.", Compare);
        }
        else if (Token(result, Sampling) == WithoutReplacement)
        {
            Refuse(
                $"leave it out with --sampling {WithoutReplacement}, whose rate is batch over records.", SampleRate);
            Refuse($"leave it out with --sampling {WithoutReplacement}; it is for Poisson sampling.", Target, Compare);
            Expect($"with --sampling {WithoutReplacement}", Records, Batch, Noise, Steps);
            CheckBatch(result);
        }
        else if (Token(result, Sampling) is null or Poisson)
        {
            Refuse(OnlyWithoutReplacement, Records, Batch);
            Expect("beside --noise-multiplier or --target-epsilon", SampleRate, Steps);
            CheckNoise(result, Given(Noise), Given(Target));
            if (Given(Target))
            {
                Refuse("leave it out with --target-epsilon; it compares a plan whose noise is known.", Compare);
            }
        }
    }

    private void CheckBatch(CommandResult result)
    {
        bool areNumbers = int.TryParse(Token(result, Records), CultureInfo.InvariantCulture, out int records)
            & int.TryParse(Token(result, Batch), CultureInfo.InvariantCulture, out int batch);
        if (areNumbers && records > 0 && batch > records)
        {
            result.AddError($"--batch: expected at most the {records} records, got {batch}.");
        }
    }

    // What was written: values that their parser refuses throw when they are read, and are reported by it later.
    private static string? Token(CommandResult result, Option option) =>
        result.GetResult(option) is { Tokens.Count: 1 } given ? given.Tokens[0].Value : null;

    private static void CheckNoise(CommandResult result, bool noise, bool target)
    {
        if (noise == target)
        {
            result.AddError(noise
                ? "--target-epsilon: leave it out with --noise-multiplier, or the other way round."
                : "--noise-multiplier: expected it, or --target-epsilon to find it, got neither.");
        }
    }

    private static Option<string?> CreateSampling() => new("--sampling")
    {
        Description = $"How a batch is drawn: {Poisson} (the default), or {WithoutReplacement}: a fixed number of "
            + "records, and neighbours that replace one.",
        CustomParser = result =>
        {
            string given = result.Tokens.Count == 1 ? result.Tokens[0].Value : "nothing";
            if (given is Poisson or WithoutReplacement)
            {
                return given;
            }

            result.AddError($"--sampling: expected {Poisson} or {WithoutReplacement}, got {given}.");
            return null;
        },
    };
}
