namespace Research.Plotting;

/// <summary>Tells .NET Interactive's formatting library who formats a type, without a reference to it.</summary>
/// <remarks>
/// The library finds the attribute by its name and reads both properties by reflection: dotnet/interactive,
/// <c>src/Microsoft.DotNet.Interactive.Formatting/Formatter.cs</c>, TryRegisterFromConventionBasedFormatterSources.
/// </remarks>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}
