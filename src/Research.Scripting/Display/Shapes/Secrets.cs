using System.Collections;
using System.Reflection;
using Research.Interactive.Secrecy;

namespace Research.Scripting.Display.Shapes;

/// <summary>Knows what is not shown, as every host does; see <see cref="SecretMembers"/> and
/// <see cref="SecretTypes"/>.</summary>
internal static class Secrets
{
    public const string Shown = SecretMembers.Shown;

    private const int MostItems = 10_000;

    /// <summary>Tells whether a member's value is neither read nor shown.</summary>
    public static bool Has(MemberInfo member) => SecretMembers.Hides(member);

    /// <summary>Tells whether a value that is called so is not shown.</summary>
    public static bool Has(string name, object? value) =>
        value is not null && SecretMembers.HidesNamed(name, value.GetType());

    /// <summary>Tells whether a value, or an item of it, is a secret or has one in it: forms that this library does not
    /// write itself would show it.</summary>
    /// <remarks>A sequence that would have to run is judged by the type of its items.</remarks>
    public static bool AreIn(object value) => value is not IEnumerable sequence
        ? SecretTexts.Hides(value)
        : SequenceFacts.IsStored(sequence)
            ? sequence.Cast<object?>().Take(MostItems).Any(item => item is not null && SecretTexts.Hides(item))
            : ItemsOf(sequence.GetType()).Any(type => SecretTypes.IsKnown(type) || SecretMembers.AreIn(type));

    private static IEnumerable<Type> ItemsOf(Type type) => type.GetInterfaces()
        .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        .Select(face => face.GetGenericArguments()[0]);
}
