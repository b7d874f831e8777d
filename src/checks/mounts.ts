/** One line of /proc/mounts, with the root that mountinfo adds. */
export interface Mount {
  /** `10.0.0.10:/shares/share_1` for NFS, a device for a local file system. */
  source: string;
  path: string;
  /** `nfs4`, `ceph`, `ext4`. */
  fstype: string;
  options: string[];
  /** `major:minor` of the device; major 0 is a file system without a block device. */
  device?: string;
  /** The folder of the file system that is mounted: `/` for a whole one. */
  root?: string;
  /** The line as it stands in the table, and what mountinfo adds. */
  text: string;
}

/** File systems that carry a Manila share over the network. `fuse.ceph-fuse` is CephFS without the kernel's client. */
const NETWORK = new Set(['nfs', 'nfs4', 'ceph', 'fuse.ceph-fuse', 'cifs', 'smb3']);
const LOCAL = new Set(
  'ext2 ext3 ext4 xfs btrfs zfs f2fs overlay tmpfs ramfs devtmpfs squashfs erofs vfat exfat ntfs3 bcachefs'.split(' '),
);

export type FileSystemKind = 'network' | 'local' | 'unknown';

export function fileSystemKind(fstype: string): FileSystemKind {
  if (NETWORK.has(fstype)) return 'network';
  return LOCAL.has(fstype) ? 'local' : 'unknown';
}

/** The mount that is on top at `path`, from the texts of /proc/mounts and /proc/self/mountinfo; undefined if none is. */
export function findMount(path: string, mounts: string, mountinfo = ''): Mount | undefined {
  const line = lastWhere(mounts, (fields) => fields[1] === path);
  if (!line) return undefined;
  const [source = '', at = '', fstype = '', options = ''] = line.fields;
  const info = lastWhere(mountinfo, (fields) => fields[4] === path)?.fields;
  return {
    source,
    path: at,
    fstype,
    options: options.split(','),
    ...(info?.[2] === undefined ? {} : { device: info[2] }),
    ...(info?.[3] === undefined ? {} : { root: info[3] }),
    text: info ? `${line.text} (device ${info[2]}, folder ${info[3]})` : line.text,
  };
}

/** A later line hides an earlier one for the same path. */
function lastWhere(table: string, wanted: (fields: string[]) => boolean) {
  const lines = table.split('\n').map((text) => ({ text, fields: text.trim().split(/\s+/).map(unescape) }));
  return lines.findLast(({ fields }) => wanted(fields));
}

/** The kernel writes space, tab, newline and backslash as octal. https://man7.org/linux/man-pages/man5/fstab.5.html */
function unescape(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** The value of `name=value`, `''` of a bare `name`, undefined where the option is not set. */
export function option(mount: Mount, name: string): string | undefined {
  const found = mount.options.find((text) => text === name || text.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** Default of `acdirmax`: https://man7.org/linux/man-pages/man5/nfs.5.html */
const ACDIRMAX_S = 60;
const MARGIN_MS = 5000;

/**
 * Milliseconds for which a directory listing of this mount may lawfully be old. Attributes of an NFS directory are
 * cached for at most `acdirmax`, which the table shows only where it is not the default; CephFS keeps capabilities
 * and a local file system has nothing to be behind.
 */
export function stalenessBoundMs(mount: Mount): number {
  switch (fileSystemKind(mount.fstype)) {
    case 'local':
      return 0;
    case 'unknown':
      return ACDIRMAX_S * 1000 + MARGIN_MS;
    case 'network':
      if (!mount.fstype.startsWith('nfs')) return MARGIN_MS;
      if (option(mount, 'noac') !== undefined) return MARGIN_MS;
      return Number(option(mount, 'acdirmax') ?? ACDIRMAX_S) * 1000 + MARGIN_MS;
  }
}
