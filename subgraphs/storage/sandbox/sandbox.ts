/** How strongly a child process is confined, the strongest first. */
export const SANDBOX_KINDS = ['bubblewrap', 'namespaces', 'unprivileged', 'limits'] as const

/** One way to confine a child process. */
export type SandboxKind = (typeof SANDBOX_KINDS)[number]

/** A command that is to be confined. */
export type Confined = {
  command: string
  args: readonly string[]
  /** The folder that it may write to, and nothing else. */
  cwd: string
  /** The file from outside that it may read. */
  input?: string | undefined
  /** Files and folders of the product that it may read, where it is code of ours. */
  code?: readonly string[] | undefined
}

/** What is started in place of the command. */
export type Wrapped = {
  argv: string[]
  /** Files that are opened before it starts, as its file descriptors from `FIRST_PASSED_FD` on. */
  passedFiles: string[]
}

/** Confines child processes that work on files from outside. */
export type Sandbox = {
  kind: SandboxKind
  /** The user that the command runs as, where this process may choose one: the folder is given to it. */
  user: number | null
  wrap(confined: Confined): Wrapped
}

/** The first file descriptor that a passed file gets: those below are the standard streams and the limits' own. */
export const FIRST_PASSED_FD = 4

/** `nobody` on every Linux: a user that owns nothing. */
export const NOBODY = 65_534

/** Only the limits of the operating system: on systems that offer nothing more. */
export const LIMITS_ONLY: Sandbox = {
  kind: 'limits',
  user: null,
  wrap: ({ command, args }) => ({ argv: [command, ...args], passedFiles: [] }),
}
