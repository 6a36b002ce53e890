// What a reader does with a book, in a real reading system: calls a note, reads it in a pop-up, goes back to where it
// was called, goes to a page of the print, follows the contents. node test.mjs BOOKS
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { after, before, test } from 'node:test'
import { launch } from './browser.mjs'

const books = process.argv[2]
const here = new URL('.', import.meta.url).pathname
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', epub: 'application/epub+zip' }
const NOTEREF = 'a[role="doc-noteref"]'

let server, browser, origin

before(async () => {
    server = createServer(async (request, response) => {
        const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
        const file = path.startsWith('/foliate-js/') ? join(here, 'node_modules', path)
            : path.startsWith('/books/') ? join(books, path.slice('/books/'.length)) : join(here, path)
        try {
            const bytes = await readFile(file)
            response.writeHead(200, { 'content-type': types[file.split('.').pop()] ?? 'application/octet-stream' })
            response.end(bytes)
        } catch {
            response.writeHead(404).end()
        }
    })
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${server.address().port}`
    browser = await launch()
})

after(async () => {
    await browser?.close()
    server?.close()
})

/** Opens a book at the beginning of its text. */
const open = async (book, popups = true) => {
    const page = await browser.newPage({ viewport: { width: 600, height: 800 } })
    await page.goto(`${origin}/reader.html?book=/books/${book}.epub`)
    await page.waitForFunction(() => window.ready)
    assert.equal(await page.evaluate(() => window.failure), undefined)
    await page.evaluate(popups => { window.popups = popups }, popups)
    return page
}

/** The frame with the text of the book, or with that of a note. */
const frame = async (page, id = 'view') => {
    for (let tries = 0; tries < 100; tries += 1) {
        for (const candidate of page.frames().slice(1)) {
            const owner = await candidate.frameElement().then(element => element.evaluate(node => {
                let up = node
                while (up.getRootNode() !== document) up = up.getRootNode().host
                return up.id || up.closest('[id]')?.id
            })).catch(() => null)
            if (owner === id && await candidate.evaluate(() => document.body?.children.length > 0).catch(() => false))
                return candidate
        }
        await page.waitForTimeout(50)
    }
    throw new Error(`there is no text in ${id}`)
}

/** Waits until the element with an id is on the page that is shown. */
const waitFor = (page, id) => page.waitForFunction(id => {
    const range = window.view.lastLocation?.range
    const element = range?.startContainer.ownerDocument.getElementById(id)
    return element && range.intersectsNode(element)
}, id, { timeout: 10_000 })

const isShown = (page, id) => page.evaluate(id => {
    const range = window.view.lastLocation?.range
    const element = range?.startContainer.ownerDocument.getElementById(id)
    return Boolean(element && range.intersectsNode(element))
}, id)

/** Follows a link as a screen reader does. (After a click of the mouse foliate-js shows what has the focus: the link.) */
const follow = link => link.evaluate(link => link.click())

const idOf = async link => (await link.getAttribute('href')).split('#')[1]

test('a call shows its note in a pop-up, and the note leads back', async () => {
    const page = await open('popup/cable')
    const text = await frame(page)
    const call = text.locator(NOTEREF).first()
    const marker = await call.textContent()
    await call.click()
    const note = await frame(page, 'note')
    const said = (await note.locator('body').innerText()).replace(/\s+/g, ' ').trim()
    assert.match(said, /^1 Source: Lake Archive/, 'the pop-up holds the note, its number first')
    assert.ok(!said.includes('Telegrams 208'), 'and no other note')
    assert.deepEqual(await page.evaluate(() => [window.note.type, window.note.hidden]), ['footnote', true])
    const back = note.locator('a[role="doc-backlink"]').first()
    assert.equal(await back.textContent(), marker)
    await back.click()
    await page.waitForFunction(() => !document.querySelector('#popup').open)
    await waitFor(page, await call.getAttribute('id'))
    await page.close()
})

for (const [kind, book] of [['popup', 'cable'], ['chapter', 'memorandum'], ['book', 'cable']]) {
    test(`without pop-ups a call leads to its note and back (--notes ${kind})`, async () => {
        const page = await open(`${kind}/${book}`, false)
        const call = (await frame(page)).locator(NOTEREF).first()
        const [caller, note] = [await call.getAttribute('id'), await idOf(call)]
        assert.ok(await isShown(page, caller) && !(await isShown(page, note)))
        await follow(call)
        await waitFor(page, note)
        const back = (await frame(page)).locator(`[id="${note}"] a[role="doc-backlink"]`)
        assert.equal(await idOf(back), caller)
        await follow(back)
        await waitFor(page, caller)
        await page.close()
    })
}

test('a note that is called twice has two ways back', async () => {
    const page = await open('popup/novel', false)
    const find = async id => {
        const toc = await page.evaluate(() => window.view.book.toc.map(item => item.href))
        for (const href of toc) {
            await page.evaluate(href => window.view.goTo(href), href)
            if (await (await frame(page)).locator(`[id="${id}"]`).count()) return frame(page)
        }
        throw new Error(`no ${id}`)
    }
    const first = (await frame(page)).locator(NOTEREF).first()
    const note = await idOf(first)
    const ways = (await find(note)).locator(`[id="${note}"] a[role="doc-backlink"]`)
    assert.equal(await ways.count(), 2)
    const targets = [await idOf(ways.nth(0)), await idOf(ways.nth(1))]
    assert.notEqual(targets[0], targets[1])
    for (const [at, target] of targets.entries()) {
        await follow((await find(note)).locator(`[id="${note}"] a[role="doc-backlink"]`).nth(at))
        await waitFor(page, target)
        assert.equal(await idOf((await frame(page)).locator(`[id="${target}"]`)), note)
    }
    await page.close()
})

test('every page of the page list is shown when it is gone to', async () => {
    for (const book of ['cable', 'play', 'verse']) {
        const page = await open(`popup/${book}`)
        const pages = await page.evaluate(() => window.view.book.pageList.map(({ label, href }) => ({ label, href })))
        assert.ok(pages.length >= 3, `${book} has ${pages.length} pages`)
        for (const { label, href } of pages) {
            await page.evaluate(href => window.view.goTo(href), href)
            await waitFor(page, href.split('#')[1])
            const marker = (await frame(page)).locator(`[id="${href.split('#')[1]}"]`)
            assert.equal(await marker.getAttribute('aria-label'), label)
            assert.equal(await marker.textContent(), '', 'a page break has no text of its own')
        }
        await page.close()
    }
})

test('the contents lead to the headings, and hold no markers', async () => {
    for (const book of ['cable', 'play', 'novel']) {
        const page = await open(`popup/${book}`)
        const entries = await page.evaluate(() => {
            const flat = items => items.flatMap(({ label, href, subitems }) => [{ label, href }, ...flat(subitems ?? [])])
            return flat(window.view.book.toc)
        })
        assert.ok(entries.length > 0)
        for (const { label, href } of entries) {
            await page.evaluate(href => window.view.goTo(href), href)
            const section = href.includes('#') ? `[id="${href.split('#')[1]}"]` : 'section'
            const heading = (await frame(page)).locator(section).first().locator('h1, h2, h3, h4, h5, h6').first()
            const words = await heading.evaluate(node => {
                const copy = node.cloneNode(true)
                copy.querySelectorAll('.noteref').forEach(call => call.remove())
                return copy.textContent.replace(/\s+/g, ' ').trim()
            })
            assert.equal(label, words)
        }
        await page.close()
    }
})
