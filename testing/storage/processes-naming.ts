import { readdir, readFile } from 'node:fs/promises'

/** Lists the processes that name a file or folder in their arguments, with the program that each runs. Linux only. */
export async function processesNaming(name: string): Promise<{ pid: number; program: string }[]> {
  const found: { pid: number; program: string }[] = []
  for (const pid of (await readdir('/proc').catch(() => [])).filter((entry) => /^\d+$/.test(entry))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const [program = '', ...args] = line.split('\0')
    if (args.includes(name)) found.push({ pid: Number(pid), program })
  }
  return found
}
