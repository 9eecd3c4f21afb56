using System.Text.RegularExpressions;

namespace Research.Chain.Networks;

/// <summary>A node of a network, by name; its address may want a key from the environment.</summary>
/// <param name="Name">Its name within the network, the provider's for example.</param>
/// <param name="Template">
/// The address, http or https, in whose path or query <c>${VARIABLE}</c> stands for what the environment holds. It is never
/// shown once filled.
/// </param>
public sealed partial record NetworkEndpoint(string Name, string Template)
{
    /// <summary>Gets the environment variables that the address wants, each once.</summary>
    public IReadOnlyList<string> Variables =>
        [.. Placeholder().Matches(Template).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];

    /// <summary>Fills the address; null where a variable that it wants is not set.</summary>
    /// <param name="variable">Gets a variable's value; null or empty where it is not set.</param>
    /// <exception cref="InvalidDataException">A value is none that may stand in an address; it is not shown.</exception>
    public Uri? Resolve(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string address = Template;
        foreach (string name in Variables)
        {
            string? value = variable(name)?.Trim();
            if (string.IsNullOrEmpty(value))
            {
                return null;
            }

            if (!Key().IsMatch(value))
            {
                throw new InvalidDataException(
                    $"{name}: expected a key of up to 200 letters, digits and -._~ for the endpoint {Name}, got other "
                    + "characters (they are not shown).");
            }

            address = address.Replace($"${{{name}}}", value, StringComparison.Ordinal);
        }

        return new Uri(address);
    }

    /// <summary>Says whether an address is one: http or https, with variables only behind the host.</summary>
    internal static bool IsTemplate(string template)
    {
        if (template.Length > 500
            || !Uri.TryCreate(Placeholder().Replace(template, "x"), UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("http" or "https")
            || uri.UserInfo.Length > 0)
        {
            return false;
        }

        // A message shows the host: no key belongs there, and no variable may choose who is asked.
        int variable = template.IndexOf("${", StringComparison.Ordinal);
        int path = template.IndexOf('/', template.IndexOf("://", StringComparison.Ordinal) + 3);
        return variable < 0 || (path >= 0 && path < variable && !Placeholder().Replace(template, "").Contains("${", StringComparison.Ordinal));
    }

    [GeneratedRegex("""\$\{([A-Z_][A-Z0-9_]{0,63})\}""", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex("""^[A-Za-z0-9._~-]{1,200}\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
