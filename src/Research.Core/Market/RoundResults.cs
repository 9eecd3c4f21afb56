using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Trace;
using Research.Storage;
using Research.Training.Specification;

namespace Research.Market;

/// <summary>What a claim says of each participant: whoever has this is paid, and needs no other file.</summary>
/// <remarks>
/// A tree whose leaf i is index, participant, points and 0, 32 bytes each; its root is in the claim. The file is canonical
/// JSON, named by its hash, and believed only as far as its root is the claim's.
/// </remarks>
public sealed class RoundResults
{
    private const string Format = "research-results/2";
    private const int MostBytes = 1 << 24;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 4,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly byte[] _leaves;

    /// <summary>Makes the results.</summary>
    /// <param name="rewards">What each participant earned, by index: 0, 1, 2, …</param>
    /// <param name="model">The name of the next model's file in a store.</param>
    /// <param name="direction">The root of the direction in which the round moved the model.</param>
    /// <exception cref="ArgumentException">There is none, or the indices are others.</exception>
    public RoundResults(IReadOnlyList<Reward> rewards, ContentHash model, TreeHash direction)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        if (rewards.Count == 0 || rewards.Where((reward, i) => reward.Index != i).Any())
        {
            throw new ArgumentException(
                "Expected rewards with the indices 0, 1, 2, …; got "
                + $"{string.Join(", ", rewards.Take(20).Select(reward => reward.Index))}.",
                nameof(rewards));
        }

        Rewards = [.. rewards];
        Model = model;
        Direction = direction;
        _leaves = new byte[rewards.Count * KeccakLanes.LeafBytes];
        for (int i = 0; i < rewards.Count; i++)
        {
            Span<byte> leaf = _leaves.AsSpan(i * KeccakLanes.LeafBytes, KeccakLanes.LeafBytes);
            BinaryPrimitives.WriteInt32BigEndian(leaf[28..], i);
            rewards[i].Participant.CopyTo(leaf.Slice(44, Address.Length));
            BinaryPrimitives.WriteUInt64BigEndian(leaf[88..], rewards[i].Points);
        }

        Root = LeafTree.Root(_leaves);
        Total = rewards.Aggregate(0UL, (sum, reward) => checked(sum + reward.Points));
        Bytes = Write();
        Hash = ContentHash.Of(Bytes.Span);
    }

    /// <summary>Gets what each participant earned, by index.</summary>
    public IReadOnlyList<Reward> Rewards { get; }

    /// <summary>Gets the name of the next model's file in a store; it is only a name.</summary>
    public ContentHash Model { get; }

    /// <summary>Gets the root of the direction in which the round moved the model: with it, the model's file is held to the
    /// claim.</summary>
    public TreeHash Direction { get; }

    /// <summary>Gets the root that the claim carries.</summary>
    public TreeHash Root { get; }

    /// <summary>Gets the sum of all points.</summary>
    public ulong Total { get; }

    /// <summary>Gets the leaves of the tree, 128 bytes each.</summary>
    public ReadOnlyMemory<byte> Leaves => _leaves;

    /// <summary>Gets the file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Gets the file's name.</summary>
    public ContentHash Hash { get; }

    /// <summary>Gets the hashes beside the way from a participant's leaf to the root, from below.</summary>
    public IReadOnlyList<Bytes32> ProofOf(Reward reward)
    {
        ArgumentNullException.ThrowIfNull(reward);
        return [.. LeafTree.Path(_leaves, reward.Index).Select(hash => hash.ToBytes32())];
    }

    /// <summary>Reads the results that a claim says: from anybody, held to the claim's root.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="root">The root in the claim.</param>
    /// <param name="source">What to call the bytes in errors.</param>
    /// <exception cref="InvalidDataException">They are no results, or others.</exception>
    public static RoundResults Parse(ReadOnlyMemory<byte> bytes, TreeHash root, string source = "results")
    {
        if (bytes.Length > MostBytes)
        {
            throw new InvalidDataException($"{source}: expected at most {MostBytes} bytes, got {bytes.Length}.");
        }

        RoundResults results;
        try
        {
            ResultsFile file = JsonSerializer.Deserialize<ResultsFile>(bytes.Span, Json)
                ?? throw new JsonException("expected an object, got null");
            if (file.Format != Format)
            {
                throw new InvalidDataException($"{source}: $.format: expected {Format}, got {file.Format}.");
            }

            results = new RoundResults(
                [.. file.Points.Select((one, i) => one is [{ } address, { } points]
                    ? new Reward(
                        i,
                        Address.Parse(address),
                        ulong.Parse(points, NumberStyles.None, CultureInfo.InvariantCulture))
                    : throw new FormatException($"$.points[{i}]: expected an address and points"))],
                ContentHash.Parse(file.Model),
                TreeHash.Parse(file.Direction));
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"{source}: not the results of a round: {e.Message}", e);
        }

        return results.Root == root
            ? results
            : throw new InvalidDataException($"{source}: expected the root {root} of the claim, got {results.Root}.");
    }

    /// <summary>Finds in a store what a claim says; null where it is not there.</summary>
    /// <remarks>A claim's file is only a name; of all that say the same, somebody may have named one that is
    /// there.</remarks>
    /// <param name="market">The market.</param>
    /// <param name="store">Where to look.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<RoundResults?> FindAsync(
        TrainingMarket market, IBlobStore store, ClaimPosted claim, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(claim);
        IReadOnlyList<ClaimPosted> claims = await market.Events
            .ClaimPostedAsync(claim.TaskId, claim.Round, cancellationToken).ConfigureAwait(false);
        foreach (ClaimPosted one in claims.Where(one => one.Result.ResultsRoot == claim.Result.ResultsRoot))
        {
            ContentHash name = one.File.ToContentHash();
            try
            {
                if (await store.FindAsync(name, MostBytes, cancellationToken).ConfigureAwait(false) is { } bytes)
                {
                    return Parse(bytes, claim.Result.ResultsRoot.ToTreeHash(), $"results {name}");
                }
            }
            catch (Exception e) when (e is InvalidDataException or StoreException)
            {
                // What lies under the name is something else, or cannot be had: the round can be scored again.
            }
        }

        return null;
    }

    private byte[] Write() => CanonicalJson.Write(JsonSerializer.SerializeToUtf8Bytes(
        new ResultsFile(
            Format,
            Model.ToString(),
            Direction.ToString(),
            [.. Rewards.Select(reward =>
                (string[])[reward.Participant.ToString(), reward.Points.ToString(CultureInfo.InvariantCulture)])]),
        Json));

    private sealed record ResultsFile(string Format, string Model, string Direction, string[][] Points);
}
