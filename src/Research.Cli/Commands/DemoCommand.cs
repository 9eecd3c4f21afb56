using System.CommandLine;
using Research.Cli.Demo;

namespace Research.Cli.Commands;

/// <summary><c>research demo</c>: a whole task on an embedded chain with real data.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        DemoOptions defaults = new();
        Option<string> dataset = DataOption.Create("--dataset", "What is trained on", defaults.Dataset);
        Option<int> participants = BoundedOption.Create(
            "--participants",
            "Data owners, two of them dishonest from three on",
            defaults.Participants,
            1,
            DemoOptions.MaximumParticipants);
        Option<int> rounds = BoundedOption.Create(
            "--rounds", "Rounds of the task", defaults.Rounds, 1, DemoOptions.MaximumRounds);
        Option<ulong> seed = BoundedOption.Create(
            "--seed", "Seed of everything that is not secret noise", defaults.Seed, 0UL, ulong.MaxValue);
        Option<string> folder = new("--out")
        {
            Description = "Folder of the report.",
            DefaultValueFactory = _ => defaults.Out,
        };
        Option<ulong?> noiseSeed = BoundedOption.Optional(
            "--insecure-noise-seed",
            "Seeds the privacy noise too, reproducible to the bit and NOT private",
            0UL,
            ulong.MaxValue);
        Option<bool> isPublic = new("--public-data")
        {
            Description = "Say that the records of a csv: may be seen by anyone: the demo publishes some of them, and figures of all.",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };

        Command command = new("demo", "Run a whole task on an embedded chain with real data, and write a report.")
        {
            dataset, isPublic, participants, rounds, seed, folder, noiseSeed, json,
        };
        command.Validators.Add(result =>
        {
            string? given = result.GetValue(dataset);
            if (given?.StartsWith("csv:", StringComparison.Ordinal) == true && !result.GetValue(isPublic))
            {
                result.AddError(
                    "--dataset: expected public data, got a csv: without --public-data. The demo plays every role: it "
                    + "publishes held-out records, and shows losses, record counts and a result without privacy, for "
                    + "which no epsilon pays. Your own records are for 'research train' and 'research task train'.");
            }
        });
        command.SetAction((parse, cancellationToken) => RunAsync(
            new DemoOptions
            {
                Dataset = parse.GetValue(dataset)!,
                Participants = parse.GetValue(participants),
                Rounds = parse.GetValue(rounds),
                Seed = parse.GetValue(seed),
                Out = parse.GetValue(folder)!,
                InsecureNoiseSeed = parse.GetValue(noiseSeed),
            },
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    internal static async Task<int> RunAsync(
        DemoOptions options, bool json, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        DemoResult result = await DemoConsole.RunAsync(options, error, cancellationToken).ConfigureAwait(false);
        string document = DemoJson.Write(result);
        string folder = Path.GetDirectoryName(result.Report)!;
        await File.WriteAllTextAsync(Path.Combine(folder, "demo.json"), document, cancellationToken)
            .ConfigureAwait(false);
        DemoReport.Write(result).Save(result.Report);
        if (json)
        {
            await output.WriteLineAsync(document).ConfigureAwait(false);
        }
        else
        {
            DemoConsole.Print(result, output);
        }

        return CommandRunner.Success;
    }
}
