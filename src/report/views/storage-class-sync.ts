import type { StorageClassSync } from '../../resources/storage-classes/sync.ts';
import type { View } from '../view.ts';
import { changeSetView } from './change-set.ts';
import { byReason } from './types-without-class.ts';

/** The changes as any other, then the share types without a class, then names that somebody else has. */
export const storageClassSyncView: View<'storage-class-sync'> = {
  table(data, style) {
    return [...without(data), ...taken(data), changeSetView.table(data, style)].join('\n');
  },
  names: ({ changes }) => changes.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`),
};

function without({ withoutClass }: StorageClassSync): string[] {
  return byReason(withoutClass).map(([reason, names]) => `  no class for share type ${names}, since ${reason}`);
}

function taken({ notOurs }: StorageClassSync): string[] {
  return notOurs.map(
    ({ storageClass, kind, shareType, owner }) =>
      `! share type ${shareType}: ${kind} ${storageClass} exists and is not managed by manila-rwx (${owner}); it was left as it is`,
  );
}
