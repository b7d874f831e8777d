import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What pods' processes find on this machine in place of what their image would have. */
export interface Host {
  /** Their PATH. */
  path: string;
  /** Command that prints seconds by a clock that is never set; empty where /proc/uptime can be read. */
  clock: string;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Words of one command each, as the shell splits an unquoted variable. Perl is a part of macOS. */
const CLOCK = 'perl -MTime::HiRes -e print(Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()))';

/** The programs of the image that BSD has under another name, or with other words. */
const TOOLS: Readonly<Record<string, string>> = {
  sha256sum: 'exec shasum -a 256 "$@"',
  stat: [
    '[ "$1" = -c ] || exec /usr/bin/stat "$@"',
    `format=$(printf '%s' "$2" | sed -e 's/%s/%z/g' -e 's/%a/%Lp/g')`,
    'shift 2',
    'exec /usr/bin/stat -f "$format" "$@"',
  ].join('\n'),
};

/** Sees what the machine is by its clock, and gives a lab on macOS the programs that it lacks, in `folder`. */
export async function hostOf(folder: string, uptime = '/proc/uptime'): Promise<Host> {
  if (existsSync(uptime)) return { path: PATH, clock: '' };
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const [name, script] of Object.entries(TOOLS)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return { path: `${folder}:${PATH}`, clock: CLOCK };
}
