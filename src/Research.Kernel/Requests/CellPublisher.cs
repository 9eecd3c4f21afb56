using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Scripting.Comms;
using Research.Scripting.Outputs;

namespace Research.Kernel.Requests;

/// <summary>Publishes what one request's code shows, below the cell that asked.</summary>
/// <param name="iopub">Where to publish.</param>
/// <param name="parent">The request.</param>
/// <param name="number">The cell's number.</param>
/// <param name="silent">Whether only comms are heard of, as <c>silent</c> asks.</param>
internal sealed class CellPublisher(IOPub iopub, Request parent, int number = 0, bool silent = false)
{
    /// <summary>Gets the text of the cell's value, or null.</summary>
    public string? ResultText { get; private set; }

    /// <summary>Publishes an output; may be called from any thread, also after the cell's end.</summary>
    public void Receive(CellOutput output)
    {
        if (output is CommOutput comm)
        {
            Publish(comm);
        }
        else if (!silent)
        {
            Publish(output);
        }
    }

    private void Publish(CellOutput output)
    {
        switch (output)
        {
            case StreamOutput stream:
                Publish("stream", new JsonObject { ["name"] = stream.Name, ["text"] = stream.Text });
                break;
            case DisplayOutput display:
                Publish("display_data", Shown(display.Bundle, display.DisplayId));
                break;
            case DisplayUpdate update:
                Publish("update_display_data", Shown(update.Bundle, update.DisplayId));
                break;
            case ResultOutput result:
                ResultText = result.Bundle.PlainText;
                JsonObject content = Shown(result.Bundle, null);
                content["execution_count"] = number;
                Publish("execute_result", content);
                break;
            case ClearOutput clear:
                Publish("clear_output", new JsonObject { ["wait"] = clear.Wait });
                break;
            default:
                throw new NotSupportedException($"The kernel cannot publish a {output.GetType().Name}.");
        }
    }

    private void Publish(CommOutput comm)
    {
        JsonObject content = new() { ["comm_id"] = comm.CommId, ["data"] = comm.Message.Data?.DeepClone() };
        string type = comm.Action switch
        {
            CommAction.Open => "comm_open",
            CommAction.Message => "comm_msg",
            _ => "comm_close",
        };
        if (comm.Action == CommAction.Open)
        {
            content["target_name"] = comm.TargetName;
        }

        iopub.Publish(type, parent, content, (JsonObject)comm.Message.Metadata.DeepClone(), comm.Message.Buffers);
    }

    private void Publish(string type, JsonObject content) => iopub.Publish(type, parent, content);

    private static JsonObject Shown(MimeBundle bundle, string? displayId) => new()
    {
        ["data"] = bundle.ForFrontEnd().ToJson(),
        ["metadata"] = new JsonObject(),
        ["transient"] = displayId is null ? new JsonObject() : new JsonObject { ["display_id"] = displayId },
    };
}
