using System.Collections.Immutable;

namespace Research.Scripting.Packages;

/// <summary>The packages a session asked for, and where it looks for them.</summary>
/// <remarks>A value: a request that fails leaves the set as it was.</remarks>
/// <param name="Requests">What the cells asked for, with versions raised where others needed it.</param>
/// <param name="Sources">What <c>#i</c> added.</param>
internal sealed record PackageSet(ImmutableList<PackageRequest> Requests, ImmutableList<PackageSource> Sources)
{
    private const int MaximumRounds = 20;

    /// <summary>Gets the set of a new session.</summary>
    public static PackageSet Empty { get; } = new([], []);

    /// <summary>Adds a request, in place of an earlier one of the same package.</summary>
    public PackageSet With(PackageRequest request) => this with
    {
        Requests = Requests.RemoveAll(known => known.Id.Equals(request.Id, StringComparison.OrdinalIgnoreCase)).Add(request),
    };

    /// <summary>Adds a source, once.</summary>
    public PackageSet With(PackageSource source) =>
        Sources.Contains(source) ? this : this with { Sources = Sources.Add(source) };

    /// <summary>Restores all of it together.</summary>
    /// <remarks>
    /// A version that another package needs higher is raised, as a build would if the user did what NuGet says; a source
    /// that cannot be reached is left out. Both are noted.
    /// </remarks>
    /// <param name="wanted">What the user asked for now, for messages.</param>
    /// <param name="extra">Lowest versions that projects need; they are not part of the set.</param>
    /// <param name="folder">Where the search for <c>nuget.config</c> starts.</param>
    /// <param name="cancellationToken">Ends the restore.</param>
    public async Task<ResolvedPackages> RestoreAsync(
        string wanted, IReadOnlyCollection<PackageRequest> extra, string folder, CancellationToken cancellationToken)
    {
        PackageSet set = this;
        ImmutableDictionary<string, PackageVersion> raised = RaisedFor(extra);
        for (int round = 0; ; round++)
        {
            (RestoredPackages? packages, RestoreFailure? failure) = await PackageRestore.RunAsync(
                set.Together(extra, raised), set.Sources, folder, cancellationToken).ConfigureAwait(false);
            if (packages is not null)
            {
                return new ResolvedPackages(set.Raised(raised), packages, Notes(set, raised), null);
            }

            PackageSource? lost = set.Sources.FirstOrDefault(source => failure!.Problems.Any(problem =>
                problem.Code == RestoreProblem.Unreachable &&
                problem.Message.Contains(source.Location, StringComparison.Ordinal)));
            if (round < MaximumRounds && lost is not null)
            {
                set = set with { Sources = set.Sources.Remove(lost) };
            }
            else if (round < MaximumRounds && failure!.Needed.Count > 0 &&
                failure.Needed.All(need => set.CanRaise(need.Key, need.Value, raised)))
            {
                raised = raised.SetItems(failure.Needed);
            }
            else
            {
                return new ResolvedPackages(set, null, [], Refusal(wanted, failure!, set));
            }
        }
    }

    private bool CanRaise(string id, PackageVersion version, ImmutableDictionary<string, PackageVersion> raised) =>
        (!raised.TryGetValue(id, out PackageVersion? before) || before.CompareTo(version) < 0) &&
        Requests.Where(request => request.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
            .All(request => request.Range.Allows(version));

    // The higher of what a cell and a project ask for is what both can take.
    private ImmutableDictionary<string, PackageVersion> RaisedFor(IReadOnlyCollection<PackageRequest> extra)
    {
        ImmutableDictionary<string, PackageVersion>.Builder raised =
            ImmutableDictionary.CreateBuilder<string, PackageVersion>(StringComparer.OrdinalIgnoreCase);
        foreach (PackageRequest need in extra)
        {
            if (need.Range.Lowest is { } lowest && Requests.Exists(request =>
                request.Id.Equals(need.Id, StringComparison.OrdinalIgnoreCase) && request.Range.Lowest is { } asked &&
                asked.CompareTo(lowest) < 0 && request.Range.Allows(lowest)))
            {
                raised[need.Id] = lowest;
            }
        }

        return raised.ToImmutable();
    }

    private List<PackageRequest> Together(
        IReadOnlyCollection<PackageRequest> extra, ImmutableDictionary<string, PackageVersion> raised)
    {
        Dictionary<string, PackageRequest> together = new(StringComparer.OrdinalIgnoreCase);
        foreach (PackageRequest request in extra.Concat(Requests))
        {
            together[request.Id] = Raised(request, raised);
        }

        return [.. together.Values];
    }

    private PackageSet Raised(ImmutableDictionary<string, PackageVersion> raised) =>
        this with { Requests = [.. Requests.Select(request => Raised(request, raised))] };

    private static PackageRequest Raised(
        PackageRequest request, ImmutableDictionary<string, PackageVersion> raised) =>
        raised.TryGetValue(request.Id, out PackageVersion? version)
            ? request with { Version = version.ToString() }
            : request;

    private List<string> Notes(PackageSet resolved, ImmutableDictionary<string, PackageVersion> raised) =>
    [
        .. Sources.Except(resolved.Sources).Select(source =>
            $"The package source {source.Location} could not be reached, and is left out from now on."),
        .. Requests.Where(request => raised.ContainsKey(request.Id)).Select(request =>
            $"{request.Id} {raised[request.Id]} is taken instead of {request.Version}: another package needs it."),
    ];

    private string Refusal(string wanted, RestoreFailure failure, PackageSet tried)
    {
        string lost = string.Concat(Sources.Except(tried.Sources).Select(source =>
            $"\nThe package source {source.Location} could not be reached, and is left out from now on."));
        IEnumerable<string> said = failure.Problems.Select(problem =>
            (problem.Code.Length > 0 ? $"{problem.Code}: " : "") + string.Join(
                ' ', problem.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
        return $"Could not restore {wanted}. {string.Join('\n', said.Distinct())}{lost}";
    }
}
