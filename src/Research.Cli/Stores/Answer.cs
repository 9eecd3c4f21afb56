using Microsoft.AspNetCore.Http;

namespace Research.Cli.Stores;

/// <summary>Answers of one plain line: a status, and why.</summary>
internal static class Answer
{
    /// <summary>Sends a status without a body.</summary>
    public static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Sends a status, and a line that says why.</summary>
    public static async Task LineAsync(HttpContext context, int status, string line)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        byte[] text = System.Text.Encoding.UTF8.GetBytes(line + "\n");
        response.ContentLength = text.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses a body unread: the connection ends, for what follows on it is that body.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string line)
    {
        context.Response.Headers.Connection = "close";
        return LineAsync(context, status, line);
    }

    /// <summary>Refuses for now.</summary>
    public static Task LaterAsync(HttpContext context, string line)
    {
        context.Response.Headers.RetryAfter = "2";
        return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, line);
    }
}
