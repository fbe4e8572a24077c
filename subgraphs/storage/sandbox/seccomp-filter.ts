// System call numbers on x86-64 and 64-bit ARM (Linux: arch/x86/entry/syscalls/syscall_64.tbl and
// include/uapi/asm-generic/unistd.h). Null if the processor has no such call.
const REFUSED: Record<string, [x64: number | null, arm64: number | null]> = {
  // Network.
  socket: [41, 198],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
  sendto: [44, 206],
  sendmsg: [46, 211],
  // Other processes. Programs may start threads only.
  fork: [57, null],
  vfork: [58, null],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  // A session of its own would undo the niceness of the session (docs/decisions/0087-session-niceness.md).
  setsid: [112, 157],
  setpgid: [109, 154],
  // Memory that the limits do not count.
  shmget: [29, 194],
  shmat: [30, 196],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  semget: [64, 190],
  msgget: [68, 186],
  // Mounts and namespaces.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97],
  setns: [308, 268],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // Parts of the kernel that media tools do not need and attackers use.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  acct: [163, 89],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  personality: [135, 92],
  quotactl: [179, 60],
  syslog: [103, 116],
  modify_ldt: [154, null],
  iopl: [172, null],
  ioperm: [173, null],
}

const PROCESSORS: Record<string, { audit: number; clone: number; mmap: number; column: 0 | 1 }> = {
  x64: { audit: 0xc000003e, clone: 56, mmap: 9, column: 0 },
  arm64: { audit: 0xc00000b7, clone: 220, mmap: 222, column: 1 },
}
const CLONE3 = 435

// Classic BPF opcodes (linux/bpf_common.h) and the return values of a filter (linux/seccomp.h).
const LOAD = 0x20
const JUMP_IF_EQUAL = 0x15
const JUMP_IF_AT_LEAST = 0x35
const JUMP_IF_SET = 0x45
const RETURN = 0x06
const ALLOW = 0x7fff0000
const KILL = 0x80000000
const EPERM = 0x00050001
const ENOSYS = 0x00050026

const AT_NUMBER = 0
const AT_PROCESSOR = 4
const AT_FIRST_ARGUMENT = 16
const AT_THIRD_ARGUMENT = 32
const AT_FOURTH_ARGUMENT = 40
const X32_CALLS = 0x40000000
const CLONE_THREAD = 0x10000
const PROT_WRITE = 0x2
const MAP_SHARED = 0x1
const MAP_ANONYMOUS = 0x20

/**
 * Compiles a seccomp filter in the format that bubblewrap's `--seccomp` reads. It allows what a decoder needs, but no
 * network, no other processes, no mounts and none of the kernel's rarely used parts.
 *
 * @param processor the processor's name as in `process.arch`
 * @returns null for a processor whose system call numbers are not listed here
 */
export function seccompFilter(processor: string): Buffer | null {
  const known = PROCESSORS[processor]
  if (!known) return null
  const answer = (value: number) => [[RETURN, 0, 0, value]]
  const ifEqual = (number: number, value: number) => [
    [JUMP_IF_EQUAL, 0, 1, number],
    [RETURN, 0, 0, value],
  ]
  const refused = Object.values(REFUSED).flatMap((numbers) => numbers[known.column] ?? [])
  const program = [
    [LOAD, 0, 0, AT_PROCESSOR],
    [JUMP_IF_EQUAL, 1, 0, known.audit],
    ...answer(KILL),
    [LOAD, 0, 0, AT_NUMBER],
    [JUMP_IF_AT_LEAST, 0, 1, X32_CALLS],
    ...answer(KILL),
    ...refused.flatMap((number) => ifEqual(number, EPERM)),
    // The flags of clone3 are in memory, which a filter cannot read. After ENOSYS the C library uses clone instead.
    ...ifEqual(CLONE3, ENOSYS),
    // Shared memory that can be written to. Files may be mapped for reading.
    [JUMP_IF_EQUAL, 0, 8, known.mmap],
    [LOAD, 0, 0, AT_FOURTH_ARGUMENT],
    [JUMP_IF_SET, 1, 0, MAP_SHARED],
    ...answer(ALLOW),
    [JUMP_IF_SET, 2, 0, MAP_ANONYMOUS],
    [LOAD, 0, 0, AT_THIRD_ARGUMENT],
    [JUMP_IF_SET, 0, 1, PROT_WRITE],
    ...answer(EPERM),
    ...answer(ALLOW),
    [JUMP_IF_EQUAL, 0, 3, known.clone],
    [LOAD, 0, 0, AT_FIRST_ARGUMENT],
    [JUMP_IF_SET, 1, 0, CLONE_THREAD],
    ...answer(EPERM),
    ...answer(ALLOW),
  ]
  const bytes = Buffer.alloc(program.length * 8)
  for (const [index, [code = 0, yes = 0, no = 0, value = 0]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(yes, index * 8 + 2)
    bytes.writeUInt8(no, index * 8 + 3)
    bytes.writeUInt32LE(value, index * 8 + 4)
  }
  return bytes
}
