using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A task that was just published.</summary>
/// <param name="TaskId">Its number, from one.</param>
/// <param name="Receipt">The transaction.</param>
public sealed record Publication(ulong TaskId, TransactionReceipt Receipt);
