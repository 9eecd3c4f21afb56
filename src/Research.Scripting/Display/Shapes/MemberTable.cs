using System.Reflection;
using System.Runtime.CompilerServices;

namespace Research.Scripting.Display.Shapes;

/// <summary>Knows each type's public members, and whether its text is its own.</summary>
internal sealed class MemberTable
{
    private static readonly ConditionalWeakTable<Type, MemberTable> Known = [];

    private MemberTable(Type type)
    {
        MemberInfo[] all =
        [
            .. type.GetMembers(BindingFlags.Public | BindingFlags.Instance)
                .Where(IsShown)
                .DistinctBy(member => member.Name),
        ];
        Members = [.. all.Take(ShapeBudget.MaximumMembers)];
        Hidden = all.Length - Members.Count;
        IsDescribed = Describes(type) && !Array.Exists(all, Secrets.Has);
    }

    /// <summary>Gets the readable properties and fields, in order of declaration, properties first.</summary>
    public IReadOnlyList<MemberInfo> Members { get; }

    /// <summary>Gets how many more there are.</summary>
    public int Hidden { get; }

    /// <summary>Gets whether someone wrote a <c>ToString</c> for the type.</summary>
    /// <remarks>A record's own is the compiler's: it follows cycles until the stack overflows, so it is never
    /// called. Nor is the text of a type with secret members: it may hold them.</remarks>
    public bool IsDescribed { get; }

    public static MemberTable Of(Type type) => Known.GetValue(type, static type => new MemberTable(type));

    /// <summary>Reads a member.</summary>
    /// <exception cref="TargetInvocationException">The getter threw.</exception>
    public static object? Read(MemberInfo member, object instance) => member is PropertyInfo property
        ? property.GetValue(instance)
        : ((FieldInfo)member).GetValue(instance);

    private static bool IsShown(MemberInfo member) => member switch
    {
        PropertyInfo property => property.GetMethod is { IsPublic: true } &&
            property.GetIndexParameters().Length == 0 && IsReadable(property.PropertyType),
        FieldInfo field => IsReadable(field.FieldType),
        _ => false,
    };

    // What cannot be boxed cannot be read.
    private static bool IsReadable(Type type) =>
        !type.IsByRef && !type.IsByRefLike && !type.IsPointer && !type.IsFunctionPointer;

    private static bool Describes(Type type)
    {
        MethodInfo? method = type.GetMethod("ToString", []);
        return method?.DeclaringType is { } declaring &&
            declaring != typeof(object) &&
            declaring != typeof(ValueType) &&
            !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) &&
            !TypeNames.IsAnonymous(declaring) &&
            !typeof(ITuple).IsAssignableFrom(declaring) &&
            !IsKeyValuePair(declaring);
    }

    private static bool IsKeyValuePair(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
}
