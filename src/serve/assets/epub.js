// The pages of a book, in a frame in which no script runs and which may load nothing but what the book holds.
import { el, tell } from './dom.js'
import { unzip } from './zip.js'

const OPF = 'http://www.idpf.org/2007/opf'
const OPS = 'http://www.idpf.org/2007/ops'
const XLINK = 'http://www.w3.org/1999/xlink'
const decoder = new TextDecoder()
const onDisk = location.protocol === 'file:'

const xml = bytes => new DOMParser().parseFromString(decoder.decode(bytes), 'application/xml')

/** The path that a reference in a file of the book leads to, and the fragment behind it. */
function resolve(base, reference) {
  const [path, fragment] = reference.split('#')
  if (/^[a-z][\w+.-]*:/i.test(path)) return { outside: reference }
  const parts = path ? base.split('/').slice(0, -1) : base.split('/')
  for (const part of path ? decodeURIComponent(path).split('/') : []) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return { path: parts.join('/'), fragment: fragment && decodeURIComponent(fragment) }
}

class Book {
  constructor(bytes) {
    this.files = unzip(bytes)
    this.addresses = new Map()
  }

  async read(path) {
    const file = this.files.get(path)
    if (!file) throw new Error(`the book holds no ${path}`)
    return file()
  }

  async open() {
    const container = xml(await this.read('META-INF/container.xml'))
    const packagePath = container.querySelector('rootfile').getAttribute('full-path')
    const opf = xml(await this.read(packagePath))
    const items = new Map()
    for (const item of opf.getElementsByTagNameNS(OPF, 'item')) {
      const { path } = resolve(packagePath, item.getAttribute('href'))
      items.set(item.id, { path, type: item.getAttribute('media-type'), properties: item.getAttribute('properties') ?? '' })
    }
    this.types = new Map([...items.values()].map(item => [item.path, item.type]))
    const spine = [...opf.getElementsByTagNameNS(OPF, 'itemref')]
    this.spine = spine.map(ref => items.get(ref.getAttribute('idref'))?.path).filter(Boolean)
    const nav = [...items.values()].find(item => item.properties.split(/\s+/).includes('nav'))
    this.contents = nav ? await this.contentsOf(nav.path) : []
    return this
  }

  async contentsOf(path) {
    const doc = xml(await this.read(path))
    const toc = [...doc.getElementsByTagName('nav')].find(nav => nav.getAttributeNS(OPS, 'type') === 'toc')
    const list = ol => [...(ol?.children ?? [])].map(li => {
      const link = [...li.children].find(child => ['a', 'span'].includes(child.localName))
      const inner = [...li.children].find(child => child.localName === 'ol')
      const href = link?.getAttribute('href')
      return { title: link?.textContent.trim() ?? '', to: href ? resolve(path, href) : null, inner: list(inner) }
    })
    return list([...(toc?.children ?? [])].find(child => child.localName === 'ol'))
  }

  /** A page opened from the disk shares its memory with none, not even with its frames: there the address is the content. */
  async addressOf(blob) {
    if (!onDisk) return URL.createObjectURL(blob)
    return new Promise((done, failed) => {
      const reader = new FileReader()
      reader.onload = () => done(reader.result)
      reader.onerror = () => failed(reader.error)
      reader.readAsDataURL(blob)
    })
  }

  /** The address in memory of a file of the book; style sheets with what they name. */
  async address(path) {
    if (!this.addresses.has(path)) {
      let content = await this.read(path)
      const type = this.types.get(path) ?? ''
      if (type === 'text/css') content = await this.sheet(path, decoder.decode(content))
      this.addresses.set(path, await this.addressOf(new Blob([content], { type })))
    }
    return this.addresses.get(path)
  }

