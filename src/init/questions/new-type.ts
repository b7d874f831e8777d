import type { Pool } from '../../openstack/types.ts';
import { asBoolean } from '../../openstack/manila/capabilities.ts';
import { speaks } from '../../drivers/protocols.ts';
import { protocolOf } from '../../resources/storage-classes/usable.ts';
import { type Edit, type Question, SKIP, type View } from '../question.ts';
import { NEW, usableTypes } from './share-types.ts';

export const newType: Question<'newType'> = {
  inFile: () => undefined,
  look({ cloud, file, answers }) {
    if (!cloud || cloud.pools === undefined) return SKIP;
    const asked = answers.shareTypes?.includes(NEW);
    if (asked) return { state: 'open', suggestion: 'rwx' };
    const some = usableTypes(cloud).length + (file?.shareTypes?.length ?? 0) > 0;
    return some ? SKIP : { state: 'open', suggestion: 'rwx', hint: 'the cloud has none yet that a driver can use' };
  },
  problem(name, { cloud, file }) {
    if (name.length > 255 || /\p{Cc}/u.test(name)) return 'must be 1 to 255 printable characters';
    if (name === NEW || name.includes('*')) return 'must not have * in it, which means all';
    if (file?.shareTypes?.some((type) => type.name === name)) return undefined;
    const twin = cloud?.types.find((type) => type.name.toLowerCase() === name.toLowerCase());
    if (twin) return `exists (Manila does not tell names apart by case); take it with --share-type ${twin.name}`;
    if (cloud && cloud.pools === undefined) return 'cannot be made: this user is no administrator of Manila';
    return undefined;
  },
  edits(name, { answers, file }) {
    const at = file?.shareTypes?.findIndex((type) => type.name === name) ?? -1;
    const index = at < 0 ? (file?.shareTypes?.length ?? 0) : at;
    const edits: Edit[] = at < 0 ? [{ path: ['shareTypes', index], value: { name } }] : [];
    const { backEnd, snapshots } = answers;
    if (backEnd !== undefined && backEnd !== ANY) {
      edits.push({ path: ['shareTypes', index, 'extraSpecs', 'share_backend_name'], value: backEnd });
    }
    if (snapshots === 'yes')
      edits.push({ path: ['shareTypes', index, 'snapshots'], value: { create: true, restore: true } });
    return edits;
  },
};

const ABOUT_NEW = 'is about a new share type: name it with --new-share-type';

/** No extra spec: the scheduler takes what has room. */
const ANY = 'any';

export const backEnd: Question<'backEnd'> = {
  inFile: () => undefined,
  look(view) {
    if (view.answers.newType === undefined) return SKIP;
    const pools = servingPools(view);
    const names = [...new Set(pools.map(nameOf))].filter((name) => name !== '');
    if (names.length < 2)
      return {
        state: 'settled',
        answer: ANY,
        because: names.length === 1 ? `${names.join()} is the only one` : 'none to choose from',
      };
    const choices = names
      .map((name) => ({ name, own: pools.filter((pool) => nameOf(pool) === name) }))
      .sort((a, b) => freeOf(b.own) - freeOf(a.own) || (a.name < b.name ? -1 : 1))
      .map(({ name, own }) => ({
        value: name,
        name,
        hint: [
          `${Math.round(freeOf(own))} GiB free`,
          own.every(canSnapshot) ? 'snapshots' : '',
          own.map(zoneOf).find(Boolean),
        ]
          .filter(Boolean)
          .join(', '),
      }));
    return {
      state: 'open',
      choices: [...choices, { value: ANY, name: 'any', hint: 'the scheduler takes one that has room' }],
      otherwise: { answer: ANY, because: '--back-end names none' },
    };
  },
  problem(name, view) {
    if (view.answers.newType === undefined) return ABOUT_NEW;
    const names = [...new Set(servingPools(view).map(nameOf))];
    if (name === ANY || !view.cloud?.pools || names.includes(name)) return undefined;
    return `is no back end for NFS without share servers; there are ${names.join(', ') || 'none'}`;
  },
  edits: () => [],
};

export const snapshots: Question<'snapshots'> = {
  inFile: () => undefined,
  look(view) {
    const { answers, cluster } = view;
    if (answers.newType === undefined) return SKIP;
    const pools = servingPools(view).filter((pool) => answers.backEnd === ANY || nameOf(pool) === answers.backEnd);
    if (pools.length > 0 && !pools.every(canSnapshot)) {
      return { state: 'settled', answer: 'no', because: 'the back end has none', certain: true };
    }
    const ready = cluster?.snapshots ?? false;
    const yes = {
      value: 'yes',
      name: 'yes',
      hint: ready
        ? 'the back end has them, the cluster serves VolumeSnapshots'
        : 'the back end has them; it cannot be added to a share later',
    };
    return {
      state: 'open',
      choices: [yes, { value: 'no', name: 'no', hint: '' }],
      otherwise: { answer: 'yes', because: 'the back end has them' },
    };
  },
  problem(answer, { answers }) {
    if (answers.newType === undefined) return ABOUT_NEW;
    return ['yes', 'no'].includes(answer) ? undefined : 'must be yes or no';
  },
  edits: () => [],
};

/** Pools on which an NFS share without a share server can be. */
function servingPools({ cloud }: View): Pool[] {
  return (cloud?.pools ?? []).filter(
    ({ capabilities }) => speaks(protocolOf(capabilities), 'NFS') && capabilities.driver_handles_share_servers !== true,
  );
}

function nameOf({ capabilities }: Pool): string {
  const { share_backend_name: name } = capabilities;
  return typeof name === 'string' ? name : '';
}

function freeOf(pools: readonly Pool[]): number {
  return pools.reduce(
    (sum, { capabilities: { free_capacity_gb: free } }) => sum + (typeof free === 'number' ? free : 0),
    0,
  );
}

function canSnapshot({ capabilities }: Pool): boolean {
  return ['snapshot_support', 'create_share_from_snapshot_support'].every(
    (key) => asBoolean(String(capabilities[key])) === true,
  );
}

function zoneOf({ capabilities }: Pool): string {
  const { availability_zone: zone } = capabilities;
  return typeof zone === 'string' ? `zone ${zone}` : '';
}
