namespace Research.Privacy.Accounting;

/// <summary>What a <see cref="ContourLine"/> may be off by, besides its end; all of it is charged to the
/// bounds.</summary>
/// <param name="Values">Of each value: relative to its size.</param>
/// <param name="Angles">Mean size of the exponents over all steps: rounding turns a value at y by this times y.</param>
/// <param name="Omitted">Relative to δ: what the values leave out.</param>
/// <param name="Alias">Relative to δ: what the step adds, at one ε.</param>
/// <param name="AliasTilt">The t at which Chernoff's bound says so: for a smaller ε the bound grows by e^(t·(less)).</param>
/// <param name="AliasEpsilon">That ε.</param>
internal readonly record struct LineErrors(
    double Values, double Angles, double Omitted, double Alias, double AliasTilt, double AliasEpsilon);
