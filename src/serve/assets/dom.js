// Small helpers: elements from words, and a voice for screen readers.

/** An element. Properties that begin with `on` listen; `class`, `data` and ARIA are attributes; all text is text. */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value)
    else if (key === 'data') Object.assign(made.dataset, value)
    else if (key in made && typeof value !== 'string') made[key] = value
    else made.setAttribute(key, value === true ? '' : value)
  }
  made.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false))
  return made
}

export const byId = id => document.getElementById(id)

/** Says something to those who don't see the page. */
export function tell(words) {
  byId('told').textContent = ''
  setTimeout(() => { byId('told').textContent = words }, 50)
}

/** Shows what went wrong, with what was noticed; nothing clears it. */
export function showProblem(problem, place = byId('problem')) {
  place.replaceChildren()
  if (!problem) return
  const noticed = (problem.diagnostics ?? []).map(finding)
  place.append(el('div', { class: 'problem' },
    el('h2', {}, problem.title ?? 'That did not work'),
    el('p', {}, problem.detail ?? String(problem.message ?? problem)),
    noticed.length ? el('ul', { class: 'findings' }, noticed) : null,
    el('button', { type: 'button', class: 'plain', onclick: () => showProblem(null, place) }, 'Dismiss')))
}

const SIGNS = { error: '✕', warning: '▲', loss: '◆', note: '•' }

/** One thing that was noticed, with its place. */
export function finding(it) {
  const at = it.line ? `line ${it.line}, column ${it.column}` : ''
  return el('li', { class: `finding ${it.severity}` },
    el('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[it.severity] ?? '•'),
    el('div', {},
      el('p', {}, el('strong', {}, `${it.severity} `), it.message),
      el('p', { class: 'faint' }, [it.code, at].filter(Boolean).join(' · ')),
      it.text ? el('code', { class: 'excerpt' }, it.text) : null,
      it.hint ? el('p', { class: 'hint' }, it.hint) : null))
}

/** 1234 becomes “1 234”. */
export const figure = number => number.toLocaleString('en').replaceAll(',', '\u202f')

/** “1 note”, “3 notes”. */
export const count = (number, one, many = `${one}s`) => `${figure(number)} ${number === 1 ? one : many}`

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1 << 20) return `${(bytes / 1024).toFixed(0)} kB`
  return `${(bytes / (1 << 20)).toFixed(1)} MB`
}

/** Hands a file to the person. */
export function download(name, content, type = 'application/octet-stream') {
  const address = URL.createObjectURL(new Blob([content], { type }))
  const link = el('a', { href: address, download: name.split('/').pop() })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** A row of tabs, each with a panel that is made when it is first shown (WAI-ARIA, “Tabs”). */
export function tabs(label, entries) {
  const row = el('div', { class: 'tabs', role: 'tablist', 'aria-label': label })
  const panels = el('div', { class: 'panels' })
  const show = (number, focus) => {
    entries.forEach((entry, other) => {
      const chosen = other === number
      entry.tab.setAttribute('aria-selected', String(chosen))
      entry.tab.tabIndex = chosen ? 0 : -1
      entry.panel.hidden = !chosen
      if (chosen && !entry.made) { entry.made = true; entry.panel.append(entry.make()) }
      if (chosen && focus) entry.tab.focus()
    })
  }
  entries.forEach((entry, number) => {
    const id = `tab-${Math.random().toString(36).slice(2)}`
    entry.tab = el('button', { type: 'button', role: 'tab', id, 'aria-controls': `${id}-panel`, onclick: () => show(number) }, entry.title)
    entry.panel = el('div', { role: 'tabpanel', id: `${id}-panel`, 'aria-labelledby': id, tabindex: '0', hidden: true })
    entry.tab.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      if (step) { show((number + step + entries.length) % entries.length, true); event.preventDefault() }
    })
    row.append(entry.tab)
    panels.append(entry.panel)
  })
  if (entries.length) show(0)
  return el('div', { class: 'tabbed' }, row, panels)
}
