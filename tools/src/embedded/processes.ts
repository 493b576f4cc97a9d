import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that was started by launch(). */
export interface Launched {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
}

export interface LaunchOptions {
  /** File to which standard output and error are appended. */
  logFile: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
}

const launched = new Set<number>();

process.once('exit', () => {
  for (const pid of launched) signal(pid, 'SIGTERM');
});

/**
 * Starts a program in a process group of its own: the terminal's Ctrl-C reaches only the starter, which then stops its
 * programs in the right order. A program that still runs when the starter ends normally is sent SIGTERM.
 */
export async function launch(command: string, args: string[], options: LaunchOptions): Promise<Launched> {
  const log = openSync(options.logFile, 'a');
  try {
    const { env, cwd, uid, gid } = options;
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], env, cwd, uid, gid });
    const exited = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) => {
        launched.delete(child.pid ?? 0);
        resolve({ code, signal });
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const pid = child.pid as number;
    launched.add(pid);
    return { pid, exited, isRunning: () => child.exitCode === null && child.signalCode === null };
  } finally {
    closeSync(log);
  }
}

/** Sends a signal; false if the process is gone. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function readProc(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null; // gone, or a system without /proc
  }
}

function ps(pid: number, column: string): string | null {
  const { status, stdout } = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** Fields of /proc/PID/stat after the command, which may hold spaces and brackets. */
const statFields = (stat: string): string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

/** Whether the process runs; one that has ended but was not yet collected by its parent does not. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const stat = readProc(pid, 'stat');
  if (stat !== null) return !['Z', 'X'].includes(statFields(stat)[0] ?? '');
  try {
    process.kill(pid, 0);
    return !(ps(pid, 'stat') ?? '').startsWith('Z');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, its words separated by spaces; empty if it is gone. */
export function commandLine(pid: number): string {
  return readProc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() ?? ps(pid, 'command') ?? '';
}

/** A word that tells a process from a later one with the same id. */
export function birth(pid: number): string {
  const stat = readProc(pid, 'stat');
  return stat === null ? (ps(pid, 'lstart') ?? '') : (statFields(stat)[19] ?? '');
}

/** The process id of a process's parent; empty if it is gone. */
export function parentOf(pid: number): string {
  const stat = readProc(pid, 'stat');
  return stat === null ? (ps(pid, 'ppid') ?? '') : (statFields(stat)[1] ?? '');
}

/** Waits until a process that need not be our child has ended; false if it outlives the time. */
export async function waitUntilGone(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

/**
 * Ends a process: wakes it if it was frozen, asks it by `name`, and kills it if it has not ended after `milliseconds`.
 */
export async function end(pid: number, name: NodeJS.Signals, milliseconds: number): Promise<void> {
  if (!isRunning(pid)) return;
  signal(pid, name);
  signal(pid, 'SIGCONT');
  if (await waitUntilGone(pid, milliseconds)) return;
  signal(pid, 'SIGKILL');
  await waitUntilGone(pid, 5000);
}
