import { table } from '../table.ts';
import type { View } from '../view.ts';
import { leftoverLines } from './leftovers.ts';

const WORDS = { removed: 'removed', 'left-behind': 'left behind', running: 'not over, left alone' } as const;

export const verifyCleanupView: View<'verify-cleanup'> = {
  table({ runs, leftovers }, style) {
    if (runs.length === 0) return 'nothing to clean up';
    const rows = table(
      [
        { title: 'run', value: ({ run }) => run },
        { title: 'namespace', value: ({ namespace }) => namespace },
        { title: 'state', value: ({ state }) => WORDS[state] },
        { title: 'expires', value: ({ expires }) => expires },
      ],
      runs,
      style,
    );
    return [rows, ...leftoverLines(leftovers, style)].join('\n');
  },
  names: ({ runs }) => runs.map(({ run }) => run),
};
