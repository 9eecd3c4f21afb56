using System.Numerics;

namespace Research.Federation.Aggregation;

/// <summary>What a round knows before its first update is added: nothing of it is an update's bytes.</summary>
/// <param name="Start">The model that the round starts from.</param>
/// <param name="Round">The round, from 0.</param>
/// <param name="Submissions">How many submissions the round has, paid or not: their indices are below.</param>
/// <param name="MostSquared">The squared length, in squared units, to which rules that bound shorten an update.</param>
public sealed record AggregationRound(
    GlobalModel Start, int Round, int Submissions, BigInteger MostSquared);
