// Takes pictures of the pages of books: node pages.mjs BOOKS FOLDER [BOOK]
// Each content document is shown as a phone, an e-reader and a desktop show it, in light and in dark.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { launch, unpack } from './browser.mjs'

const sizes = {
    phone: { width: 390, height: 844, scale: 2 },
    reader: { width: 600, height: 800, scale: 1.5 },
    desktop: { width: 1280, height: 900, scale: 1 },
}
const [books, folder, only] = process.argv.slice(2)
if (!folder) throw new Error('say where the pictures go: run.sh pages FOLDER [BOOK]')
mkdirSync(folder, { recursive: true })

const browser = await launch()
let pictures = 0
for (const file of readdirSync(books).filter(name => name.endsWith('.epub')).sort()) {
    const name = basename(file, '.epub')
    if (only && only !== name) continue
    const unpacked = unpack(resolve(books, file))
    const texts = readdirSync(join(unpacked, 'EPUB/text')).sort().slice(0, 6).map(text => join('EPUB/text', text))
    for (const [device, { width, height, scale }] of Object.entries(sizes)) {
        for (const colorScheme of ['light', 'dark']) {
            const context = await browser.newContext(
                { viewport: { width, height }, deviceScaleFactor: scale, colorScheme })
            const page = await context.newPage()
            for (const text of [...texts, 'EPUB/nav.xhtml']) {
                await page.goto(pathToFileURL(join(unpacked, text)).href)
                const path = join(folder, `${name}-${basename(text, '.xhtml')}-${device}-${colorScheme}.png`)
                // A long document is shown down to three screens.
                const full = await page.evaluate(() => document.documentElement.scrollHeight).catch(() => height)
                const clip = { x: 0, y: 0, width, height: Math.min(full, 3 * height) }
                await page.screenshot({ path, fullPage: true, clip })
                pictures += 1
            }
            await context.close()
        }
    }
    rmSync(unpacked, { recursive: true })
}
await browser.close()
console.log(`${pictures} pictures in ${folder}`)
