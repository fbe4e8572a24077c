import type { JobUsers } from './job-users.ts'

/** The sandbox kinds, strongest first. */
export const SANDBOX_KINDS = ['bubblewrap', 'namespaces', 'unprivileged', 'limits'] as const

/** One kind of sandbox. */
export type SandboxKind = (typeof SANDBOX_KINDS)[number]

/** A command to run in a sandbox. */
export type Confined = {
  command: string
  args: readonly string[]
  /** The work folder. The command may write only here. */
  cwd: string
  /** The untrusted file that the command may read. */
  input?: string | undefined
  /** Files and folders of Moblog that the command may read, if the command is Moblog's own code. */
  code?: readonly string[] | undefined
  /** Environment variables beside the usual ones. */
  environment?: Readonly<Record<string, string>> | undefined
}

/** The command line to start instead of the command. */
export type Wrapped = {
  argv: string[]
  /** Files to open before the start; the child gets them as file descriptors from `FIRST_PASSED_FD` on. */
  passedFiles: string[]
}

/** Confines child processes that work on untrusted files. */
export type Sandbox = {
  kind: SandboxKind
  /**
   * The users that commands run as and that own their work folders; null if this process is not root or the sandbox does
   * not change the user.
   */
  users: JobUsers | null
  /** Whether all commands run with the lowest priority, because nobody waits for them. */
  isBackground?: boolean
  /** @param user the user of the work folder, if the sandbox has users */
  wrap(confined: Confined, user: number): Wrapped
}

/** The file descriptor of the first passed file. The lower ones are the standard streams and the time report. */
export const FIRST_PASSED_FD = 4

/** Applies only the limits of the operating system, for systems that offer nothing stronger. */
export const LIMITS_ONLY: Sandbox = {
  kind: 'limits',
  users: null,
  wrap: ({ command, args }) => ({ argv: [command, ...args], passedFiles: [] }),
}
