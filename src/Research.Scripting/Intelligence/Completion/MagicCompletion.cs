using Research.Interactive.Magics;
using Research.Scripting.Directives;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Completes the line of a magic command.</summary>
internal static class MagicCompletion
{
    /// <summary>Lists the values of the option before the word, or what may stand there else.</summary>
    /// <param name="magic">The command.</param>
    /// <param name="typed">The line up to the cursor.</param>
    /// <param name="position">The cursor.</param>
    /// <param name="session">The session.</param>
    public static CompletionList At(Magic magic, string typed, int position, ScriptSession session)
    {
        int start = typed.LastIndexOfAny([' ', '\t']) + 1;
        string[] before = typed[..start].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        MagicParameter? option = magic.Options.FirstOrDefault(option => option.Name == before[^1] && !option.IsFlag);
        MagicScope scope = new(session.Folder, SessionMagicVariables.Of(session));
        CandidateList candidates = new(typed[start..]);
        IEnumerable<MagicParameter> asked = option is not null
            ? [option]
            : magic.Parameters.Where(parameter => parameter.IsPositional);
        foreach (string value in asked.SelectMany(parameter => parameter.Complete?.Invoke(scope) ?? []).Distinct())
        {
            candidates.Add(value, "value", CandidateGroup.Expected);
        }

        foreach (MagicParameter other in option is null ? magic.Options.Where(one => !before.Contains(one.Name)) : [])
        {
            candidates.Add(other.Name, "option", CandidateGroup.Keyword);
        }

        return new CompletionList(position - (typed.Length - start), position, candidates.Ranked());
    }
}
