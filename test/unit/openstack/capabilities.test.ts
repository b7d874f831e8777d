import { describe, expect, it } from 'vitest';
import { asBoolean, mismatch } from '../../../src/openstack/manila/capabilities.ts';

const pool = (capabilities: Record<string, unknown>) => ({ name: 'h@b#p', backend: 'b', capabilities });
const serves = (capability: unknown, wanted: string, key = 'cap'): boolean =>
  mismatch(pool({ cap: capability }), { [key]: wanted }) === undefined;

// Each row was compared with manila.scheduler.utils.capabilities_satisfied of Manila 15.1 (Zed).
describe('what serves an extra spec', () => {
  it.each<[unknown, string]>([
    [true, 'True'],
    [true, 'yes'],
    [true, '<is> True'],
    [false, '<is> False'],
    [false, '0'],
    ['ALPHA', 'alpha'],
    ['NFS_CIFS', '<in> nfs'],
    ['gold', '<or> silver <or> gold'],
    [10, '= 5'],
    [10, '>= 10'],
    [10, '<= 10'],
    [10, '== 10.0'],
    [10, '!= 11'],
    ['b', 's> a'],
    ['b', 's== b'],
    ['b', 's!= a'],
    [[true, false], 'True'],
    [['x', 'y'], 'y'],
  ])('%j serves %j', (capability, wanted) => expect(serves(capability, wanted)).toBe(true));

  it.each<[unknown, string]>([
    [false, 'True'],
    [true, '<is> False'],
    [true, 'maybe'],
    ['ALPHA', 'BETA'],
    ['CEPHFS', '<in> nfs'],
    ['bronze', '<or> silver <or> gold'],
    [4, '= 5'],
    [9, '>= 10'],
    ['unknown', '>= 10'],
    [10, '>='],
    ['a', 's> a'],
    [null, 'x'],
    [undefined, 'x'],
    [[], 'True'],
    [['x'], 'y'],
    ['1', '1 2'],
  ])('%j does not serve %j', (capability, wanted) => expect(serves(capability, wanted)).toBe(false));

  it('compares keys without a scope or with the scope capabilities, and no others', () => {
    expect(serves('a', 'b', 'capabilities:cap')).toBe(false);
    expect(serves('a', 'a', 'capabilities:cap')).toBe(true);
    expect(mismatch(pool({ cap: { inner: 'a' } }), { 'capabilities:cap:inner': 'a' })).toBeUndefined();
    expect(serves('a', 'b', 'netapp:cap')).toBe(true);
    expect(mismatch(pool({}), { availability_zones: 'x', 'provisioning:max_share_size': '1' })).toBeUndefined();
  });

  it('tells what is wanted and what is there', () => {
    expect(mismatch(pool({ share_backend_name: 'ALPHA' }), { share_backend_name: 'BETA' })).toEqual({
      key: 'share_backend_name',
      wanted: 'BETA',
      reported: 'ALPHA',
    });
  });
});

it.each<[string, boolean | undefined]>([
  ['True', true],
  [' <is>  True ', true],
  ['on', true],
  ['1', true],
  ['n', false],
  ['False', false],
  ['2', undefined],
  ['', undefined],
])('%j as a boolean is %s', (text, value) => expect(asBoolean(text)).toBe(value));
