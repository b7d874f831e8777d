import type { WriteFault } from './process.ts';

/** A share as it is mounted on a node. */
export interface Mounted {
  /** `10.254.0.10:/shares/share_1` */
  source: string;
  fstype: string;
  options: string[];
  /** The local folder that is the share on this node. */
  folder: string;
  writeFault?: WriteFault | undefined;
}

/** The line of /proc/mounts of a share that is mounted at `path`. */
export function mountsLine({ source, fstype, options }: Mounted, path: string): string {
  return `${escape(source)} ${escape(path)} ${fstype} ${options.join(',')} 0 0\n`;
}

/** The line of /proc/self/mountinfo: a network file system has a device of its own, without a disk (major 0). */
export function mountinfoLine({ source, fstype, options }: Mounted, path: string, minor: number): string {
  const access = options.includes('ro') ? 'ro' : 'rw';
  const superOptions = [access, ...options.filter((one) => !['rw', 'ro', 'relatime'].includes(one))].join(',');
  return `${700 + minor} 690 0:${60 + minor} / ${escape(path)} ${access},relatime - ${fstype} ${escape(source)} ${superOptions}\n`;
}

/** The kernel writes space, tab, newline and backslash as octal. */
function escape(text: string): string {
  return text.replaceAll(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/** What Linux writes for an NFSv4 mount with these options, made by a client at this address. */
export function nfsOptions(
  given: readonly string[],
  clientAddress: string,
  server: string,
  readOnly: boolean,
): string[] {
  const named = (name: string): string | undefined =>
    given
      .flatMap((one) => one.split(','))
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const flags = given.flatMap((one) => one.split(','));
  const version = named('nfsvers') ?? named('vers') ?? '4.2';
  return [
    readOnly || flags.includes('ro') ? 'ro' : 'rw',
    'relatime',
    `vers=${version === '4' ? '4.2' : version}`,
    `rsize=${named('rsize') ?? '1048576'}`,
    `wsize=${named('wsize') ?? '1048576'}`,
    'namlen=255',
    ...['acregmin', 'acregmax', 'acdirmin', 'acdirmax'].flatMap((name) =>
      named(name) === undefined ? [] : [`${name}=${named(name) ?? ''}`],
    ),
    flags.includes('soft') ? 'soft' : 'hard',
    ...(flags.includes('noac') ? ['noac'] : []),
    'proto=tcp',
    `timeo=${named('timeo') ?? '600'}`,
    `retrans=${named('retrans') ?? '2'}`,
    `sec=${named('sec') ?? 'sys'}`,
    `clientaddr=${clientAddress}`,
    'local_lock=none',
    `addr=${server}`,
  ];
}
