using System.Collections.Concurrent;
using Research.Federation.Aggregation;
using Research.Storage;

namespace Research.Federation.Scoring;

/// <summary>A round's updates by seat, opened when a program asks for them, and the same each time.</summary>
/// <param name="start">The model that the round starts from.</param>
/// <param name="submissions">The submissions.</param>
internal sealed class SeatUpdates(GlobalModel start, IReadOnlyList<Submission> submissions)
{
    private readonly Dictionary<int, Submission> _bySeat = submissions.ToDictionary(one => one.Index);
    private readonly ConcurrentDictionary<int, ContentHash> _found = new();
    private readonly ConcurrentDictionary<int, string> _problems = new();

    /// <summary>Opens a seat's update, [P]; empty where there is none.</summary>
    /// <exception cref="IOException">It was there before and is another now, or gone.</exception>
    public ReadOnlyMemory<int> Open(int seat)
    {
        Submission submission = _bySeat[seat];
        if (_problems.ContainsKey(seat))
        {
            return default;
        }

        if (_found.TryGetValue(seat, out ContentHash hash))
        {
            return submission.OpenAgain(hash).Delta.ToArray();
        }

        (ModelUpdate? update, string problem) = submission.Open();
        if (update is null || update.Delta.Length != start.Weights.Length)
        {
            _problems[seat] = update is null
                ? problem
                : $"has {update.Delta.Length} weights, of {start.Weights.Length} that the model has";
            return default;
        }

        _found[seat] = update.Hash;
        return update.Delta.ToArray();
    }

    /// <summary>Gets why a seat has no update; null where it has one.</summary>
    public string? ProblemOf(int seat) => _problems.GetValueOrDefault(seat);
}
