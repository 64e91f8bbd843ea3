/**
 * Runs in the page: the text with the least contrast to what is behind it, by WCAG 2's formula; colours that shine
 * through are mixed with those below. Text in a picture stands on the rectangle or circle drawn last in its group or a
 * group around it, else on the page. What charts write is on a canvas: its colours are taken from the page's style.
 */
export const worstContrasts = `(() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  const over = (colors) => {
    drawing.clearRect(0, 0, 1, 1);
    for (const color of colors) { drawing.fillStyle = color; drawing.fillRect(0, 0, 1, 1); }
    return [...drawing.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const brightness = (rgb) => {
    const [r, g, b] = rgb.map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (text, below) => {
    const [a, b] = [brightness(over([...below, text])), brightness(over(below))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const pageColor = getComputedStyle(document.body).backgroundColor;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === '' || element.closest('script, style, noscript, title') !== null) continue;
    const style = getComputedStyle(element);
    if (style.visibility !== 'visible' || element.getClientRects().length === 0) continue;
    const below = [];
    let color = style.color;
    if (element instanceof SVGElement) {
      color = style.fill;
      for (let group = element.parentElement; group !== null; group = group.parentElement) {
        const shape = [...group.children].find((each) => ['rect', 'circle'].includes(each.tagName));
        if (shape !== undefined) below.unshift(getComputedStyle(shape).fill);
        if (group.tagName === 'svg') break;
      }
      below.unshift(pageColor);
    } else {
      for (let each = element; each !== null; each = each.parentElement)
        below.unshift(getComputedStyle(each).backgroundColor);
      below.unshift(pageColor);
    }
    found.push({ text: node.textContent.trim().slice(0, 40), ratio: contrast(color, below) });
  }
  const root = getComputedStyle(document.documentElement);
  const named = (name) => root.getPropertyValue(name).trim();
  found.push({ text: '--soft', ratio: contrast(named('--soft'), [named('--page')]) });
  for (const name of ['--text', '--fault-mark'])
    for (const bands of [[], ['--quiet'], ['--fault'], ['--fault', '--fault']])
      found.push({
        text: name + ' on ' + bands.join(),
        ratio: contrast(named(name), [named('--page'), ...bands.map(named)]),
      });
  // A line has no letters: 3 to 1 is enough for it.
  for (const index of [1, 2, 3, 4, 5, 6])
    found.push({ text: 'line ' + index, ratio: 1.5 * contrast(named('--line-' + index), [named('--page')]) });
  return found.sort((a, b) => a.ratio - b.ratio).slice(0, 5).map(({ text, ratio }) => text + ': ' + ratio.toFixed(2));
})()`;

/** Runs in the page: adds what a report can have and this one may lack, so that its colours are measured, too. */
export const addAllColours = `(() => {
  const add = (tag, name, text, parent) => {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    parent.append(element);
  };
  for (const verdict of ['pass', 'fail', 'undecided']) add('span', 'verdict ' + verdict, verdict, document.body);
  add('p', 'warning', 'warning', document.body);
  const svg = document.querySelector('svg.topology');
  for (const kind of ['site', 'server'])
    for (const load of [0, 1, 2, 3]) {
      const server = svg.querySelector('.server').cloneNode(true);
      server.setAttribute('class', kind + ' load' + load + ' marked');
      svg.append(server);
    }
})()`;
