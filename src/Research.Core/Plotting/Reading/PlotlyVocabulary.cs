using System.Collections.Frozen;

namespace Research.Plotting.Reading;

/// <summary>The attributes of plotly's schema that a figure reads, or may pass over since they change only looks.</summary>
/// <remarks>Schema: plotly.js 4.1.1, in which newer attributes than these are refused until someone looks.</remarks>
internal static class PlotlyVocabulary
{
    public static readonly FrozenSet<string> Root = Words("data layout config frames");

    public static readonly FrozenSet<string> Trace = Words(
        """
        type name x y x0 dx mode line marker orientation showlegend visible text textposition texttemplate error_y fill
        xaxis yaxis legendgroup
        fillcolor fillpattern hoverinfo hovertemplate hovertext hoverlabel hoveron customdata ids meta uid uirevision legendrank
        legendgrouptitle legendwidth legend opacity cliponaxis textfont insidetextfont outsidetextfont insidetextanchor
        textangle constraintext width zorder selected unselected xhoverformat yhoverformat metasrc
        """);

    public static readonly FrozenSet<string> Line = Words("dash shape color width simplify smoothing backoff");

    public static readonly FrozenSet<string> Marker = Words(
        "color size symbol opacity line pattern cornerradius sizemode maxdisplayed standoff angleref");

    /// <summary>Gets the marker's attributes that say something about a point once they are lists.</summary>
    public static readonly string[] EncodingMarker = ["color", "size", "symbol", "opacity"];

    public static readonly FrozenSet<string> ErrorBars = Words(
        "type array arrayminus symmetric value valueminus visible color thickness width copy_ystyle");

    public static readonly FrozenSet<string> Layout = Words(
        """
        title xaxis yaxis shapes annotations barmode template autotypenumbers
        showlegend legend font paper_bgcolor plot_bgcolor colorway colorscale hovermode hoverlabel hoverdistance hoversubplots
        spikedistance dragmode clickmode selectdirection width height margin autosize minreducedwidth minreducedheight
        separators bargap bargroupgap barcornerradius modebar newshape newselection activeshape activeselection
        uniformtext uirevision editrevision selectionrevision datarevision meta transition scattermode
        scattergap dragMode
        """);

    public static readonly FrozenSet<string> Axis = Words(
        """
        title type range autorange rangemode categoryorder categoryarray autotypenumbers overlaying domain
        automargin autotickangles autorangeoptions color constrain constraintoward dtick exponentformat fixedrange gridcolor
        griddash gridwidth hoverformat insiderange labelalias layer linecolor linewidth minexponent minor mirror nticks
        anchor position rangeselector rangeslider separatethousands showdividers dividercolor dividerwidth showexponent
        showgrid showline showspikes showticklabels side spikecolor spikedash spikemode spikesnap spikethickness tick0
        tickangle tickcolor tickfont tickformat tickformatstops ticklabelmode ticklabeloverflow ticklabelposition
        ticklabelstep ticklabelindex ticklabelshift ticklabelstandoff ticklen tickmode ticks tickson tickwidth uirevision
        visible zeroline zerolinecolor zerolinewidth scaleanchor scaleratio
        """);

    /// <summary>Gets what a template may say of an axis; the rest of <see cref="Axis"/> would change what is drawn.</summary>
    public static readonly FrozenSet<string> TemplateAxis =
        Axis.Except(["type", "range", "rangemode", "categoryorder", "categoryarray", "overlaying", "domain", "autorange"])
            .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Gets what a template may say of a trace.</summary>
    public static readonly FrozenSet<string> TemplateTrace = Trace
        .Append("error_x")
        .Except(["x", "y", "x0", "dx", "mode", "orientation", "visible", "text", "texttemplate", "fill", "xaxis", "yaxis"])
        .ToFrozenSet(StringComparer.Ordinal);

    private static FrozenSet<string> Words(string words) => words
        .Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenSet(StringComparer.Ordinal);
}
