using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence;

/// <summary>A call whose arguments are being written.</summary>
internal sealed class CallSite
{
    private readonly BaseArgumentListSyntax _list;

    private CallSite(BaseArgumentListSyntax list, IReadOnlyList<ISymbol> targets)
    {
        _list = list;
        Targets = targets;
    }

    /// <summary>Gets what may be called: methods, constructors or indexers, those with fewer parameters
    /// first.</summary>
    public IReadOnlyList<ISymbol> Targets { get; }

    /// <summary>Gets the names of the arguments that are written by name.</summary>
    public IEnumerable<string> Named => _list.Arguments
        .Select(argument => argument.NameColon?.Name.Identifier.ValueText).OfType<string>();

    /// <summary>Finds the call that an argument list belongs to, or null when nothing there can be called.</summary>
    public static CallSite? Of(BaseArgumentListSyntax list, SemanticModel model)
    {
        IEnumerable<ISymbol> targets = list.Parent switch
        {
            InvocationExpressionSyntax call => Invoked(call, model),
            BaseObjectCreationExpressionSyntax creation => Constructors(model.GetTypeInfo(creation).Type),
            ElementAccessExpressionSyntax access => Indexers(model.GetTypeInfo(access.Expression).Type),
            ConstructorInitializerSyntax initializer => model.GetMemberGroup(initializer),
            _ => [],
        };
        ISymbol[] accessible =
        [
            .. targets.Where(target => model.IsAccessible(list.SpanStart, target))
                .OrderBy(target => ParametersOf(target).Length),
        ];
        return accessible.Length == 0 ? null : new CallSite(list, accessible);
    }

    /// <summary>Gets the parameters of a method or an indexer.</summary>
    public static ImmutableArray<IParameterSymbol> ParametersOf(ISymbol target) =>
        target switch
        {
            IMethodSymbol method => method.Parameters,
            IPropertySymbol property => property.Parameters,
            _ => [],
        };

    /// <summary>Gets the 0-based number of the argument at a position.</summary>
    public int IndexAt(int position) =>
        _list.Arguments.GetSeparators().Count(comma => !comma.IsMissing && comma.Span.End <= position);

    /// <summary>Finds the parameter that the argument at a position is for.</summary>
    public IParameterSymbol? ParameterAt(ISymbol target, int position)
    {
        int index = IndexAt(position);
        ImmutableArray<IParameterSymbol> parameters = ParametersOf(target);
        if (index < _list.Arguments.Count && _list.Arguments[index].NameColon is { } named)
        {
            return parameters.FirstOrDefault(parameter => parameter.Name == named.Name.Identifier.ValueText);
        }

        return index < parameters.Length ? parameters[index]
            : parameters is [.., { IsParams: true } last] ? last : null;
    }

    private static IEnumerable<ISymbol> Invoked(InvocationExpressionSyntax call, SemanticModel model)
    {
        IEnumerable<ISymbol> group = model.GetMemberGroup(call.Expression).OfType<IMethodSymbol>();
        if (group.Any())
        {
            return group;
        }

        ITypeSymbol? type = model.GetTypeInfo(call.Expression).Type;
        return type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } ? [invoke] : [];
    }

    private static ImmutableArray<IMethodSymbol> Constructors(ITypeSymbol? type) =>
        type is INamedTypeSymbol { IsAbstract: false } named ? named.InstanceConstructors : [];

    private static IEnumerable<ISymbol> Indexers(ITypeSymbol? type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            foreach (IPropertySymbol indexer in current.GetMembers().OfType<IPropertySymbol>()
                .Where(property => property.IsIndexer))
            {
                yield return indexer;
            }
        }
    }
}
