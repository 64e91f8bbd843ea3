// The script of the page that `mailflow report` writes: it stands in the page itself, after uPlot. Whatever it shows of
// the result is set as text, never as markup.
// @ts-check

/**
 * @typedef {{ label: string, y: (number | null)[], low?: (number | null)[], high?: (number | null)[] }} Line
 * @typedef {{ id: string, unit: Unit, log: boolean, x: number[], lines: Line[] }} Chart
 * @typedef {{ mark: string, from: number, to: number }} Fault - in seconds
 * @typedef {{ text: string, from: number, to: number }} Quiet - in seconds
 * @typedef {'ms' | 'count' | 'rate' | 'share' | 'bits'} Unit
 * @typedef {import('uplot')} Plot
 */

/**
 * @param {typeof import('uplot')} uPlot
 */
(function page(uPlot) {
  const text = document.getElementById('report-data')?.textContent ?? '{}';
  /**
   * Times are seconds of simulated time; `startS` is what the scenario's clock shows at 0, null without a clock, and
   * `midnightUtcMs` the midnight before, null where that has no date.
   * @type {{ charts: Chart[], faults: Fault[], quiet: Quiet[], endS: number, startS: number | null,
   *   midnightUtcMs: number | null }}
   */
  const data = JSON.parse(text);
  /** Charts are drawn by the clock, so that their grid has round times of it. */
  const startS = data.startS ?? 0;
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

  /** @param {number} seconds - on the axis */
  function time(seconds) {
    if (data.startS === null) return seconds === 0 ? '0' : span(seconds * 1_000);
    const whole = Math.round(seconds);
    const text = new Date((whole % day) * 1_000).toISOString().slice(11, 19).replace(/:00$/, '');
    return startS + data.endS <= day ? text : `${dayOf(whole)} ${text}`;
  }

  /** @param {number} seconds - on the axis */
  function dayOf(seconds) {
    const days = Math.floor(seconds / day);
    if (data.midnightUtcMs === null) return `day ${days + 1}`;
    const date = new Date(data.midnightUtcMs + days * day * 1_000);
    return `${date.getUTCDate()} ${'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')[date.getUTCMonth()]}`;
  }

  /**
   * What an axis has at its ticks: of several days each once.
   * @param {number[]} ticks
   */
  function times(ticks) {
    let before = '';
    return ticks.map((seconds) => {
      if (data.startS === null || startS + data.endS <= day) return time(seconds);
      const of = dayOf(seconds);
      const clock = time(seconds).slice(of.length + 1);
      const text = of === before ? clock : clock === '00:00' ? of : `${of}\n${clock}`;
      before = of;
      return text;
    });
  }

  /** @param {number} value */
  function number(value) {
    const size = Math.abs(value);
    if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
    if (size >= 999.5) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
    return String(Number(value.toPrecision(3)));
  }

  /** @param {number} value */
  function bits(value) {
    const power = Math.max(0, Math.min(4, Math.floor(Math.log10(Math.max(1, value)) / 3 + 1e-9)));
    return `${Number((value / 1_000 ** power).toPrecision(3))} ${['', 'k', 'M', 'G', 'T'][power]}bit/s`;
  }

  /**
   * @param {Unit} unit
   * @param {number} value
   */
  function figure(unit, value) {
    if (value === 0) return '0';
    switch (unit) {
      case 'ms':
        return span(value);
      case 'share':
        return `${Number((value * 100).toPrecision(3))} %`;
      case 'bits':
        return bits(value);
      default:
        return number(value);
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
  /** And between: for scales in which there would not be two of them. */
  const fineLogSteps = [
    ...logSteps,
    ...[0.01, 0.1, 1, 10, 100, 1_000].flatMap((each) => [2 * each, 5 * each]),
    ...[20, 30, 2 * minute, 5 * minute, 20 * minute, 30 * minute, 2 * hour, 5 * hour].map(
      (each) => each * 1_000,
    ),
    ...[1, 2, 10, 20, 100, 200].map((each) => each * day * 1_000),
  ].sort((a, b) => a - b);

  /**
   * @param {readonly number[]} steps
   * @param {number} least
   * @param {number} most
   */
  const within = (steps, least, most) => steps.filter((each) => each >= least && each <= most);

  /**
   * A logarithmic scale with room for the marks of faults on top, and at least two steps: one value alone has an axis, too.
   * @param {number} least
   * @param {number} most
   * @returns {[number, number]}
   */
  function logRange(least, most) {
    const from = least > 0 ? least / 1.3 : 1;
    const to = most > 0 ? most * 2 : 10;
    if (within(fineLogSteps, from, to).length > 1) return [from, to];
    return [
      fineLogSteps.findLast((each) => each <= from) ?? from,
      fineLogSteps.find((each) => each >= to) ?? to,
    ];
  }

  /**
   * @param {number} least
   * @param {number} most
   */
  function logSplits(least, most) {
    const steps = within(logSteps, least, most);
    return steps.length > 1 ? steps : within(fineLogSteps, least, most);
  }

  /**
   * What there is behind the lines, in the plot's area.
   * @param {Plot} plot
   * @param {(band: { from: number, to: number }, left: number, width: number) => void} paint
   * @param {readonly { from: number, to: number }[]} bands
   */
  function inPlot(plot, bands, paint) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const band of bands) {
      const left = plot.valToPos(startS + band.from, 'x', true);
      paint(band, left, plot.valToPos(startS + band.to, 'x', true) - left);
    }
    ctx.restore();
  }

  /**
   * A band as long as a fault lasts, with a line where it begins; and the times that figures leave out.
   * @param {Plot} plot
   */
  function drawBands(plot) {
    const { ctx, bbox } = plot;
    inPlot(plot, data.quiet, (_band, left, width) => {
      ctx.fillStyle = color('--quiet');
      ctx.fillRect(left, bbox.top, width, bbox.height);
    });
    inPlot(plot, data.faults, (_band, left, width) => {
      ctx.fillStyle = color('--fault');
      ctx.fillRect(left, bbox.top, width, bbox.height);
      ctx.fillStyle = color('--fault-line');
      ctx.fillRect(left, bbox.top, devicePixelRatio, bbox.height);
    });
  }

  /** Marks that would cover each other, as one: `1–3, 7`. @param {readonly string[]} marks */
  function joined(marks) {
    const numbers = marks.map(Number);
    /** @type {string[]} */
    const parts = [];
    for (let first = 0; first < numbers.length; ) {
      let last = first;
      while (numbers[last + 1] === (numbers[last] ?? 0) + 1) last++;
      parts.push(
        `${numbers[first]}${last === first ? '' : last === first + 1 ? `, ${numbers[last]}` : `–${numbers[last]}`}`,
      );
      first = last + 1;
    }
    return parts.join(', ');
  }

  /**
   * The numbers of faults, and what quiet times are, over all else.
   * @param {Plot} plot
   */
  function drawMarks(plot) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    ctx.lineJoin = 'round';
    ctx.lineWidth = 3 * ratio;
    ctx.strokeStyle = color('--page');
    /**
     * @param {string} words
     * @param {number} left
     * @param {number} top
     */
    const write = (words, left, top) => {
      ctx.strokeText(words, left, top);
      ctx.fillText(words, left, top);
    };
    /** @type {{ marks: string[], left: number }[]} */
    const groups = [];
    inPlot(plot, data.faults, (band, at) => {
      const { mark } = /** @type {Fault} */ (band);
      const left = at + 3 * ratio;
      const last = groups.at(-1);
      if (left < bbox.left || left > bbox.left + bbox.width) return;
      if (last !== undefined && left < last.left + ctx.measureText(joined([...last.marks, mark])).width)
        last.marks.push(mark);
      else groups.push({ marks: [mark], left });
    });
    ctx.fillStyle = color('--fault-mark');
    for (const { marks, left } of groups) {
      const words = joined(marks);
      const end = bbox.left + bbox.width - ctx.measureText(words).width - 2 * ratio;
      write(words, Math.min(left, end), bbox.top + 2 * ratio);
    }
    ctx.fillStyle = color('--text');
    inPlot(plot, data.quiet, (band, left, width) => {
      const words = /** @type {Quiet} */ (band).text;
      if (ctx.measureText(words).width + 6 * ratio <= width)
        write(words, left + 3 * ratio, bbox.top + bbox.height - 15 * ratio);
    });
    ctx.restore();
    // For the test that no fault lacks its mark.
    plot.root.dataset['marks'] = groups.map(({ marks }) => joined(marks)).join(' ');
  }

  /**
   * @param {Chart} chart
   * @param {HTMLElement} place
   */
  function draw(chart, place) {
    /** @type {import('uplot').Series[]} */
    const series = [{ label: 'at', value: (_plot, seconds) => (seconds === null ? '' : time(seconds)) }];
    /** @type {import('uplot').Band[]} */
    const bands = [];
    /** @type {(number | null)[][]} */
    const columns = [chart.x.map((each) => startS + each)];
    /** The edges of a line's band. @type {number[][]} */
    const edges = [];
    /** @type {string[]} */
    const names = [];
    const few = chart.x.length < 3;
    const manyDays = data.startS !== null && startS + data.endS > day;
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
      edges[series.length - 1] = [series.length, series.length + 1];
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
            // Asked for all points: all of the run. Else somebody looks closer.
            range: (_plot, least, most) =>
              least === null ||
              chart.x.length < 2 ||
              (least === columns[0]?.[0] && most === columns[0]?.at(-1))
                ? [startS, startS + Math.max(data.endS, 1)]
                : [least, most],
          },
          // Room for the marks of faults on top.
          y: chart.log
            ? { distr: 3, range: (_plot, least, most) => logRange(least, most) }
            : { range: (_plot, _least, most) => [0, most > 0 ? most * 1.15 : 1] },
        },
        axes: [
          {
            ...axis,
            incrs: timeSteps,
            space: 70,
            size: manyDays ? 46 : 32,
            values: (_plot, ticks) => times(ticks),
          },
          {
            ...axis,
            size: 88,
            ...(chart.log
              ? {
                  splits: (_plot, _axis, least, most) => logSplits(least, most),
                  filter: (_plot, splits) => splits,
                }
              : chart.unit === 'ms'
                ? { incrs: spanSteps }
                : {}),
            values: (own, ticks) => {
              const labels = ticks.map((each) => (each === null ? null : figure(chart.unit, each)));
              // For the test that no axis lacks its labels.
              own.root.dataset['labels'] = labels.join(' | ');
              return labels;
            },
          },
        ],
        cursor: { drag: { x: true, y: false }, focus: { prox: 16 } },
        // The line that the pointer or the focus is at stands out.
        focus: { alpha: 0.3 },
        // By name: markers stay when the colours change.
        legend: { markers: { stroke: (_plot, index) => names[index] ?? '', fill: () => 'transparent' } },
        series,
        bands,
        hooks: {
          drawClear: [drawBands],
          draw: [drawMarks],
          setSeries: [
            (own, index, { show }) => {
              if (index === null || show === undefined) return;
              for (const edge of edges[index] ?? []) own.setSeries(edge, { show });
            },
          ],
        },
      },
      /** @type {import('uplot').AlignedData} */ (columns),
      place,
    );
    plots.push(plot);
    const canvas = plot.root.querySelector('canvas');
    canvas?.setAttribute('role', 'img');
    canvas?.setAttribute('aria-label', place.dataset['words'] ?? '');
    useKeys(plot);
  }

  /**
   * Names in a legend take their lines away: by keys, too.
   * @param {Plot} plot
   */
  function useKeys(plot) {
    for (const [index, row] of [...plot.root.querySelectorAll('.u-legend .u-series')].entries()) {
      const head = row.querySelector('th');
      if (index === 0 || head === null || row.classList.contains('edge')) continue;
      const isShown = () => String(plot.series[index]?.show !== false);
      head.tabIndex = 0;
      head.setAttribute('role', 'button');
      head.setAttribute('aria-pressed', isShown());
      head.addEventListener('click', () => head.setAttribute('aria-pressed', isShown()));
      head.addEventListener('focus', () => plot.setSeries(index, { focus: true }));
      head.addEventListener('blur', () => plot.setSeries(null, { focus: true }));
      head.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        head.click();
      });
    }
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
