// Text with line numbers; XML with its elements to fold.
import { el } from './dom.js'

/** How many lines are shown; the file itself has all. */
const MOST = 20_000

const TOKEN = /(<!--[\s\S]*?-->|<\?[\s\S]*?\?>)|(<\/?)([\w:.-]+)|([\w:.-]+)(=)("[^"]*"|'[^']*')|(\/?>)/g

/** One line of XML with its tags set apart. */
function coloured(line) {
  const out = []
  let from = 0
  for (const found of line.matchAll(TOKEN)) {
    out.push(line.slice(from, found.index))
    const [whole, comment, open, name, key, equals, value] = found
    if (comment) out.push(el('span', { class: 'x-comment' }, whole))
    else if (open) out.push(el('span', { class: 'x-mark' }, open), el('span', { class: 'x-name' }, name))
    else if (key) out.push(el('span', { class: 'x-key' }, key), equals, el('span', { class: 'x-value' }, value))
    else out.push(el('span', { class: 'x-mark' }, whole))
    from = found.index + whole.length
  }
  out.push(line.slice(from))
  return out
}

/** For each line that opens an element which ends on a later one, that line's number. */
function folds(text) {
  const ends = new Map()
  const open = []
  let line = 0
  for (const found of text.matchAll(/\n|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)[\w:.-]+(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(\/?)>/g)) {
    const [whole, closes, empty] = found
    const start = line
    if (whole !== '\n' && closes === '/') {
      const begun = open.pop()
      // The widest element that begins in a line is the one to fold.
      if (begun !== undefined && line > begun + 1 && !(ends.get(begun) > line)) ends.set(begun, line)
    } else if (closes === '' && empty === '') {
      open.push(start)
    }
    line += whole.split('\n').length - 1
  }
  return ends
}

/** A text as lines with numbers. */
export function code(text, isXml) {
  const lines = text.replace(/\n$/, '').split('\n')
  const ends = isXml ? folds(text) : new Map()
  const rows = []
  const folded = new Set()
  const hide = () => {
    let until = -1
    rows.forEach((row, number) => {
      row.hidden = number < until
      if (!row.hidden && folded.has(number)) until = ends.get(number)
    })
  }
  const toggle = (number, button) => {
    const close = !folded.delete(number)
    if (close) folded.add(number)
    button.setAttribute('aria-expanded', String(!close))
    button.textContent = close ? '▸' : '▾'
    rows[number].classList.toggle('folded', close)
    hide()
  }
  lines.slice(0, MOST).forEach((line, number) => {
    const end = ends.get(number)
    const fold = end === undefined ? el('span', { class: 'fold' }) : el('button', {
      type: 'button', class: 'fold', 'aria-expanded': 'true', 'aria-label': `lines ${number + 1} to ${end + 1}`,
      onclick: event => toggle(number, event.currentTarget),
    }, '▾')
    rows.push(el('div', { class: 'row' }, el('span', { class: 'no', 'aria-hidden': 'true' }, String(number + 1)), fold,
      el('span', { class: 'code' }, isXml ? coloured(line) : line)))
  })
  const more = lines.length > MOST ? el('p', { class: 'faint' }, `${lines.length - MOST} more lines are in the file`) : null
  return el('div', { class: `listing${isXml ? '' : ' flat'}`, tabindex: '0', role: 'region', 'aria-label': 'Text of the output' }, rows, more)
}