  async sheet(path, text) {
    for (const [whole, , reference] of [...text.matchAll(/url\(\s*(["']?)([^"')]+)\1\s*\)/g)]) {
      const { path: target } = resolve(path, reference)
      text = text.replaceAll(whole, target && this.files.has(target) ? `url("${await this.address(target)}")` : 'none')
    }
    return text
  }

  /** A page with all that it names from the book, and nothing from elsewhere. */
  async page(path) {
    const doc = xml(await this.read(path))
    for (const script of [...doc.querySelectorAll('script')]) script.remove()
    for (const node of doc.querySelectorAll('*')) {
      for (const { name } of [...node.attributes]) if (/^on/i.test(name)) node.removeAttribute(name)
    }
    const put = async (node, read, write) => {
      const { path: target } = resolve(path, read)
      if (target && this.files.has(target)) write(await this.address(target))
    }
    for (const node of doc.querySelectorAll('img[src], audio[src], video[src], source[src]')) {
      await put(node, node.getAttribute('src'), address => node.setAttribute('src', address))
    }
    for (const node of doc.querySelectorAll('link[href]')) {
      await put(node, node.getAttribute('href'), address => node.setAttribute('href', address))
    }
    for (const node of doc.querySelectorAll('image')) {
      const href = node.getAttribute('href') ?? node.getAttributeNS(XLINK, 'href')
      if (href) await put(node, href, address => node.setAttribute('href', address))
    }
    return doc
  }

  close() {
    for (const address of this.addresses.values()) URL.revokeObjectURL(address)
  }
}

/** A page of XML as HTML, for a frame that has it as its own text and no address. */
function asHtml(page) {
  const html = document.implementation.createHTMLDocument('')
  html.replaceChild(html.importNode(page.documentElement, true), html.documentElement)
  return `<!DOCTYPE html>${html.documentElement.outerHTML}`
}

/** A reader for a book, with its contents beside the page. */
export function reader(bytes, title) {
  const frame = el('iframe', { title: `Pages of ${title}`, sandbox: 'allow-same-origin' })
  const where = el('p', { class: 'faint where' })
  const contents = el('nav', { class: 'contents', 'aria-label': 'Contents of the book' })
  const back = el('button', { type: 'button', onclick: () => go(at - 1) }, '← Back')
  const forth = el('button', { type: 'button', onclick: () => go(at + 1) }, 'Next →')
  let book
  let at = 0
  let shown = ''

  async function go(number, fragment) {
    if (!book || number < 0 || number >= book.spine.length) return
    at = number
    back.disabled = at === 0
    forth.disabled = at === book.spine.length - 1
    where.textContent = `Part ${at + 1} of ${book.spine.length}`
    const page = await book.page(book.spine[at])
    const address = onDisk ? '' : URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(page)], { type: 'application/xhtml+xml' }))
    frame.onload = () => {
      URL.revokeObjectURL(shown)
      shown = address
      const page = frame.contentDocument
      page?.addEventListener('click', follow)
      if (fragment) page?.getElementById(fragment)?.scrollIntoView()
    }
    if (onDisk) frame.srcdoc = asHtml(page)
    else frame.src = address
  }

  function lead(to) {
    if (to.outside) return tell(`${to.outside} leads out of the book and is not followed`)
    const number = book.spine.indexOf(to.path)
    if (number === at && to.fragment) frame.contentDocument?.getElementById(to.fragment)?.scrollIntoView()
    else if (number >= 0) go(number, to.fragment)
  }

  function follow(event) {
    const link = event.target.closest?.('a')
    const href = link?.getAttribute('href') ?? link?.getAttributeNS(XLINK, 'href')
    if (!href) return
    event.preventDefault()
    lead(resolve(book.spine[at], href))
  }

  const list = entries => el('ol', {}, entries.map(entry => el('li', {},
    entry.to ? el('button', { type: 'button', class: 'link', onclick: () => lead(entry.to) }, entry.title) : entry.title,
    entry.inner.length ? list(entry.inner) : null)))

  new Book(bytes).open().then(opened => {
    book = opened
    contents.append(el('h4', {}, 'Contents'), list(book.contents))
    go(0)
  }, problem => where.replaceChildren(`The book can't be shown: ${problem.message}`))
  return el('div', { class: 'book' }, contents,
    el('div', { class: 'leaf' }, frame, el('div', { class: 'turn' }, back, where, forth)))
}
