using System.Globalization;
using Research.Federation.Rewards;
using Research.Market;
using Research.Training;
using Research.Training.Data;

namespace Research.Cli.Tasks;

/// <summary>What more or fewer records than a task pays an account for earn, said to an owner before ε is
/// spent.</summary>
internal static class QuotaReport
{
    /// <summary>Says it on standard error; nothing where the records are as many as are paid for.</summary>
    /// <param name="task">The task.</param>
    /// <param name="round">The round, from 0, whose opened records the owner's are taken to be like.</param>
    /// <param name="records">How many the owner trains on.</param>
    /// <param name="error">Where it is said.</param>
    /// <param name="cancellationToken">Stops the simulation.</param>
    public static async Task WriteAsync(
        OpenTask task, int round, int records, TextWriter error, CancellationToken cancellationToken)
    {
        RewardSection reward = task.Spec.Task!.Reward;
        if (records == reward.Records)
        {
            return;
        }

        OwnerProspect? prospect = await ProspectAsync(task, round, records, cancellationToken).ConfigureAwait(false);
        await error.WriteLineAsync(records > reward.Records
            ? More(records, reward, prospect)
            : Fewer(records, reward, prospect)).ConfigureAwait(false);
    }

    /// <summary>Warns an owner of more records than the quota.</summary>
    /// <param name="records">The owner's.</param>
    /// <param name="reward">The rule.</param>
    /// <param name="prospect">What a simulation says; null where there is none.</param>
    public static string More(int records, RewardSection reward, OwnerProspect? prospect)
    {
        string simulated = prospect is null ? "" : Text(
            $" Simulated on the opened records, {Percent(prospect.PaidShare)} of owners with as many earn something, ")
            + Text($"{Percent(prospect.LacksNoiseShare)} nothing for lack of noise.");
        string warning = prospect is { PaidShare: 1 } ? "" : "WARNING: ";
        int accounts = (int)Math.Min(int.MaxValue, ((long)records + reward.Records - 1) / reward.Records);
        string floor = reward.NoiseFloor == 0
            ? "and can pass for a copy of another's"
            : Text($"and with less than {Percent(reward.NoiseFloor)} of it ($.task.reward.noiseFloor) it earns ")
                + "nothing";
        return Text(
            $"{warning}{records:N0} records are given, and this task pays an account for {reward.Records:N0} (its ")
            + "quota, $.task.reward.records). More earn no more than a full share, and can earn nothing: an update that is "
            + $"longer than the quota's longest is shortened to it, its noise too, {floor}.{simulated} "
            + Text($"Train on {reward.Records:N0} of them (a part of the data in a file of its own), or on parts of at ")
            + Text($"most so many with {accounts:N0} accounts, each with a stake and an update of its own.");
    }

    /// <summary>Says what an owner of fewer records than the quota can hope for.</summary>
    /// <param name="records">The owner's.</param>
    /// <param name="reward">The rule.</param>
    /// <param name="prospect">What a simulation says; null where there is none.</param>
    public static string Fewer(int records, RewardSection reward, OwnerProspect? prospect)
    {
        string simulated = prospect is null
            ? "fewer have less signal over the same noise, and earn less, or nothing."
            : Text($"simulated on the opened records, {Percent(prospect.PaidShare)} of owners with as many earn ")
                + Text($"something, and all of them {prospect.Share:0.00} of a full share on average; records that fit those ")
                + "that score less well earn less.";
        return Text(
            $"{records:N0} records are given, and a full share is for {reward.Records:N0} ($.task.reward.records): ")
            + simulated;
    }

    // Without opened records, or where no program can hold so many, the rule is said without numbers.
    private static async Task<OwnerProspect?> ProspectAsync(
        OpenTask task, int round, int records, CancellationToken cancellationToken)
    {
        try
        {
            Dataset sample = (await task.SampleAsync(round, cancellationToken).ConfigureAwait(false)).Records;
            return OwnerProspect.Of(task.Spec, records, sample, Environment.ProcessorCount, cancellationToken);
        }
        catch (Exception e) when (e is MarketException or SpecException)
        {
            return null;
        }
    }

    private static string Percent(double share) => Text($"{share * 100:0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
