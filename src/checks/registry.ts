import type { VerifyEnv } from './env.ts';
import type { Check } from './types.ts';
import { provision } from './verify/a1-provision.ts';
import { mount } from './verify/a3-mount.ts';
import { identity } from './verify/a4-identity.ts';
import { visibility } from './verify/b1-visibility.ts';
import { concurrentWriters } from './verify/b2-concurrent-writers.ts';
import { closeToOpen } from './verify/b3-close-to-open.ts';
import { nonRootWrite } from './verify/c1-write.ts';
import { reclaim } from './verify/d6a-reclaim.ts';
import { shareGone } from './verify/d6b-share-gone.ts';
import { nodes } from './verify/p0-nodes.ts';

/**
 * Every check of `verify`, in the order in which they run as far as `needs` and `after` let them. A new check is a
 * file under `verify/` and a line here.
 */
export const VERIFY_CHECKS: readonly Check<VerifyEnv>[] = [
  nodes,
  provision,
  mount,
  identity,
  nonRootWrite,
  visibility,
  concurrentWriters,
  closeToOpen,
  reclaim,
  shareGone,
];
