// The two panes: the source by lines, and what was made of it. Both show the same items.
import { el } from './dom.js'

const WORDS = { 'note-marker': 'marker of note', 'page-break': 'page break', date: 'date', reference: 'reference', name: 'name' }
const SIGNS = { low: '?', medium: '~' }

export const certaintyOf = item => item.decided ? 'decided' : item.certainty ?? 'stated'

/** What an item is, for those who hear it. */
export function spoken(item) {
  const what = item.kind === 'note-marker' ? `${WORDS[item.kind]} ${item.note}` : WORDS[item.kind]
  const said = { 'note-marker': [], 'page-break': [item.what, item.place.quote] }[item.kind] ?? [item.place.quote]
  const words = said.filter(Boolean).map(words => ` ${words}`).join('')
  const sure = { decided: 'decided by you', stated: 'as the source says' }[certaintyOf(item)] ?? `${item.certainty} certainty`
  return `${what}${words}, ${sure}`
}

const mark = (item, words) => el('span', {
  class: `it k-${item.kind} c-${certaintyOf(item)}`, data: { i: String(item.id) }, role: 'button', tabindex: '-1', 'aria-label': spoken(item),
}, words, SIGNS[item.certainty] && !item.decided ? el('sup', { class: 'sure', 'aria-hidden': 'true' }, SIGNS[item.certainty]) : null)

/** The source, line by line. */
export class Source {
  constructor(pane, pick) {
    this.pane = pane
    this.rows = []
    pane.addEventListener('click', event => {
      const row = event.target.closest('.row')
      if (row) pick(event.target.closest('.it, .entry')?.dataset.i, () => this.offset(event, row))
    })
  }

  show(text, items, decided) {
    this.text = text
    this.items = items
    this.caret = null
    this.spans = [
      ...items.map(item => ({ from: item.at[0], to: item.at[1], [item.vague ? 'entry' : 'item']: item })),
      ...items.filter(item => item.entry).map(item => ({ from: item.entry.at[0], to: item.entry.at[1], entry: item })),
      ...decided.filter(it => it.at && (it.verdict === 'text' || it.verdict === 'reject')).map(it => ({ from: it.at[0], to: it.at[1], undone: it })),
    ].sort((a, b) => a.from - b.from || b.to - a.to)
    this.starts = [0]
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1)
    if (this.starts.at(-1) === text.length) this.starts.pop()
    this.rows = this.starts.map((start, number) => el('div', { class: 'row', data: { line: String(number) } }))
    let next = 0
    let open = []
    this.rows.forEach((row, number) => {
      const [start, end] = this.bounds(number)
      open = open.filter(span => span.to > start)
      while (next < this.spans.length && this.spans[next].from <= end) open.push(this.spans[next++])
      row.spans = open.filter(span => span.from <= end && (span.to > start || span.from === span.to && span.from >= start))
      this.draw(number)
    })
    this.pane.replaceChildren(...this.rows)
  }

  bounds(number) {
    const end = (this.starts[number + 1] ?? this.text.length + 1) - 1
    return [this.starts[number], Math.max(end, this.starts[number])]
  }

  lineOf(offset) {
    let [low, high] = [0, this.starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.starts[middle] <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  draw(number) {
    const row = this.rows[number]
    const [start, end] = this.bounds(number)
    const cuts = new Set([start, end])
    for (const span of row.spans) for (const at of [span.from, span.to]) if (at > start && at < end) cuts.add(at)
    const caret = this.caret
    if (caret !== null && caret >= start && caret <= end) cuts.add(caret)
    const points = [...cuts].sort((a, b) => a - b)
    const content = []
    points.forEach((from, index) => {
      const to = points[index + 1]
      for (const span of row.spans) {
        if (span.item && span.from === span.to && span.from === from && (from < end || to === undefined)) content.push(mark(span.item, '‸'))
      }
      if (caret === from) content.push(el('span', { class: 'caret', id: 'caret' }, '|'))
      if (to === undefined || to === from) return
      // The narrowest span wins where several lie one over another.
      const over = row.spans.filter(span => span.from <= from && span.to >= to && span.to > span.from)
      const span = over.sort((a, b) => (a.to - a.from) - (b.to - b.from))[0]
      const words = this.text.slice(from, to)
      if (!span) content.push(words)
      else if (span.item) content.push(mark(span.item, words))
      else if (span.undone) content.push(el('span', { class: 'undone' }, words))
      else content.push(el('span', { class: 'entry', data: { i: String(span.entry.id) } }, words))
    })
    row.replaceChildren(el('span', { class: 'no', 'aria-hidden': 'true' }, String(number + 1)), el('span', { class: 'text' }, content))
  }

  /** Puts the point of a move somewhere; `null` takes it away. */
  setCaret(offset) {
    const before = this.caret
    this.caret = offset
    if (before !== null) this.draw(this.lineOf(before))
    if (offset !== null) {
      this.draw(this.lineOf(offset))
      document.getElementById('caret')?.scrollIntoView({ block: 'nearest' })
    }
  }

  /** The offset in the text at which a click fell. */
  offset(event, row) {
    const found = document.caretPositionFromPoint
      ? document.caretPositionFromPoint(event.clientX, event.clientY)
      : document.caretRangeFromPoint?.(event.clientX, event.clientY)
    const node = found?.offsetNode ?? found?.startContainer
    const number = Number(row.dataset.line)
    const [start, end] = this.bounds(number)
    if (!node || !row.contains(node)) return end
    let at = start
    const walk = document.createTreeWalker(row.querySelector('.text'), NodeFilter.SHOW_TEXT)
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
      const own = !text.parentElement.closest('.sure, .caret') && text.data !== '‸'
      if (text === node) return Math.min(end, at + (own ? found.offset ?? found.startOffset : 0))
      if (own) at += text.data.length
    }
    return end
  }
}

