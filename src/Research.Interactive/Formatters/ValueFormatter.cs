namespace Research.Interactive.Formatters;

/// <summary>Says how values of a type look.</summary>
/// <param name="Type">The type; types derived from it look the same.</param>
/// <param name="Show">Makes the appearance of a value; never throws.</param>
internal sealed record ValueFormatter(Type Type, Func<object, Appearance> Show)
{
    /// <summary>Says how values of a type look on a card.</summary>
    public static ValueFormatter Of<T>(Func<T, Card> show)
        where T : notnull => new(typeof(T), value => show((T)value).ToAppearance());
}
