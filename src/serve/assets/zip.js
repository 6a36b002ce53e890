// ZIP archives: opened with the browser's own inflater, and written without deflating.

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** The files of an archive by name; each is inflated when it is asked for. */
export function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - 22
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) throw new Error('this is no ZIP archive')
  const files = new Map()
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const method = view.getUint16(at + 10, true)
    const length = view.getUint32(at + 20, true)
    const nameLength = view.getUint16(at + 28, true)
    const name = decoder.decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const local = view.getUint32(at + 42, true)
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    files.set(name, async () => {
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
      const data = bytes.subarray(start, start + length)
      if (method === 0) return data
      const inflated = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
      return new Uint8Array(await new Response(inflated).arrayBuffer())
    })
  }
  return files
}

const TABLE = Uint32Array.from({ length: 256 }, (_, number) => {
  for (let bit = 0; bit < 8; bit++) number = number & 1 ? (number >>> 1) ^ 0xedb88320 : number >>> 1
  return number
})

const crc = bytes => {
  let sum = ~0
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8)
  return ~sum >>> 0
}

/** An archive of `[name, bytes]`, all dated 1980-01-01, so that the same files give the same bytes. */
export function zip(files) {
  const parts = []
  const entries = []
  let offset = 0
  for (const [path, content] of files) {
    const name = encoder.encode(path)
    const bytes = typeof content === 'string' ? encoder.encode(content) : content
    const head = new DataView(new ArrayBuffer(26))
    // Version 2.0; names are UTF-8; stored.
    head.setUint16(0, 20, true)
    head.setUint16(2, 0x0800, true)
    head.setUint16(8, 0x21, true)
    head.setUint32(10, crc(bytes), true)
    head.setUint32(14, bytes.length, true)
    head.setUint32(18, bytes.length, true)
    head.setUint16(22, name.length, true)
    parts.push(Uint8Array.of(0x50, 0x4b, 3, 4), new Uint8Array(head.buffer), name, bytes)
    const rest = new DataView(new ArrayBuffer(14))
    rest.setUint32(10, offset, true)
    entries.push(Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0), new Uint8Array(head.buffer), new Uint8Array(rest.buffer), name)
    offset += 30 + name.length + bytes.length
  }
  const size = entries.reduce((sum, part) => sum + part.length, 0)
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, 0x06054b50, true)
  end.setUint16(8, files.length, true)
  end.setUint16(10, files.length, true)
  end.setUint32(12, size, true)
  end.setUint32(16, offset, true)
  return new Blob([...parts, ...entries, end.buffer], { type: 'application/zip' })
}
