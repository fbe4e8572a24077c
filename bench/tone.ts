const SAMPLES_PER_SECOND = 8_000

/** One second of a tone as a WAV file (RIFF, PCM, 8 bits, mono): the smallest media file that can be made without a tool. */
export function tone(hertz: number): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + SAMPLES_PER_SECOND, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(SAMPLES_PER_SECOND, 24)
  header.writeUInt32LE(SAMPLES_PER_SECOND, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(SAMPLES_PER_SECOND, 40)
  const samples = Buffer.alloc(SAMPLES_PER_SECOND)
  for (let index = 0; index < SAMPLES_PER_SECOND; index++) {
    samples[index] = 128 + 100 * Math.sin((2 * Math.PI * hertz * index) / SAMPLES_PER_SECOND)
  }
  return Buffer.concat([header, samples])
}