const ELEMENTS = new Set(['section', 'h3', 'h4', 'h5', 'h6', 'p', 'div', 'blockquote', 'pre', 'table', 'tbody', 'tr', 'td', 'br',
  'span', 'i', 'b', 'small', 'u', 's', 'sup', 'sub', 'code'])

/** The document that was made. */
export class Reconstruction {
  constructor(pane, pick) {
    this.pane = pane
    pane.addEventListener('click', event => pick(event.target.closest('[data-i]')?.dataset.i))
  }

  show(document_, items) {
    const byId = new Map(items.map(item => [item.id, item]))
    const build = node => {
      if (typeof node === 'string') return node
      const inner = (node.c ?? []).map(build)
      const item = byId.get(node.i)
      if (node.e === 'marker') {
        return item ? el('sup', { class: 'call' }, mark(item, inner)) : el('sup', { class: 'call' }, inner)
      }
      if (node.e === 'page') {
        const words = ['⁋ page ', ...inner]
        return item ? mark(item, words) : el('span', { class: 'it k-page-break c-stated' }, words)
      }
      if (item) return mark(item, inner)
      return el(ELEMENTS.has(node.e) ? node.e : 'span', { class: node.k }, inner)
    }
    const notes = document_.notes.map(note => el('div', { class: 'note', data: { i: String(note.i) } },
      el('span', { class: 'label' }, note.label), el('div', {}, note.c.map(build))))
    this.pane.replaceChildren(...document_.text.map(build),
      ...(notes.length ? [el('h3', { class: 'aside' }, 'Notes'), ...notes] : []))
  }
}

/** Shows in both panes which item is looked at. */
export function point(panes, id) {
  for (const pane of panes) {
    pane.querySelectorAll('.here').forEach(node => node.classList.remove('here'))
    const nodes = id === null ? [] : [...pane.querySelectorAll(`[data-i="${id}"]`)]
    nodes.forEach(node => node.classList.add('here'))
    const first = nodes.find(node => node.classList.contains('it')) ?? nodes[0]
    if (first && pane.offsetParent) {
      const [outer, inner] = [pane.getBoundingClientRect(), first.getBoundingClientRect()]
      if (inner.top < outer.top + 24 || inner.bottom > outer.bottom - 24) {
        pane.scrollTop += inner.top - outer.top - outer.height / 3
      }
    }
  }
}
