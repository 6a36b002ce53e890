// What was decided about one source, with a way back.

const CONTEXT = 28

/** The first `bytes` of UTF-8 that a part of a text has. */
const bytes = text => new TextEncoder().encode(text).length

/** A place in a text, named by the words that stand there and round it. */
export function place(text, from, to) {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const stop = text.slice(to).search(/[\n\r]/)
  const end = stop < 0 ? text.length : to + stop
  const before = [...text.slice(start, from)].slice(-CONTEXT).join('')
  const after = [...text.slice(to, end)].slice(0, CONTEXT).join('')
  return {
    line: text.slice(0, from).split('\n').length, byte: bytes(text.slice(0, from)), before, quote: text.slice(from, to), after,
  }
}

const samePoint = (a, b) => a.byte === b.byte && b.quote === ''

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)

export class Decisions {
  constructor(all = []) {
    this.all = all
    this.past = []
  }

  /** Decides; what was decided before about the same place, or of the same note's place, gives way. */
  add(decision) {
    this.past.push(this.all)
    // A page break that was moved is known by where the source has it.
    const moved = this.all.find(old => old.kind === 'page-break' && old.to && decision.kind === 'page-break' && samePoint(old.to, decision.at))
    if (moved) decision = { ...decision, at: moved.at }
    const placing = verdict => verdict === 'accept' || verdict === 'move'
    const givesWay = old => old.kind === decision.kind && (same(old.at, decision.at)
      || (old.kind === 'note-marker' && placing(old.verdict) && same(old.entry, decision.entry) && old.note === decision.note))
    this.all = [...this.all.filter(old => !givesWay(old)), decision]
  }

  remove(number) {
    this.past.push(this.all)
    this.all = this.all.filter((_, other) => other !== number)
  }

  undo() {
    if (!this.past.length) return false
    this.all = this.past.pop()
    return true
  }

  json() {
    return JSON.stringify({ version: 1, decision: this.all })
  }
}

/** The decision on an item; `more` says where to it is moved, or what it means. */
export function decide(item, verdict, more = {}) {
  const decision = { kind: item.kind, verdict, at: item.place }
  if (item.kind === 'note-marker') {
    decision.note = item.note
    if (item.entry) decision.entry = item.entry.place
  }
  return { ...decision, ...more }
}
