// What the page asks, answered by the library within it instead of a server.

/** What was wrong. */
export class Problem extends Error {
  constructor(said) {
    super(said.detail ?? said.title)
    Object.assign(this, said)
  }
}

/** The largest file that is taken: all of it is in memory several times. */
const LARGEST = 64 << 20

async function bytes() {
  const packed = Uint8Array.from(atob(document.getElementById('library').textContent), character => character.charCodeAt(0))
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(unpacked).arrayBuffer()
}

let compiled = null
let library = null
let copies = 0

/** The library; a new copy of it where the last one came to grief. */
async function ready() {
  if (library) return library
  compiled ??= await WebAssembly.compile(await bytes())
  // Another fragment is another module, with a memory of its own.
  const fresh = await import(`${import.meta.resolve('apograph.js')}#${copies++}`)
  await fresh.default({ module_or_path: compiled })
  library = fresh
  return library
}

async function ask(what, files, options) {
  const { Asked } = await ready()
  // What is on the page is drawn before the work begins.
  await new Promise(done => setTimeout(done))
  const asked = new Asked()
  try {
    for (const file of files) asked.file(file.name, new Uint8Array(await file.blob.arrayBuffer()))
    for (const [name, value] of options) if (value) asked.option(name, value)
    const said = asked[what]()
    asked.free()
    return JSON.parse(said)
  } catch (fault) {
    if (typeof fault === 'string') throw new Problem(JSON.parse(fault))
    library = null
    throw new Problem({
      title: 'That did not work',
      detail: fault instanceof RangeError ? 'the document nests deeper, or is larger, than a browser can work on: try the program itself' : `the library has a fault: ${fault.message}`,
    })
  }
}

export const setToken = () => {}

export const formats = async () => ({ ...JSON.parse((await ready()).known()), largest: LARGEST, sources: false })

/** Converts one file, with those that go with it. */
export const convert = async (files, options) => (await ask('convert', files, options)).documents[0]

/** A source beside what is made of it, with these decisions. */
export const review = (file, decisions, options = []) => ask('review', [file], [...options, ['decisions', decisions]])
