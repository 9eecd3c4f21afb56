using System.Security.Cryptography;
using Research.Privacy.Accounting;

namespace Research.Privacy.Sums;

/// <summary>What a private run did to which records: what a ledger charges. Only a private sum can make one.</summary>
/// <remarks>Neighbouring relation: add or remove one record, or one unit where the data have units.</remarks>
public sealed class PrivacyReceipt
{
    private const int IdBytes = 16;

    private readonly Lazy<DataIdentity> _data;

    internal PrivacyReceipt(
        IReadOnlyList<PrivacyEvent> plan, int stepsDone, Func<DataIdentity> data, bool isNoiseSecret)
    {
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        Plan = plan;
        StepsDone = stepsDone;
        _data = new Lazy<DataIdentity>(data);
        IsNoiseSecret = isNoiseSecret;
    }

    /// <summary>Gets what names the run: charging it again costs nothing, for all else of it is post-processing.</summary>
    public string Id { get; }

    /// <summary>Gets the plan, whole: all its events are charged, whether or not every step ran.</summary>
    public IReadOnlyList<PrivacyEvent> Plan { get; }

    /// <summary>Gets how many steps of the last event were done.</summary>
    public int StepsDone { get; }

    /// <summary>Gets the records that the run was given.</summary>
    public DataIdentity Data => _data.Value;

    /// <summary>Gets whether sampling and noise came from a cryptographic generator: a seeded run is not private.</summary>
    public bool IsNoiseSecret { get; }
}
