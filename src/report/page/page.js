// The script of the page that `mailflow report` writes: it stands in the page itself, after uPlot. Whatever it shows of
// the result is set as text, never as markup.
// @ts-check

/**
 * @typedef {{ label: string, y: (number | null)[], low?: (number | null)[], high?: (number | null)[] }} Line
 * @typedef {{ id: string, unit: Unit, log: boolean, x: number[], lines: Line[] }} Chart
 * @typedef {{ mark: string, from: number, to: number }} Fault - in seconds
 * @typedef {'ms' | 'count' | 'rate' | 'share' | 'bits'} Unit
 * @typedef {import('uplot')} Plot
 */

/**
 * @param {typeof import('uplot')} uPlot
 */
(function page(uPlot) {
  const text = document.getElementById('report-data')?.textContent ?? '{}';
  /** @type {{ charts: Chart[], faults: Fault[], endS: number }} */
  const data = JSON.parse(text);
  /** @type {Plot[]} */
  const plots = [];
  const narrowest = 240;
  const printWidth = 660;

  /** @param {string} name */
  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  /** @param {number} ms */
  function span(ms) {
    const units = /** @type {const} */ ([
      ['d', 86_400_000],
      ['h', 3_600_000],
      ['min', 60_000],
      ['s', 1_000],
    ]);
    for (const [index, [unit, size]] of units.entries()) {
      if (ms < size) continue;
      const next = units[index + 1];
      if (next === undefined) return `${Number((ms / size).toPrecision(3))} s`;
      const small = Math.round(ms / next[1]);
      const rest = small % Math.round(size / next[1]);
      return `${Math.floor(small / Math.round(size / next[1]))} ${unit}${rest === 0 ? '' : ` ${rest} ${next[0]}`}`;
    }
    return `${Number(ms.toPrecision(3))} ms`;
  }

  /** @param {number} value */
  function short(value) {
    const size = Math.abs(value);
    if (size >= 1e9) return `${Number((value / 1e9).toPrecision(3))} G`;
    if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
    if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
    return String(Number(value.toPrecision(3)));
  }

  /**
   * @param {Unit} unit
   * @param {number} value
   */
  function figure(unit, value) {
    switch (unit) {
      case 'ms':
        return span(value);
      case 'share':
        return `${Number((value * 100).toPrecision(3))} %`;
      case 'bits':
        return `${short(value)}${Math.abs(value) >= 1e4 ? '' : ' '}bit/s`;
      default:
        return short(value);
    }
  }

  const minute = 60;
  const hour = 60 * minute;
  const day = 24 * hour;
  const timeSteps = [
    ...[0.001, 0.01, 0.1, 1, 2, 5, 10, 15, 30],
    ...[1, 2, 5, 10, 15, 30].map((each) => each * minute),
    ...[1, 2, 3, 4, 6, 12].map((each) => each * hour),
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 20_000, 100_000].map((each) => each * day),
  ];
  const spanSteps = timeSteps.map((each) => each * 1_000);
  /** Round figures about a decade apart. */
  const logSteps = [
    ...[0.01, 0.1, 1, 10, 100, 1_000, 10_000],
    ...[minute, 10 * minute, hour, 10 * hour, 4 * day, 40 * day, 400 * day].map((each) => each * 1_000),
  ];

  /**
   * Faults behind the lines: a band as long as one lasts, with its number.
   * @param {Plot} plot
   */
  function drawFaults(plot) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    let freeFrom = Number.NEGATIVE_INFINITY;
    for (const { mark, from, to } of data.faults) {
      const left = plot.valToPos(from, 'x', true);
      const right = plot.valToPos(to, 'x', true);
      ctx.fillStyle = color('--fault');
      ctx.fillRect(left, bbox.top, Math.max(right - left, 1.5 * ratio), bbox.height);
      if (left < freeFrom) continue;
      ctx.fillStyle = color('--fault-mark');
      ctx.fillText(mark, left + 3 * ratio, bbox.top + 2 * ratio);
      freeFrom = left + ctx.measureText(mark).width + 6 * ratio;
    }
    ctx.restore();
  }

  /**
   * @param {Chart} chart
   * @param {HTMLElement} place
   */
  function draw(chart, place) {
    /** @type {import('uplot').Series[]} */
    const series = [
      { label: 'at', value: (_plot, seconds) => (seconds === null ? '' : span(seconds * 1_000)) },
    ];
    /** @type {import('uplot').Band[]} */
    const bands = [];
    /** @type {(number | null)[][]} */
    const columns = [chart.x];
    /** @type {string[]} */
    const names = [];
    const few = chart.x.length < 3;
    for (const [index, line] of chart.lines.entries()) {
      const name = `--line-${index + 1}`;
      const stroke = () => color(name);
      names[series.length] = `var(${name})`;
      columns.push(line.y);
      series.push({
        label: line.label,
        stroke,
        width: 1.5,
        points: few ? { show: true, size: 9, fill: stroke } : { size: 5, fill: stroke },
        value: (_plot, value) => (value === null ? '' : figure(chart.unit, value)),
      });
      if (line.high === undefined || line.low === undefined) continue;
      columns.push(line.high, line.low);
      const edge = { class: 'edge', stroke: 'transparent', width: 0, points: { show: false } };
      series.push({ label: `${line.label}, most`, ...edge }, { label: `${line.label}, least`, ...edge });
      bands.push({
        series: [series.length - 2, series.length - 1],
        fill: () => `color-mix(in srgb, ${color(name)} 22%, transparent)`,
      });
    }
    const axis = {
      stroke: () => color('--soft'),
      grid: { stroke: () => color('--grid'), width: 1 },
      ticks: { stroke: () => color('--grid'), width: 1 },
      font: '12px system-ui, sans-serif',
    };
    const plot = new uPlot(
      {
        width: Math.max(narrowest, place.clientWidth),
        height: 220,
        scales: {
          x: {
            time: false,
            range: (_plot, least, most) => {
              const end = Math.max(data.endS, most ?? 0, 1);
              return least === null || data.endS >= (most ?? 0) || least === most ? [0, end] : [least, most];
            },
          },
          y: chart.log ? { distr: 3 } : { range: (_plot, _least, most) => [0, most > 0 ? most * 1.08 : 1] },
        },
        axes: [
          {
            ...axis,
            incrs: timeSteps,
            space: 70,
            values: (_plot, ticks) => ticks.map((each) => span(each * 1_000).replace(/^0 ms$/, '0')),
          },
          {
            ...axis,
            size: 76,
            ...(chart.log
              ? {
                  splits: (_plot, _axis, least, most) =>
                    logSteps.filter((each) => each >= least && each <= most),
                  filter: (_plot, splits) => splits,
                }
              : chart.unit === 'ms'
                ? { incrs: spanSteps }
                : {}),
            values: (_plot, ticks) =>
              ticks.map((each) => (each === null ? null : figure(chart.unit, each).replace(/^0 ms$/, '0'))),
          },
        ],
        cursor: { drag: { x: true, y: false } },
        // By name: markers stay when the colours change.
        legend: { markers: { stroke: (_plot, index) => names[index] ?? '', fill: () => 'transparent' } },
        series,
        bands,
        hooks: { drawClear: [drawFaults] },
      },
      /** @type {import('uplot').AlignedData} */ (columns),
      place,
    );
    plots.push(plot);
  }

  /** @param {number | undefined} [width] */
  function resize(width) {
    for (const plot of plots) {
      const place = plot.root.parentElement;
      plot.setSize({ width: width ?? Math.max(narrowest, place?.clientWidth ?? 0), height: 220 });
    }
  }

  /** Colours are asked for while drawing. */
  function redraw() {
    for (const plot of plots) plot.redraw(false, true);
  }

  /** @param {HTMLTableCellElement | undefined} cell */
  function sortValue(cell) {
    const content = cell?.dataset['v'] ?? cell?.textContent ?? '';
    const number = Number(content.replaceAll(',', ''));
    return content !== '' && Number.isFinite(number) ? number : content;
  }

  /**
   * @param {HTMLTableElement} table
   * @param {number} column
   * @param {boolean} descending
   */
  function sort(table, column, descending) {
    const body = table.tBodies[0];
    if (body === undefined) return;
    const rows = [...body.rows].map((row) => ({ row, value: sortValue(row.cells[column]) }));
    rows.sort((a, b) => {
      const order =
        typeof a.value === 'number' && typeof b.value === 'number'
          ? a.value - b.value
          : typeof a.value === typeof b.value
            ? String(a.value).localeCompare(String(b.value))
            : typeof a.value === 'number'
              ? -1
              : 1;
      return descending ? -order : order;
    });
    body.append(...rows.map(({ row }) => row));
  }

  for (const button of document.querySelectorAll('table.sorts thead button')) {
    button.addEventListener('click', () => {
      const head = /** @type {HTMLTableCellElement} */ (button.closest('th'));
      const table = /** @type {HTMLTableElement} */ (head.closest('table'));
      // Figures are looked at from the top, names from the beginning.
      const first = head.classList.contains('n') ? 'descending' : 'ascending';
      const second = first === 'descending' ? 'ascending' : 'descending';
      const order = head.getAttribute('aria-sort') === first ? second : first;
      for (const other of head.parentElement?.children ?? []) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', order);
      sort(table, head.cellIndex, order === 'descending');
    });
  }

  for (const chart of data.charts) {
    const place = document.querySelector(`#chart-${chart.id} .plot`);
    if (place instanceof HTMLElement) draw(chart, place);
  }
  document.documentElement.dataset['drawn'] = String(plots.length);

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('resize', () => resize());
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('paper');
    resize(printWidth);
    redraw();
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('paper');
    resize();
    redraw();
  });
})(/** @type {typeof import('uplot')} */ (Reflect.get(globalThis, 'uPlot')));
