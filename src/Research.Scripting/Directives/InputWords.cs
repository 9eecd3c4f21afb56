using System.Text.Json;
using Research.Scripting.Input;

namespace Research.Scripting.Directives;

/// <summary>Asks the user for the words that a directive leaves open.</summary>
/// <remarks><c>@input</c> and <c>@password</c>, alone, with a prompt after a colon, or with
/// <c>{"prompt": "..."}</c>; docs/input-prompts.md of dotnet/interactive.</remarks>
internal static class InputWords
{
    /// <summary>Replaces open words by what the user types.</summary>
    /// <exception cref="DirectiveException">Nobody can be asked.</exception>
    public static async Task<IReadOnlyList<DirectiveWord>> FillAsync(
        IReadOnlyList<string> words,
        Func<InputRequest, CancellationToken, Task<string?>>? readLine,
        CancellationToken cancellationToken)
    {
        List<DirectiveWord> filled = [];
        foreach (string word in words)
        {
            string? token = ((string[])["@input", "@password"]).FirstOrDefault(
                token => word == token || word.StartsWith($"{token}:", StringComparison.Ordinal));
            if (token is null)
            {
                filled.Add(new DirectiveWord(word));
                continue;
            }

            if (readLine is null)
            {
                throw new DirectiveException(
                    $"{token} needs a user to ask, and nobody is there: give the value itself.");
            }

            InputRequest request = new(Prompt(word[token.Length..].TrimStart(':')), token == "@password");
            string line = await readLine(request, cancellationToken).ConfigureAwait(false) ??
                throw new DirectiveException($"The input ended before {token} was answered.");
            filled.Add(new DirectiveWord(line, request.IsPassword));
        }

        return filled;
    }

    private static string Prompt(string text)
    {
        if (!text.StartsWith('{'))
        {
            return text;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("prompt", out JsonElement prompt) &&
                prompt.ValueKind == JsonValueKind.String ? prompt.GetString()! : "";
        }
        catch (JsonException exception)
        {
            throw new DirectiveException($"Expected {{\"prompt\": \"...\"}}, got {text}: {exception.Message}");
        }
    }
}
