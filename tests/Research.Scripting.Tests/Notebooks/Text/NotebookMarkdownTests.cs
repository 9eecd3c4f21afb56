using Research.Scripting.Notebooks;
using Research.Scripting.Notebooks.Text;

namespace Research.Tests.Notebooks.Text;

public sealed class NotebookMarkdownTests
{
    [Fact]
    public void Write_CodeAndOutputs_AreFenced()
    {
        Assert.EndsWith(
            """
            ```python
            print('x')

            1.0e-7
            ```

            ```text
            x
            	tab "quoted" \ 
            ```

            ![figure](data:image/png;base64,iVBORw0KGgo=)

            ```text
            a
            b
            c
            ```

            """,
            NotebookMarkdown.Write(NotebookDocument.Parse(Fixture.Bytes("foreign"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_CodeWithFences_GetsALongerOne()
    {
        NotebookDocument notebook = NotebookDocument.Create();
        notebook.AddCode("// ````");

        Assert.Equal("`````csharp\n// ````\n`````\n", NotebookMarkdown.Write(notebook));
    }
}
