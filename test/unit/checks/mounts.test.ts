import { describe, expect, it } from 'vitest';
import { findMount, type Mount, stalenessBoundMs } from '../../../src/checks/mounts.ts';
import { judge } from '../../../src/checks/verify/a4-identity.ts';

const NFS_OPTIONS = 'rw,relatime,vers=4.1,rsize=1048576,wsize=1048576,hard,proto=tcp,local_lock=none,addr=10.0.0.10';

function nfs(options = NFS_OPTIONS, source = '10.0.0.10:/shares/share_1'): Mount {
  const mount = findMount('/share', `${source} /share nfs4 ${options} 0 0`);
  if (!mount) throw new Error('not found');
  return mount;
}

function ext4(device: string, root: string): Mount {
  const mount = findMount(
    '/share',
    '/dev/sdb /share ext4 rw 0 0',
    `100 90 ${device} ${root} /share rw - ext4 /dev/sdb rw`,
  );
  if (!mount) throw new Error('not found');
  return mount;
}

describe('the mount table', () => {
  it('is read with its escapes, the upper of two mounts, and what mountinfo adds', () => {
    const mounts = [
      'overlay / overlay rw 0 0',
      '/dev/sda1 /my\\040share ext4 rw,relatime 0 0',
      'server:/a\\040b /my\\040share nfs4 rw,vers=4.2 0 0',
      'tmpfs /my tmpfs rw 0 0',
    ].join('\n');
    const mountinfo =
      '21 20 8:1 /old /my\\040share rw - ext4 /dev/sda1 rw\n22 21 0:52 / /my\\040share rw - nfs4 x rw\n';
    expect(findMount('/my share', mounts, mountinfo)).toEqual({
      source: 'server:/a b',
      path: '/my share',
      fstype: 'nfs4',
      options: ['rw', 'vers=4.2'],
      device: '0:52',
      root: '/',
      text: 'server:/a\\040b /my\\040share nfs4 rw,vers=4.2 0 0 (device 0:52, folder /)',
    });
    expect(findMount('/share', mounts, mountinfo)).toBeUndefined();
    expect(findMount('/', '', '')).toBeUndefined();
  });

  it.each([
    ['nfs4', 'rw,vers=4.1', 65_000],
    ['nfs4', 'rw,acregmin=1,acregmax=1,acdirmin=1,acdirmax=1', 6000],
    ['nfs', 'rw,noac', 5000],
    ['nfs4', 'rw,acdirmax=120', 125_000],
    ['ceph', 'rw,name=x', 5000],
    ['ext4', 'rw', 0],
    ['fuse.glusterfs', 'rw', 65_000],
  ])('a listing of %s (%s) may be old for %d ms', (fstype, options, ms) => {
    const mount = findMount('/share', `x /share ${fstype} ${options} 0 0`);
    expect(mount && stalenessBoundMs(mount)).toBe(ms);
  });
});

describe('A4', () => {
  const nodes = ['node1', 'node2'];
  const verdict = (mounts: Mount[], expected?: string, wanted: string[] = []) => judge(mounts, nodes, expected, wanted);

  it('passes the same export on all nodes, by whichever address', () => {
    const second = nfs(NFS_OPTIONS, '10.0.0.20:/shares/share_1');
    expect(verdict([nfs(), second], undefined, ['nfsvers=4.1', 'hard', 'retry=2'])).toMatchObject({ status: 'PASS' });
  });

  it('fails a local file system', () => {
    expect(verdict([nfs(), ext4('8:16', '/')])).toMatchObject({
      status: 'FAIL',
      code: 'not-a-network-mount',
      summary: expect.stringMatching(/^the mount on node2 is nfs4, ext4: a local file system/) as unknown,
    });
  });

  it('fails different exports', () => {
    const outcome = verdict([nfs(), nfs(NFS_OPTIONS, '10.0.0.10:/shares/share_2')]);
    expect(outcome).toMatchObject({ status: 'FAIL', code: 'different-mounts' });
    expect(outcome.summary).toContain('node1 /shares/share_1, node2 /shares/share_2');
  });

  it('with --expect-fstype compares device and folder, and says what that does not prove', () => {
    const same = verdict([ext4('8:16', '/a'), ext4('8:16', '/a')], 'ext4');
    expect(same).toMatchObject({ status: 'PASS', notProved: [{ what: 'network mount' }] });
    expect(same.summary).toContain('network mount NOT verified');
    expect(same.proved).not.toContain('network');
    expect(verdict([ext4('8:16', '/a'), ext4('8:16', '/b')], 'ext4')).toMatchObject({ code: 'different-mounts' });
    expect(verdict([ext4('8:16', '/a'), ext4('8:32', '/a')], 'ext4')).toMatchObject({ code: 'different-mounts' });
    expect(verdict([ext4('0:50', '/a'), ext4('0:61', '/a')], 'ext4')).toMatchObject({ status: 'PASS' });
    expect(verdict([ext4('8:16', '/a'), nfs()], 'ext4')).toMatchObject({ status: 'FAIL', code: 'wrong-fstype' });
  });

  it.each([
    ['soft', NFS_OPTIONS.replace('hard', 'soft'), /loses writes/],
    ['nolock', `${NFS_OPTIONS},nolock`, /nolock/],
    ['local_lock', NFS_OPTIONS.replace('local_lock=none', 'local_lock=all'), /local_lock=all/],
    ['small transfers', NFS_OPTIONS.replace('rsize=1048576', 'rsize=4096'), /rsize=4096: less than 64 KiB/],
    ['version 3', NFS_OPTIONS.replace('vers=4.1', 'vers=3'), /NFS version 3/],
    ['noac', `${NFS_OPTIONS},noac`, /noac/],
  ])('warns of %s', (_, options, words) => {
    const outcome = verdict([nfs(options), nfs(options)]);
    expect(outcome.status).toBe('WARN');
    expect(outcome.summary).toMatch(words);
  });

  it('warns where versions differ or options of the class are not in force', () => {
    expect(verdict([nfs(), nfs(NFS_OPTIONS.replace('4.1', '4.2'))]).summary).toContain('different versions: 4.1, 4.2');
    expect(verdict([nfs(), nfs()], undefined, ['nconnect=4']).summary).toContain('does not show: nconnect=4');
  });
});
