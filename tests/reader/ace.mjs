// Asks DAISY Ace about books: node ace.mjs FOLDER. Fails if it finds anything, of whatever impact.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { executable } from './browser.mjs'

const ace = new URL('node_modules/.bin/ace-cli', import.meta.url).pathname
const env = { ...process.env, PUPPETEER_EXECUTABLE_PATH: executable() }
const books = readdirSync(process.argv[2], { recursive: true }).filter(name => name.endsWith('.epub')).sort()
let found = 0
for (const book of books) {
    const folder = mkdtempSync(join(tmpdir(), 'ace-'))
    execFileSync(ace, ['--force', '--silent', '--outdir', folder, join(process.argv[2], book)], { env, timeout: 300_000 })
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
    for (const { 'earl:testSubject': { url }, assertions } of report.assertions) {
        for (const { 'earl:test': test, 'earl:result': result } of assertions) {
            found += 1
            console.error(`${book} ${url}: ${test['earl:impact']} ${test['dct:title']}: ${result['dct:description']}`)
        }
    }
    rmSync(folder, { recursive: true })
}
if (!books.length) throw new Error('there are no books')
console.log(`Ace: ${books.length} books, ${found} violations`)
process.exitCode = found ? 1 : 0
