using Research.Chain.Contracts;
using Research.Federation.Refutation;

namespace Research.Market.Watching;

/// <summary>A round as it was scored here, kept while it can be refuted or defended.</summary>
/// <param name="key">What it was scored by: where the chain says otherwise, it is scored again.</param>
/// <param name="scored">The round.</param>
internal sealed class ScoredMemory(string key, ScoredRound scored) : IDisposable
{
    private TraceRefuter? _refuter;

    public string Key => key;

    public ScoredRound Scored => scored;

    /// <summary>Gets what refutes and answers; the rounds before must be final.</summary>
    public async Task<TraceRefuter> RefuterAsync(OpenTask task, CancellationToken cancellationToken)
    {
        if (_refuter is null)
        {
            bool[] isFinal = new bool[scored.Round];
            for (int round = 0; round < isFinal.Length; round++)
            {
                Round state = await task.Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
                isFinal[round] = state.Outcome == Outcome.Scored;
            }

            _refuter = new TraceRefuter(scored.Score, scored.Results.Leaves, round => isFinal[round]);
        }

        return _refuter;
    }

    public void Dispose() => scored.Score.Trace.Dispose();
}
