(function () {
  'use strict';

  // Only what the page already holds: a look-up that could reach the network is never made.
  function findPlotly() {
    if (window.Plotly && window.Plotly.newPlot) { return window.Plotly; }
    var loader = window.require;
    if (typeof loader === 'function' && typeof loader.defined === 'function' && loader.defined('plotly')) {
      return loader('plotly');
    }
    return null;
  }

  function theme(figure, layout) {
    var style = getComputedStyle(figure);
    var ink = style.getPropertyValue('--rf-ink').trim() || '#1b1f24';
    var muted = style.getPropertyValue('--rf-muted').trim() || '#59616b';
    var grid = style.getPropertyValue('--rf-grid').trim() || '#e2e5e9';
    var back = style.getPropertyValue('--rf-back').trim() || '#fff';
    layout.font = Object.assign({}, layout.font, { color: muted });
    layout.legend = Object.assign({}, layout.legend, { font: { color: ink } });
    layout.hoverlabel = Object.assign({}, layout.hoverlabel, { bgcolor: back, bordercolor: muted, font: { color: ink } });
    ['xaxis', 'yaxis'].forEach(function (axis) {
      layout[axis] = Object.assign({}, layout[axis], { gridcolor: grid, linecolor: muted });
    });
    layout.modebar = { bgcolor: 'rgba(0,0,0,0)', color: muted, activecolor: ink };
    (layout.annotations || []).forEach(function (note) { note.font = { color: ink }; });
    return layout;
  }

  function draw(figure, plotly) {
    var still = figure.querySelector('.rf-still');
    var live = figure.querySelector('.rf-live');
    var source = figure.querySelector('.rf-data');
    if (!still || !live || !source) { return; }
    figure.setAttribute('data-live', 'drawing');
    var height = Math.max(300, still.offsetHeight);
    var content = JSON.parse(source.textContent);
    content.layout = content.layout || {};
    content.layout.title = undefined;
    content.layout.height = height;
    content.layout.margin = { l: 8, r: 14, t: 28, b: 8 };
    // A finger that scrolls the page must not zoom the plot.
    var touch = matchMedia('(pointer: coarse)').matches;
    content.layout.dragmode = touch ? false : 'zoom';
    live.style.height = height + 'px';
    figure.classList.add('rf-on');
    var options = Object.assign({}, content.config, {
      displayModeBar: touch || live.clientWidth < 480 ? false : 'hover',
      modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'zoomIn2d', 'zoomOut2d']
    });
    Promise.resolve()
      .then(function () { return plotly.newPlot(live, content.data, theme(figure, content.layout), options); })
      .then(function () {
        figure.setAttribute('data-live', 'drawn');
        new ResizeObserver(function () { if (live.clientWidth > 0) { plotly.Plots.resize(live); } }).observe(live);
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', function () {
          plotly.relayout(live, theme(figure, content.layout));
        });
      })
      .catch(function (error) {
        figure.classList.remove('rf-on');
        figure.setAttribute('data-live', 'failed');
        console.warn('The interactive plot failed; the drawing stays.', error);
      });
  }

  function drawAll() {
    var plotly = findPlotly();
    if (!plotly) { return; }
    document.querySelectorAll('figure.research-figure:not([data-live])').forEach(function (figure) { draw(figure, plotly); });
  }

  drawAll();
  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', drawAll); }
})();
