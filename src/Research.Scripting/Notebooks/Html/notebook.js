(function () {
  'use strict';

  // What the plotly.js in this page can draw; others keep their picture.
  var drawable = { scatter: true, bar: true, pie: true };

  function plain(value) { return value !== null && typeof value === 'object' && !Array.isArray(value); }

  function theme(figure, layout) {
    var style = getComputedStyle(figure);
    var ink = style.getPropertyValue('--ink').trim();
    var muted = style.getPropertyValue('--muted').trim();
    var line = style.getPropertyValue('--line').trim();
    var back = style.getPropertyValue('--back').trim();
    layout.paper_bgcolor = layout.plot_bgcolor = 'rgba(0,0,0,0)';
    layout.font = Object.assign({}, layout.font, { color: muted });
    if (plain(layout.title)) { layout.title.font = Object.assign({}, layout.title.font, { color: ink }); }
    layout.legend = Object.assign({}, layout.legend, { font: { color: ink } });
    layout.hoverlabel = Object.assign({}, layout.hoverlabel, { bgcolor: back, bordercolor: muted, font: { color: ink } });
    layout.modebar = { bgcolor: 'rgba(0,0,0,0)', color: muted, activecolor: ink };
    Object.keys(layout).concat(['xaxis', 'yaxis']).forEach(function (key) {
      if (/^[xy]axis\d*$/.test(key)) {
        layout[key] = Object.assign({}, layout[key], { gridcolor: line, linecolor: muted, zerolinecolor: line });
      }
    });
    if (Array.isArray(layout.annotations)) {
      layout.annotations.forEach(function (note) { if (plain(note)) { note.font = { color: ink }; } });
    }
    return layout;
  }

  function prepare(figure) {
    var content = JSON.parse(figure.querySelector('.plot-data').textContent);
    content.layout = plain(content.layout) ? content.layout : {};
    content.data.forEach(function (trace) { if (trace.type === 'scattergl') { trace.type = 'scatter'; } });
    if (!content.data.every(function (trace) { return drawable[trace.type || 'scatter'] === true; })) { return null; }
    // A figure with a template or a background of its own keeps its colours, on a white card.
    var own = content.layout.paper_bgcolor;
    content.themed = own === 'rgba(0,0,0,0)' || (own === undefined && content.layout.template === undefined);
    content.layout.height = Math.min(Math.max(Number(content.layout.height) || 420, 160), 2000);
    delete content.layout.width;
    content.layout.autosize = true;
    content.layout.margin = Object.assign({ l: 56, r: 16, t: !content.layout.title ? 32 : JSON.stringify(content.layout.title).includes('<br>') ? 108 : 84, b: 48 }, content.layout.margin);
    content.layout.dragmode = matchMedia('(pointer: coarse)').matches ? false : 'zoom';
    return content;
  }

  function draw(figure) {
    var live = figure.querySelector('.live');
    var content;
    try { content = prepare(figure); } catch (error) { content = null; }
    if (!content || !live) { figure.dataset.live = 'still'; return; }
    live.style.height = content.layout.height + 'px';
    figure.classList.add('on');
    figure.classList.toggle('card', !content.themed);
    var options = {
      displaylogo: false, plotlyServerURL: '', showSendToCloud: false, showEditInChartStudio: false, editable: false,
      responsive: true, displayModeBar: 'hover', modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d']
    };
    Promise.resolve()
      .then(function () {
        return window.Plotly.newPlot(live, content.data, content.themed ? theme(figure, content.layout) : content.layout, options);
      })
      .then(function () {
        figure.dataset.live = 'drawn';
        if (content.themed) {
          matchMedia('(prefers-color-scheme: dark)').addEventListener('change', function () {
            window.Plotly.relayout(live, theme(figure, content.layout));
          });
        }
      })
      .catch(function (error) {
        figure.classList.remove('on', 'card');
        figure.dataset.live = 'failed';
        console.warn('The interactive plot failed; the drawing stays.', error);
      });
  }

  function set(element) {
    var source = element.textContent.trim();
    var match = /^(?:\\\(([^]*)\\\)|\\\[([^]*)\\\]|\$\$([^]*)\$\$|\$([^]*)\$)$/.exec(source);
    var inner = match ? (match[1] || match[2] || match[3] || match[4] || '') : source;
    window.katex.render(inner, element, {
      displayMode: element.tagName === 'DIV' || element.dataset.display !== undefined, output: 'mathml', throwOnError: false, strict: 'ignore', trust: false,
      maxSize: 20, maxExpand: 500
    });
    element.dataset.set = '';
  }

  if (window.Plotly) { document.querySelectorAll('figure.plot').forEach(draw); }
  if (window.katex) {
    document.querySelectorAll('.math').forEach(function (element) {
      try { set(element); } catch (error) { console.warn('Mathematics stays as written.', error); }
    });
  }
})();
